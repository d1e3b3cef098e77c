package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
    private static Output failing(String message) {
        return new Output(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"No space left on device,No space left on device", "Broken pipe,", "broken pipe (errno 32),"})
    void whatIsLostIsNoticedUnlessNobodyWantsIt(String message, String problem) {
        Output output = failing(message);
        new PrintWriter(output, true).println("text");
        assertEquals(Optional.ofNullable(problem), output.problem());
    }

    @Test
    void allThatIsPrintedGoesOn() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output output = new Output(bytes);
        PrintWriter printer = new PrintWriter(output);
        printer.print("text");
        printer.flush();
        output.write('!');
        assertEquals("text!", bytes.toString(StandardCharsets.UTF_8));
        assertEquals(Optional.empty(), output.problem());
    }
}

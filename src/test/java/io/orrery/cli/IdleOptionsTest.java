package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that look for trouble refuse options that would change nothing, before they do anything. */
class IdleOptionsTest {
    private static final String FILE = "scenarios/matrix/calm.conf";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            matrix --models --seeds 5                    | --seeds is about worlds, and --models plays none: it tries
            matrix --models --protocol cops              | --protocol is about worlds, and --models plays none
            matrix --models --threads 1                  | --threads is about worlds, and --models plays none
            matrix --models --no-shrink                  | --no-shrink is about worlds, and --models plays none
            matrix --models FILE                         | --models compares models, and plays no file
            matrix --operations 3                        | --operations belongs to --models
            zoo --rounds 3                               | --rounds belongs to --seeds N
            zoo no-tie-break --threads 1                 | --threads belongs to --seeds N
            zoo --out x.conf                             | --out writes the scenario of one: name it
            shrink FILE --seed 1 --replay x              | --replay has its seed in its text
            sweep FILE --workers x --no-shrink --threads 1 | --threads does not go with --workers and --no-shrink
            sweep FILE --workers x --trusted             | --trusted does not go with --workers
            sweep FILE --workers x --coverage            | --coverage does not go with --workers
            sweep FILE --workers x --scheduler guided    | --scheduler guided does not go with --workers
            """)
    void anOptionThatWouldChangeNothingIsRefused(String line, String problem) {
        StringWriter err = new StringWriter();
        int exitCode = Main.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                line.replace("FILE", FILE).split(" "));
        assertEquals(ExitCode.USAGE, exitCode);
        assertTrue(err.toString().contains(problem), err.toString());
    }
}

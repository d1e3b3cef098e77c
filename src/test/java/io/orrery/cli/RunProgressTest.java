package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where there is no terminal, there is a line for each tenth. */
class RunProgressTest {
    @Test
    void aLongRunHasALineForEachTenth() {
        List<String> lines = lines(200);
        assertEquals(10, lines.size());
        assertEquals("20 of 200: step 20", lines.get(0));
        assertEquals("200 of 200: step 200", lines.get(9));
    }

    @Test
    void aShortRunHasALineForEachStep() {
        assertEquals(List.of("1 of 3: step 1", "2 of 3: step 2", "3 of 3: step 3"), lines(3));
    }

    private static List<String> lines(int steps) {
        StringWriter err = new StringWriter();
        try (RunProgress runProgress = new RunProgress("task", steps, new PrintWriter(err), false)) {
            for (int step = 1; step <= steps; step++) {
                runProgress.step("step " + step);
            }
        }
        return err.toString().lines().toList();
    }
}

package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page of a run of ten thousand events, which has to stay smooth. */
@Tag("process")
class LongReportTest extends InBrowser {
    /** In milliseconds of the processor: how long it takes where nobody else uses it. */
    private static final double MEDIAN = 100;

    private static final double SLOW = 400;
    private static final double LOADING = 5_000;
    private static final int STEPS = 11;

    private static Drawn drawn;

    @BeforeAll
    static void draw() {
        drawn = Drawn.text("""
                protocol = vector-causal
                replicas = [A, B, C, D, E]
                workload { clients = 10, keys = 20, operations = 1500, reads = 0.4 }
                """);
        assertTrue(drawn.diagram().moments().size() >= 10_000);
    }

    @BeforeEach
    void show() throws IOException {
        open(drawn);
    }

    /** What a hand does, as {@code report} does it, at the i-th of so many steps. */
    private static final List<String> HAND = List.of(
            "camera.pan(-40)",
            "camera.zoom(1.05, 700)",
            "camera.zoom(1 / 1.05, 700)",
            "hover({ offsetX: 200 + 20 * i, offsetY: 60 + 8 * i })",
            "choose(Math.floor(i * (report.model.moments.length - 1) / STEPS))",
            "choose(report.model.moments.length - 1 - i)",
            "step(1)",
            "step(-1)",
            "step(i % 2 === 0 ? Infinity : -Infinity)");

    @Test
    void everyStepIsSmooth() {
        HAND.forEach(step -> assertSmooth(step, "near"));
        for (String step : HAND) {
            browser.press("0");
            assertSmooth(step, "far");
        }
    }

    private static void assertSmooth(String step, String where) {
        double[] millis = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            double before = browser.busyMillis();
            // The last pixel is there only when all have been drawn.
            browser.eval("""
                    ((i, STEPS) => {
                      report.%s;
                      report.draw(true);
                      return report.painter.context.getImageData(0, 0, 1, 1).data[3];
                    })(arguments[0], arguments[1])""".formatted(step), i, STEPS);
            millis[i] = browser.busyMillis() - before;
        }
        Arrays.sort(millis);
        String told = step + ", " + where + ": " + Arrays.toString(millis);
        // All of the run at once, and a jump to anywhere with all its causes and effects, may take longer than a step.
        boolean much = where.equals("far") || step.startsWith("choose(");
        assertTrue(millis[STEPS / 2] < (much ? 2 : 1) * MEDIAN, told);
        assertTrue(millis[STEPS * 95 / 100] < (much ? 2 : 1) * SLOW, told);
    }

    @Test
    void itIsSoonThere() {
        double millis =
                ((Number) browser.eval("performance.getEntriesByType('navigation')[0].loadEventEnd")).doubleValue();
        assertTrue(millis > 0 && millis < LOADING, millis + " ms");
    }

    @Test
    void farAwayItSaysWhatIsNotShown() {
        browser.press("0");
        assertTrue(browser.text("notes").contains("not shown"), browser.text("notes"));
    }

    /** Stepping begins at states that were kept: what it shows is what all events before make, wherever one comes from. */
    @Test
    void whatReplicasHoldIsTheSameFromWhereverOneComes() {
        int last = drawn.diagram().moments().size() - 1;
        Object there = browser.eval(STATE, last);
        browser.eval("report.model.stateAt(0)");
        browser.eval("report.model.stateAt(777)");
        assertEquals(there, browser.eval(STATE, last));
        assertEquals(new TreeMap<>(drawn.stores()).toString(), there);
    }

    /** The stores after a moment, by the names of the replicas, as Java writes them. */
    private static final String STATE = """
            `{${report.model.stateAt(arguments[0]).map(it => `${it.name}={${
                [...it.store.keys()].sort().map(key => `${key}=${it.store.get(key).version}`).join(', ')}}`).join(', ')}}`""";
}

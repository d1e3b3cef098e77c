package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page of a run in Chromium, as those see it who look at it. */
@Tag("process")
class ReportInBrowserTest {
    /** What takes longer than this is seen to stutter. */
    private static final double STEP_MILLIS = 100;

    @TempDir
    private static Path directory;

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Drawn open(Drawn drawn) throws IOException {
        browser.open(Files.writeString(directory.resolve("report.html"), ReportPage.of(drawn.diagram())));
        return drawn;
    }

    private static List<String> stories() throws IOException {
        return Drawn.stories();
    }

    /** The first moment of a kind. */
    private static Diagram.Moment first(Diagram diagram, Diagram.Kind kind) {
        return diagram.moments().stream()
                .filter(it -> it.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static long x(Diagram.Moment moment) {
        return browser.number("Math.round(report.scene.x(arguments[0]))", moment.number());
    }

    private static long y(Diagram.Moment moment) {
        return browser.number("Math.round(report.scene.y(arguments[0]))", moment.lane());
    }

    private static String picture() {
        return (String) browser.eval("document.getElementById('canvas').toDataURL()");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void everyReportIsLegible(String name) throws IOException {
        open(Drawn.file(name));
        Path screenshots = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(screenshots.resolve(name + ".png"), browser.screenshot());
        for (String key : List.of("0", "+", "+")) {
            browser.press(key);
            assertEquals(List.of(), browser.eval(OVERLAPS), "after " + key);
        }
        browser.press(Keys.END);
        assertEquals(List.of(), browser.eval(OVERLAPS), "at the end");
        assertEquals(List.of(), browser.complaints());
    }

    /** Draws once more, and returns the pairs of texts in the diagram that lie upon each other. */
    private static final String OVERLAPS = """
            (() => {
              const context = report.painter.context;
              const boxes = [];
              const real = context.fillText;
              context.fillText = function (text, x, y, most = Infinity) {
                const size = this.measureText(text);
                const width = Math.min(size.width, most);
                const left = x - (this.textAlign === 'center' ? width / 2 : 0);
                boxes.push([left, y - size.actualBoundingBoxAscent, left + width, y + size.actualBoundingBoxDescent, text]);
                real.apply(this, arguments);
              };
              report.paint();
              delete context.fillText;
              const apart = (a, b) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
              return boxes.length === 0 ? ['nothing is written'] : boxes.flatMap((a, i) =>
                boxes.slice(i + 1).filter(b => !apart(a, b)).map(b => `${a[4]} / ${b[4]}`));
            })()""";

    /** What each client saw, and the clock at each write that is shown, are what most people look for. */
    @ParameterizedTest
    @ValueSource(strings = {"cops-lost-ring", "quorum-stale-read", "vector-causal-chain"})
    void whatClientsSawIsWrittenAtTheirOperations(String name) throws IOException {
        Diagram diagram = open(Drawn.file(name)).diagram();
        browser.press("0");
        List<?> shown = (List<?>) browser.eval("report.painter.labels.shown.map(it => it.text)");
        diagram.operations().forEach(it -> assertTrue(shown.contains(it.label()), it.label()));
        diagram.waits().forEach(it -> assertTrue(shown.contains("waits for " + it.waitsFor()), it.waitsFor()));
        assertTrue(shown.contains(first(diagram, Diagram.Kind.APPLIED).clock()), "clocks");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void everyPictureIsLegible(String name) throws IOException {
        String picture = SvgDiagram.of(Drawn.file(name).diagram());
        browser.open(Files.writeString(directory.resolve("diagram.svg"), picture));
        assertEquals(List.of(), browser.eval("""
                (() => {
                  const texts = [...document.querySelectorAll('text')];
                  const boxes = texts.map(it => it.getBoundingClientRect());
                  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
                  return texts.length === 0 ? ['nothing is written'] : texts.flatMap((a, i) => texts
                    .filter((b, j) => j > i && !apart(boxes[i], boxes[j]))
                    .map(b => `${a.textContent} / ${b.textContent}`));
                })()"""));
    }

    @Test
    void theMouseShowsTheClockAndWhatHappened() throws IOException {
        Diagram diagram = open(Drawn.file("vector-causal-chain")).diagram();
        assertFalse(browser.isShown("tip"));
        Diagram.Moment applied = first(diagram, Diagram.Kind.APPLIED);
        browser.hover("canvas", x(applied), y(applied));
        String tip = browser.text("tip");
        assertTrue(tip.contains(applied.text()) && tip.contains("clock " + applied.clock()), tip);
        browser.hover("canvas", 1, 1);
        assertFalse(browser.isShown("tip"));
    }

    @Test
    void aClickLightsUpTheCausalPastAndFuture() throws IOException {
        Diagram diagram = open(Drawn.file("vector-causal-chain")).diagram();
        Diagram.Moment arrived = first(diagram, Diagram.Kind.DELIVERED);
        String before = picture();
        browser.click("canvas", x(arrived), y(arrived));
        int chosen = (int) browser.number("report.light.of");
        SortedSet<Integer> past = past(diagram, chosen);
        SortedSet<Integer> future = new TreeSet<>();
        IntStream.range(0, diagram.moments().size())
                .filter(it -> past(diagram, it).contains(chosen))
                .forEach(future::add);
        assertTrue(past.size() > 1 && future.size() > 1);
        assertTrue(past.size() + future.size() < diagram.moments().size() - 1, "something is concurrent");
        assertEquals(List.copyOf(past), browser.numbers("report.light.past"));
        assertEquals(List.copyOf(future), browser.numbers("report.light.future"));
        assertTrue(
                browser.text("notes")
                        .contains("past (" + past.size() + " events, solid arrows) and future (" + future.size()),
                browser.text("notes"));
        assertNotEquals(before, picture());
        browser.press(Keys.ESCAPE);
        assertEquals(null, browser.eval("report.light"));
    }

    /** All moments from which a path of events and messages leads to this one. */
    private static SortedSet<Integer> past(Diagram diagram, int number) {
        SortedSet<Integer> found = new TreeSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(number));
        while (!open.isEmpty()) {
            Diagram.Moment moment = diagram.moments().get(open.pop());
            IntStream before = IntStream.range(0, moment.number())
                    .filter(it -> moment.lane() != Diagram.EVERYWHERE
                            && diagram.moments().get(it).lane() == moment.lane());
            IntStream.concat(before, moment.cause().stream()).filter(found::add).forEach(open::push);
        }
        return found;
    }

    @Test
    void theArrowKeysStepThroughTimeAndShowWhatEachReplicaHolds() throws IOException {
        Drawn drawn = open(Drawn.file("lamport-outage"));
        int moments = drawn.diagram().moments().size();
        Function<Integer, String> place = number -> "(event " + number + " of " + moments + ")";
        assertTrue(browser.text("now").contains(place.apply(1)), browser.text("now"));
        browser.press(Keys.ARROW_RIGHT);
        browser.press(Keys.ARROW_RIGHT);
        assertTrue(browser.text("now").contains(place.apply(3)), browser.text("now"));
        browser.press(Keys.ARROW_LEFT);
        assertTrue(browser.text("now").contains(place.apply(2)), browser.text("now"));
        assertFalse(browser.text("replicas").contains(" = "), "nothing is held yet");
        browser.press(Keys.END);
        assertTrue(browser.text("now").contains(place.apply(moments)), browser.text("now"));
        List<String> names =
                drawn.run().scenario().replicas().stream().map(NodeId::name).toList();
        drawn.stores().forEach((replica, store) -> {
            int row = names.indexOf(replica) + 1;
            String held =
                    (String) browser.eval("document.getElementById('replicas').rows[arguments[0]].innerText", row);
            assertTrue(held.startsWith(replica), held);
            assertFalse(store.isEmpty());
            store.forEach((key, version) -> assertTrue(held.contains(key + " = ") && held.contains(version), held));
        });
    }

    @Test
    void plusAndMinusZoomAndAllIsShownAgain() throws IOException {
        open(Drawn.file("lamport-outage"));
        browser.press("0");
        double all = scale();
        browser.press("+");
        double nearer = scale();
        assertTrue(nearer > all * 1.2, all + " to " + nearer);
        browser.press("-");
        assertEquals(all, scale(), all * 0.01);
        browser.click("#in");
        browser.click("#in");
        assertTrue(scale() > nearer);
        browser.click("#fit");
        assertEquals(all, scale(), all * 0.01);
    }

    private static double scale() {
        return ((Number) browser.eval("report.camera.scale")).doubleValue();
    }

    @Test
    void aViolatedVerdictMarksItsOperations() throws IOException {
        Diagram diagram = open(Drawn.file("quorum-stale-read")).diagram();
        Diagram.Finding finding = diagram.findings().stream()
                .filter(it -> !it.operations().isEmpty())
                .findFirst()
                .orElseThrow();
        String before = picture();
        int row = diagram.findings().indexOf(finding) + 2;
        browser.click("#verdicts tr:nth-child(" + row + ")");
        assertEquals(finding.operations().stream().sorted().toList(), browser.numbers("report.witness"));
        assertTrue(browser.text("why").contains(finding.why()), browser.text("why"));
        assertNotEquals(before, picture());
        browser.click("#verdicts tr:nth-child(" + row + ")");
        assertEquals(List.of(), browser.numbers("report.witness"));
    }

    @Test
    void tenThousandEventsStaySmooth() throws IOException {
        Diagram diagram = open(Drawn.text("""
                protocol = vector-causal
                replicas = [A, B, C, D, E]
                workload { clients = 10, keys = 20, operations = 1500, reads = 0.4 }
                """)).diagram();
        assertTrue(diagram.moments().size() >= 10_000, diagram.moments().size() + " events");
        for (String step : List.of("camera.pan(-40)", "camera.zoom(1.05, 700)", "camera.zoom(1 / 1.05, 700)")) {
            // The last pixel is there only when all have been drawn.
            double[] millis = Stream.of((List<?>) browser.eval("""
                    Array.from({ length: 21 }, () => {
                      const from = performance.now();
                      report.%s;
                      report.draw(true);
                      report.painter.context.getImageData(0, 0, 1, 1);
                      return performance.now() - from;
                    })""".formatted(step)))
                    .flatMap(List::stream)
                    .mapToDouble(it -> ((Number) it).doubleValue())
                    .sorted()
                    .toArray();
            // Who else uses the machine makes some steps slow, and none of them fast.
            assertTrue(millis[millis.length / 4] < STEP_MILLIS, step + ": " + Arrays.toString(millis));
        }
        browser.press("0");
        assertTrue(browser.text("notes").contains("not shown"), browser.text("notes"));
    }
}

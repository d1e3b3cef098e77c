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
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page of a run in Chromium, as those see it who look at it. */
@Tag("process")
class ReportInBrowserTest extends InBrowser {
    /** Of generated load two, as each is large and they look alike. */
    private static List<String> scenarios() throws IOException {
        Set<String> loads = Set.of("vector-load", "primary-eventual-load");
        return Drawn.all().stream()
                .filter(name -> !name.endsWith("-load") || loads.contains(name))
                .toList();
    }

    /** As a page, near and far, with a verdict shown and with events lit up; and as a picture. */
    @ParameterizedTest
    @MethodSource("scenarios")
    void everyRunIsLegible(String name) throws IOException {
        Diagram diagram = open(Drawn.file(name)).diagram();
        Path screenshots = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(screenshots.resolve(name.replace('/', '-') + ".png"), browser.screenshot());
        // Near, generated load looks like everything else, and a model's few operations are near from the start.
        boolean isOnce = name.endsWith("-load") || name.startsWith("models/");
        for (String key : isOnce ? List.of("0") : List.of("0", "+", "+")) {
            browser.press(key);
            assertEquals(List.of(), browser.eval(OVERLAPS), "after " + key);
        }
        browser.press(Keys.END);
        assertEquals(List.of(), browser.eval(OVERLAPS), "at the end");
        Set<List<Integer>> witnesses = new HashSet<>();
        for (Diagram.Finding finding : diagram.findings()) {
            if (finding.verdict().equals("violated") && witnesses.add(finding.operations())) {
                browser.eval(
                        "report.verdictPanel.show(report.model.findings[arguments[0]])",
                        diagram.findings().indexOf(finding));
                assertEquals(List.of(), browser.eval(OVERLAPS), "with " + finding.model() + " shown");
            }
        }
        browser.eval("report.choose(arguments[0])", diagram.moments().size() / 2);
        assertEquals(List.of(), browser.eval(OVERLAPS), "with events lit up");
        browser.press("0");
        assertEquals(List.of(), browser.eval(OVERLAPS), "with events lit up, all of it");

        browser.open(Files.writeString(directory.resolve("diagram.svg"), SvgDiagram.of(diagram)));
        assertEquals(List.of(), browser.eval(OVERLAPS_OF_PICTURE), "the picture");
    }

    /** The pairs of texts in a picture that lie upon each other. */
    private static final String OVERLAPS_OF_PICTURE = """
            (() => {
              const texts = [...document.querySelectorAll('text')];
              const boxes = texts.map(it => it.getBoundingClientRect());
              const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
              return texts.length === 0 ? ['nothing is written'] : texts.flatMap((a, i) => texts
                .filter((b, j) => j > i && !apart(boxes[i], boxes[j]))
                .map(b => `${a.textContent} / ${b.textContent}`));
            })()""";

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

    @Test
    void aClickLightsUpTheCausalPastAndFuture() throws IOException {
        Diagram diagram = open(Drawn.file("vector-causal-chain")).diagram();
        Diagram.Moment arrived = first(diagram, Diagram.Kind.DELIVERED);
        String before = picture();
        browser.click("canvas", x(arrived.number()), y(arrived.lane()));
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
    void aViolatedVerdictShowsItsOperationsNumberedAndLinked() throws IOException {
        Diagram diagram = open(Drawn.file("quorum-stale-read")).diagram();
        Diagram.Finding finding = named(diagram);
        String before = picture();
        choose(diagram, finding);
        assertEquals(
                finding.operations().stream().sorted().toList(), browser.numbers("report.painter.witness.operations"));
        assertEquals(finding.operations().size() - 1, browser.number("report.painter.witness.links.length"));
        assertTrue(browser.text("why").contains(finding.why()), browser.text("why"));
        assertNotEquals(before, picture());
        choose(diagram, finding);
        assertEquals(List.of(), browser.numbers("report.painter.witness.operations"));
        assertEquals(before, picture());
        choose(diagram, finding);
        browser.press(Keys.ESCAPE);
        assertEquals(List.of(), browser.numbers("report.painter.witness.operations"));
        assertEquals("", browser.text("why"));
    }

    /** The first that names operations. */
    private static Diagram.Finding named(Diagram diagram) {
        return diagram.findings().stream()
                .filter(it -> !it.operations().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void allOperationsOfAVerdictAreInViewHoweverFarApart() throws IOException {
        Diagram diagram = open(Drawn.text("""
                protocol = lamport-lww
                replicas = [A, B]
                links    = [{ delay = 2ms }]
                steps    = [
                  { at = 0s,     partition = [[A], [B]] }
                  { at = 1s,     via = A, client = alice, put = { key = x, value = 1 } }
                  %s
                  { at = 1000s,  via = B, client = bob, get = x }
                ]
                """.formatted(IntStream.range(2, 60)
                        .mapToObj(it ->
                                "{ at = " + it + "s, via = A, client = carl, put = { key = y, value = " + it + " } }")
                        .collect(Collectors.joining("\n")))))
                .diagram();
        Diagram.Finding finding = named(diagram);
        for (String key : List.of("+", "+", "+", "+")) {
            browser.press(key);
        }
        double near = scale();
        choose(diagram, finding);
        assertTrue(scale() < near, "it zooms out");
        for (int number : finding.operations()) {
            Diagram.Operation operation = diagram.operations().get(number);
            for (int moment :
                    new int[] {operation.invoked(), operation.returned().orElseThrow()}) {
                long x = x(moment);
                assertTrue(
                        x > browser.number("report.camera.gutter") && x < browser.number("report.camera.width"),
                        "" + x);
            }
        }
        assertFalse(browser.text("notes").contains("outside"), browser.text("notes"));
        browser.press("+");
        browser.press("+");
        assertTrue(browser.text("notes").contains("Numbered operations outside this view: "), browser.text("notes"));
    }

    @Test
    void whatReplicasHoldThatDidNotConvergeIsShownAtTheEnd() throws IOException {
        Diagram diagram = open(Drawn.file("models/converged-forbids")).diagram();
        Diagram.Finding finding = diagram.findings().stream()
                .filter(it -> it.model().equals("converged"))
                .findFirst()
                .orElseThrow();
        choose(diagram, finding);
        assertEquals(diagram.moments().size(), at());
        List<?> shown = (List<?>) browser.eval("report.painter.labels.shown.map(it => it.text)");
        assertTrue(shown.containsAll(List.of("x = 1 at 1@A", "x = 2 at 1@B")), shown.toString());
        browser.press(Keys.ESCAPE);
        List<?> after = (List<?>) browser.eval("report.painter.labels.shown.map(it => it.text)");
        assertFalse(after.contains("x = 1 at 1@A"), after.toString());
    }

    @Test
    void anUndecidedVerdictIsNeitherMetNorUnmet() throws IOException {
        open(Drawn.file("lamport-order"));
        browser.eval("(window.told = ['holds', 'violated', 'undecided'].flatMap(verdict =>"
                + " [true, false].map(expected => expectation({ verdict, expected }))))");
        assertEquals(
                List.of(
                        "to hold",
                        "not to hold: unmet",
                        "to hold: unmet",
                        "not to hold",
                        "to hold: undecided",
                        "not to hold: undecided"),
                browser.eval("window.told"));
    }

    @Test
    void theLegendExplainsWhatIsDrawnAndNoMore() throws IOException {
        open(Drawn.file("lamport-partition"));
        String legend = browser.text("legend");
        for (String word : List.of("message with a write", "lost", "partition", "fault or heal")) {
            assertTrue(legend.contains(word), legend);
        }
        assertFalse(legend.contains("paused") || legend.contains("down") || legend.contains("held back"), legend);
        open(Drawn.file("lamport-outage"));
        assertTrue(browser.text("legend").contains("down"), browser.text("legend"));
    }
}

package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.report.diagram.Diagram.Fate;
import io.orrery.report.diagram.Diagram.Kind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.PointerInput.MouseButton;

/** What mouse and keys do to the page of a run. */
@Tag("process")
class ReportGesturesTest extends InBrowser {
    /** Returns what is told there. */
    private static String hover(long x, long y) {
        browser.hover("canvas", x, y);
        assertTrue(browser.isShown("tip"), "something is told at " + x + ", " + y);
        return browser.text("tip");
    }

    private static void assertTells(String tip, String... parts) {
        for (String part : parts) {
            assertTrue(tip.contains(part), tip);
        }
    }

    @Test
    void theMouseShowsTheClockAndWhatHappened() throws IOException {
        Diagram diagram = open(Drawn.file("vector-causal-chain")).diagram();
        assertFalse(browser.isShown("tip"));
        Diagram.Moment applied = first(diagram, Kind.APPLIED);
        assertTells(hover(x(applied.number()), y(applied.lane())), applied.text(), "clock " + applied.clock());
        browser.hover("canvas", 1, 1);
        assertFalse(browser.isShown("tip"));
    }

    @Test
    void theMouseTellsMessagesAndAClickGoesToTheirSending() throws IOException {
        Diagram diagram = open(Drawn.file("cops-lost-ring")).diagram();
        Diagram.Message message = diagram.messages().stream()
                .filter(it -> it.fate() == Fate.ARRIVED)
                .findFirst()
                .orElseThrow();
        int arrived = message.ended().orElseThrow();
        long x = x(message.sent()) + (x(arrived) - x(message.sent())) / 4;
        long y = y(message.from()) + (y(message.to()) - y(message.from())) / 4;
        assertTells(hover(x, y), message.text(), "under way for ");
        browser.click("canvas", x, y);
        assertEquals(message.sent() + 1, at());
        assertEquals(message.sent(), browser.number("report.light.of"));
    }

    @Test
    void theMouseTellsOperationsAndWhichVerdictsNameThem() throws IOException {
        Diagram diagram = open(Drawn.file("cops-lost-ring")).diagram();
        Diagram.Finding finding = diagram.findings().stream()
                .filter(it -> !it.operations().isEmpty())
                .findFirst()
                .orElseThrow();
        Diagram.Operation operation =
                diagram.operations().get(finding.operations().get(0));
        String tip = hover(x(operation.invoked()) + 5, y(operation.lane()));
        assertTells(tip, operation.text(), "returned after ", "named by what is violated: " + finding.model());
    }

    @Test
    void theMouseTellsWhatIsHeldBack() throws IOException {
        Diagram diagram = open(Drawn.file("cops-lost-ring")).diagram();
        Diagram.Wait wait = diagram.waits().get(diagram.waits().size() - 1);
        long middle = (x(wait.from()) + x(wait.ended().orElseThrow())) / 2;
        assertTells(hover(middle, y(wait.lane())), "held back for ", wait.update(), "waits for " + wait.waitsFor());
    }

    @Test
    void theMouseTellsOutages() throws IOException {
        Diagram diagram = open(Drawn.file("lamport-outage")).diagram();
        browser.press("0");
        Diagram.Outage outage = diagram.outages().get(0);
        long middle = (x(outage.from()) + x(outage.ended().orElseThrow())) / 2;
        String name = diagram.lanes().get(outage.lane()).name();
        assertTells(hover(middle, y(outage.lane())), name + " is " + (outage.isPause() ? "paused" : "down"));
    }

    @Test
    void theMouseTellsPartitionsAndHeals() throws IOException {
        Diagram diagram = open(Drawn.file("lamport-partition")).diagram();
        browser.press("0");
        Diagram.Disturbance partition = diagram.disturbances().get(0);
        Diagram.Disturbance heal = diagram.disturbances().get(1);
        long below = browser.number("Math.round(report.scene.bottom - 3)");
        // The line of each, its label, and the time between.
        assertTells(hover(x(partition.from()), below), partition.text(), ", for ");
        assertTells(hover(x(heal.from()), below), heal.text());
        assertTells(hover(x(heal.from()) + 20, 10), heal.text());
        long quiet = (x(partition.from()) + x(heal.from())) / 2;
        assertTells(hover(quiet, browser.number("report.scene.top") + 1), partition.text(), ", for ");
        browser.click("canvas", x(heal.from()) + 20, 10);
        assertEquals(heal.from() + 1, at());
        assertNull(browser.eval("report.light"));
    }

    @Test
    void aFaultKeepsItsLabelAtTheEdgesAndBesideOthers() throws IOException {
        Diagram diagram = open(Drawn.text("""
                protocol = lamport-lww
                replicas = [A, B]
                steps    = [
                  { at = 1s, partition = [[A], [B]] }
                  { at = 1s, heal = all }
                  { at = 1s, partition = [[B], [A]] }
                  { at = 2s, via = A, put = { key = x, value = 1 } }
                  { at = 3s, heal = all }
                ]
                """)).diagram();
        List<String> texts =
                diagram.disturbances().stream().map(Diagram.Disturbance::text).toList();
        assertEquals(texts, browser.eval("report.scene.faultLabels.map(it => it.of.text)"));
        List<?> edges = (List<?>)
                browser.eval(
                        "report.scene.faultLabels.filter(it => it.right > report.camera.width || it.left < report.camera.gutter)");
        assertEquals(List.of(), edges);
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
        browser.click("#in");
        browser.click("#out");
        assertEquals(all, scale(), all * 0.01);
    }

    @Test
    void theWheelZoomsAndMovesWithShift() throws IOException {
        open(Drawn.file("lamport-outage"));
        browser.press("0");
        double all = scale();
        browser.wheel("canvas", 600, 60, -200, false);
        double nearer = scale();
        assertTrue(nearer > all * 1.1, all + " to " + nearer);
        double before = left();
        browser.wheel("canvas", 600, 60, 100, true);
        assertTrue(left() > before, before + " to " + left());
        assertEquals(nearer, scale(), nearer * 0.001);
        browser.wheel("canvas", 600, 60, 200, false);
        assertEquals(all, scale(), all * 0.01);
    }

    @Test
    void theLeftButtonDragsAndNoOther() throws IOException {
        open(Drawn.file("lamport-load"));
        browser.press(Keys.END);
        double before = left();
        browser.drag("canvas", 500, 60, 300, MouseButton.LEFT);
        assertEquals(before - 300 / scale(), left(), 3 / scale());
        double dragged = left();
        browser.drag("canvas", 500, 60, 200, MouseButton.RIGHT);
        browser.drag("canvas", 500, 60, 200, MouseButton.MIDDLE);
        assertEquals(dragged, left());
        // What takes the pointer away ends the drag.
        browser.eval("report.canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: 500 }))");
        browser.eval("(report.drag = { x: 500, moved: 0 })");
        browser.eval("report.canvas.dispatchEvent(new PointerEvent('pointercancel'))");
        browser.eval("report.canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: 700 }))");
        assertEquals(dragged, left());
    }

    @Test
    void keysAndButtonsStepThroughTime() throws IOException {
        int last = open(Drawn.file("lamport-outage")).diagram().moments().size();
        browser.press(Keys.END);
        assertEquals(last, at());
        browser.press(Keys.HOME);
        assertEquals(1, at());
        browser.click("#last");
        assertEquals(last, at());
        browser.click("#back");
        assertEquals(last - 1, at());
        browser.click("#on");
        assertEquals(last, at());
        browser.click("#first");
        assertEquals(1, at());
    }

    @Test
    void aRowOfTheOperationsGoesToItsAnswer() throws IOException {
        Diagram diagram = open(Drawn.file("cops-lost-ring")).diagram();
        Diagram.Operation operation = diagram.operations().get(2);
        browser.click("#operations tr:nth-child(4)");
        assertEquals(operation.returned().orElseThrow() + 1, at());
        assertEquals(operation.returned().orElseThrow(), browser.number("report.light.of"));
        long x = x(operation.invoked());
        assertTrue(x > 0 && x < browser.number("report.camera.width"), "in view");
    }
}

package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run in Chromium: one for all tests of a class, and whatever they do, no script of the page may fail. */
abstract class InBrowser {
    @TempDir
    static Path directory;

    static Browser browser;

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

    @AfterEach
    void nothingWasComplainedOf() {
        assertEquals(List.of(), browser.complaints());
    }

    static Drawn open(Drawn drawn) throws IOException {
        browser.open(Files.writeString(directory.resolve("report.html"), ReportPage.of(drawn.diagram())));
        return drawn;
    }

    /** The first moment of a kind. */
    static Diagram.Moment first(Diagram diagram, Diagram.Kind kind) {
        return diagram.moments().stream()
                .filter(it -> it.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    static long x(int moment) {
        return browser.number("Math.round(report.scene.x(arguments[0]))", moment);
    }

    static long y(int lane) {
        return browser.number("Math.round(report.scene.y(arguments[0]))", lane);
    }

    static double scale() {
        return ((Number) browser.eval("report.camera.scale")).doubleValue();
    }

    static double left() {
        return ((Number) browser.eval("report.camera.from")).doubleValue();
    }

    /** The number of the event at which one is, from 1. */
    static int at() {
        return (int) browser.number("report.at") + 1;
    }

    static String picture() {
        return (String) browser.eval("document.getElementById('canvas').toDataURL()");
    }

    /** Clicks on a verdict. */
    static void choose(Diagram diagram, Diagram.Finding finding) {
        int row = diagram.findings().indexOf(finding) + 2;
        browser.click("#verdicts tr:nth-child(" + row + ")");
    }
}

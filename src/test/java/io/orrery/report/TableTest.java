package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAlignedAndNumbersStandToTheRight() {
        Table table = new Table().column("name").number("n").column("what");
        table.row("a", 5, "x").row("longer", 1234, "");
        assertEquals(
                List.of(
                        "name       n  what", //
                        "a          5  x",
                        "longer  1234"),
                table.lines());
    }

    @Test
    void aRowHasACellForEachColumn() {
        Table table = new Table().column("one").column("two");
        assertThrows(IllegalArgumentException.class, () -> table.row("only one"));
    }

    @Test
    void whatDoesNotFitStandsBelow() {
        Table table =
                new Table().column("name").number("first").number("second").column("third");
        table.row("a", 1, 22, "x").row("longer", 4444, 55555, "y");
        assertEquals(table.lines(), table.lines(28));
        List<String> narrow = List.of(
                "name    first  second",
                "a           1      22",
                "longer   4444   55555",
                "",
                "name    third",
                "a       x",
                "longer  y");
        assertEquals(narrow, table.lines(27));
        assertEquals(narrow, table.lines(21));
        assertEquals(11, table.lines(3).size(), "three columns beside the first, each below the other");
        Table one = new Table().number("ready after").row("1.90 s");
        assertEquals(List.of("ready after", "     1.90 s"), one.lines(80));
        assertEquals(one.lines(80), one.lines(3));
    }

    @Test
    void textsOfAnyLengthAreShortenedWhereTheTableDoesNotFit() {
        Table table = new Table().text("key").text("value").column("version");
        table.row("k".repeat(40), "v".repeat(1_000), "1@A").row("short", "1", "2@A");
        assertEquals(
                List.of(
                        "key" + " ".repeat(32 - 3 + 2) + "value" + " ".repeat(33 - 5 + 2) + "version",
                        "k".repeat(40 - 9) + "…" + "  " + "v".repeat(40 - 8) + "…" + "  1@A",
                        "short" + " ".repeat(32 - 5 + 2) + "1" + " ".repeat(33 - 1 + 2) + "2@A"),
                table.lines(76));
        assertTrue(table.lines(76).stream().allMatch(line -> line.length() <= 76));
        assertTrue(table.fitted(76).isShortened());
        assertFalse(table.fitted(Integer.MAX_VALUE).isShortened());
        assertTrue(table.lines().get(1).contains("v".repeat(1_000)));
        assertEquals(
                List.of("key", "k".repeat(15) + "…", "short"),
                table.lines(20).stream()
                        .map(line -> line.split(" ")[0])
                        .limit(3)
                        .toList());
    }

    @Test
    void timesForPeopleHaveThreeDigits() {
        assertEquals("0 s", DurationText.rounded(Duration.ZERO));
        assertEquals("850 us", DurationText.rounded(Duration.ofNanos(850_000)));
        assertEquals("12.3 ms", DurationText.rounded(Duration.ofNanos(12_345_678)));
        assertEquals("3.50 s", DurationText.rounded(Duration.ofMillis(3_500)));
        assertEquals("3.000000007", DurationText.exact(3_000_000_007L));
    }
}

package io.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    void timesForPeopleHaveThreeDigits() {
        assertEquals("0 s", Times.rounded(Duration.ZERO));
        assertEquals("850 us", Times.rounded(Duration.ofNanos(850_000)));
        assertEquals("12.3 ms", Times.rounded(Duration.ofNanos(12_345_678)));
        assertEquals("3.50 s", Times.rounded(Duration.ofMillis(3_500)));
        assertEquals("3.000000007", Times.exact(3_000_000_007L));
    }
}

package io.orrery.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.history.HistoryReader;
import io.orrery.history.MalformedHistoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small histories as their tools wrote them, each of which once was refused or judged wrongly. */
class SharedCasesTest {
    private static Path file(String name) {
        Path file = KnownVerdictsTest.histories().resolveSibling("cases").resolve(name);
        assumeTrue(Files.exists(file), "no ../shared/cases/" + name + " beside the project: nothing to compare with");
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "array.json, holds",
        "object-nemesis.edn, holds",
        "v-map-order.edn, holds",
        "key-number-vs-text.edn, holds",
        "nokey.jsonl, holds",
        "v-keyword-string.edn, violated"
    })
    void itsVerdictIsKnown(String name, String verdict) throws IOException {
        assertEquals(
                verdict,
                Checker.check(HistoryReader.read(file(name)), Model.LINEARIZABLE, CheckOptions.DEFAULT)
                        .word());
    }

    @Test
    void transactionsAreRefusedAsSuch() {
        Path file = file("txn-two-microops-hold.edn");
        String message = assertThrows(MalformedHistoryException.class, () -> HistoryReader.read(file))
                .getMessage();
        assertTrue(message.startsWith("txn-two-microops-hold.edn:1: this is a transaction"), message);
    }
}

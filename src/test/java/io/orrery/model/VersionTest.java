package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.network.SeededRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node ids, origins and versions; the order is the total order of Lamport, CACM 1978, with ties to the later node. */
class VersionTest {
    @ParameterizedTest
    @ValueSource(strings = {"A", "node-1", "a_b.c", "0", "-", "."})
    void aNodeIdIsASimpleName(String name) {
        assertEquals(name, NodeId.of(name).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "é", "a~1", "a@b", "a:1", "A\n", "٣"})
    void anythingElseIsNoNodeId(String name) {
        assertEquals(
                "a replica id is 1 to 64 letters, digits, '-', '_' or '.', not \"" + name + "\"",
                assertThrows(IllegalArgumentException.class, () -> NodeId.of(name))
                        .getMessage());
    }

    @Test
    void aNodeIdHas64CharactersAtTheMost() {
        assertEquals(64, NodeId.of("n".repeat(64)).name().length());
        assertThrows(IllegalArgumentException.class, () -> NodeId.of("n".repeat(65)));
    }

    @Test
    void theHigherCounterWinsWhateverTheNode() {
        assertTrue(Version.of(2, "A").compareTo(Version.of(1, "B")) > 0);
    }

    @Test
    void aTieInTheCounterGoesToTheAlphabeticallyLaterNode() {
        assertTrue(Version.of(1, "B").compareTo(Version.of(1, "A")) > 0);
        assertTrue(Version.of(1, "a").compareTo(Version.of(1, "B")) > 0, "as text, small letters are later");
        assertTrue(Version.of(1, "AA").compareTo(Version.of(1, "A")) > 0);
    }

    @Test
    void aTieOfOneNodeGoesToTheLaterIncarnation() {
        Origin first = Origin.of("A");
        Origin second = new Origin(NodeId.of("A"), 1);
        assertTrue(new Version(1, second).compareTo(new Version(1, first)) > 0);
        assertTrue(new Version(1, second).compareTo(Version.of(1, "B")) < 0, "the node counts before the incarnation");
        assertNotEquals(first, second);
    }

    @Test
    void theOrderIsTotalAndTheSameHoweverTheVersionsAreShuffled() {
        SeededRandom random = new SeededRandom(3);
        List<Version> versions = new ArrayList<>();
        for (long counter = 1; counter <= 4; counter++) {
            for (String node : List.of("A", "B", "AB", "a")) {
                for (long incarnation = 0; incarnation < 3; incarnation++) {
                    versions.add(new Version(counter, new Origin(NodeId.of(node), incarnation)));
                }
            }
        }
        List<Version> expected = new ArrayList<>(versions);
        expected.sort(Comparator.comparingLong(Version::counter)
                .thenComparing(version -> version.origin().node().name())
                .thenComparingLong(version -> version.origin().incarnation()));
        for (int round = 0; round < 200; round++) {
            for (int i = versions.size() - 1; i > 0; i--) {
                Collections.swap(versions, i, random.nextInt(i + 1));
            }
            List<Version> sorted = new ArrayList<>(versions);
            Collections.sort(sorted);
            assertEquals(expected, sorted);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1@A", "7@A~1", "9007199254740992@node-1~9007199254740992", "3@A.b_c"})
    void aVersionIsReadAsItIsWritten(String text) {
        assertEquals(text, Version.parse(text).toString());
        assertEquals(Version.parse(text), Version.parse(text));
    }

    @Test
    void theFirstIncarnationIsNotShown() {
        assertEquals("A", new Origin(NodeId.of("A"), 0).toString());
        assertEquals("A~1", new Origin(NodeId.of("A"), 1).toString());
        assertEquals(new Origin(NodeId.of("A"), 12), Origin.parse("A~12"));
        assertEquals(Origin.of("A").hashCode(), Origin.parse("A").hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "@A",
                "A@7",
                "7@",
                "x@A",
                "7@A~",
                "7@A~x",
                "7@A~-1",
                "0@A",
                "-1@A",
                "7@A~1~2",
                "7@A@B",
                "7 @A",
                "9007199254740993@A",
                "7@A~9007199254740993",
                "9223372036854775807@A",
                "99999999999999999999@A",
                "7@A~99999999999999999999"
            })
    void whatIsNoVersionIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Version.parse(text));
    }

    @Test
    void theErrorSaysWhatAVersionAndAnOriginLookLike() {
        assertEquals(
                "a version is COUNTER@NODE, not \"x@A\"",
                assertThrows(IllegalArgumentException.class, () -> Version.parse("x@A"))
                        .getMessage());
        assertEquals(
                "an origin is NODE or NODE~INCARNATION, not \"A~x\"",
                assertThrows(IllegalArgumentException.class, () -> Origin.parse("A~x"))
                        .getMessage());
    }
}

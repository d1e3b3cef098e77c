package io.orrery.protocol;

import static io.orrery.protocol.ProtocolOptions.LEADER;
import static io.orrery.protocol.ProtocolOptions.WRITE_QUORUM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.config.IncludePolicy;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolOptionsTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final List<NodeId> REPLICAS = List.of(A, B, NodeId.of("C"));

    private static final ProtocolOption<Integer> PACE = ProtocolOption.integer("pace", "how fast", 1, 10, 3);
    private static final ProtocolOption<Duration> PAUSE = ProtocolOption.duration(
            "pause", "how long", Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofMillis(100));
    private static final ProtocolOption<Boolean> EAGER = ProtocolOption.flag("eager", "whether it hurries", false);
    private static final ProtocolOption<String> ORDER =
            ProtocolOption.choice("order", "which comes first", List.of("newest", "oldest"), "oldest");
    private static final ProtocolType TYPE =
            Protocols.named("lamport-lww").withOptions(PACE, PAUSE, EAGER, ORDER, LEADER, WRITE_QUORUM);

    private static ProtocolOptions read(String text) {
        return ConfigReader.readText(
                "some.conf",
                "title = x\n" + text,
                IncludePolicy.STRANGER,
                warning -> {},
                file -> ProtocolOptions.read(file.expect(ProtocolOptions.keysOf("title")), TYPE, REPLICAS));
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        ProtocolOptions options = read("");
        assertEquals(3, options.get(PACE));
        assertEquals(Duration.ofMillis(100), options.get(PAUSE));
        assertEquals(false, options.get(EAGER));
        assertEquals("oldest", options.get(ORDER));
        assertEquals(A, options.get(LEADER));
        assertEquals(2, options.get(WRITE_QUORUM));
        assertEquals(0, ProtocolOptions.usual(List.of(A)).get(WRITE_QUORUM));
    }

    @Test
    void eachIsReadAsItsType() {
        ProtocolOptions options =
                read("options { pace = 10, pause = 2s, eager = on, order = newest, leader = B, write-quorum = 0 }");
        assertEquals(10, options.get(PACE));
        assertEquals(Duration.ofSeconds(2), options.get(PAUSE));
        assertEquals(true, options.get(EAGER));
        assertEquals("newest", options.get(ORDER));
        assertEquals(B, options.get(LEADER));
        assertEquals(0, options.get(WRITE_QUORUM));
        String again = options.texts(TYPE).entrySet().stream()
                .map(it -> it.getKey() + " = " + it.getValue() + "\n")
                .reduce("", String::concat);
        assertEquals(options, read("options {\n" + again + "}"));
    }

    @Test
    void leaderAndQuorumMayStandAtTheTop() {
        assertEquals(read("options { leader = B, write-quorum = 1 }"), read("leader = B\nwrite-quorum = 1"));
        assertEquals(read("options { leader = B, write-quorum = 1 }"), read("leader = B\noptions.write-quorum = 1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            options { pcae = 1 }               | some.conf:2: there is no key "pcae" here; did you mean "pace"?
            options { colour = 1 }             | some.conf:2: there is no key "colour" here; there are: eager, leader, order, pace, pause, write-quorum
            options { pace = 11 }              | some.conf:2: pace is a whole number, from 1 to 10, not 11
            options { pace = 0 }               | some.conf:2: pace is a whole number, from 1 to 10, not 0
            options { pace = quick }           | some.conf:2: pace is a whole number, from 1 to 10, not quick
            options { pace = [1] }             | some.conf:2: pace is a single value, not a list
            options { pause = 6s }             | some.conf:2: pause is a time from 1ms to 5s, not 6s
            options { pause = 3 }              | some.conf:2: a time is a number and a unit, such as 500ms or 3s, not "3"
            options { eager = perhaps }        | some.conf:2: eager is on or off, not "perhaps"
            options { order = any }            | some.conf:2: order is "newest" or "oldest", not "any"
            options { leader = D }             | some.conf:2: there is no replica D; did you mean A?
            options { write-quorum = 3 }       | some.conf:2: write-quorum is a whole number, from 0 to 2, not 3
            leader = Nobody                    | some.conf:2: there is no replica Nobody; there are [A, B, C]
            options = [1]                      | some.conf:2: options is written in braces, { … }; this is a list
            leader = A, options { leader = A } | some.conf:2: leader is given in line 2 too; give it once, here or there
            """)
    void whatIsWrongIsSaidWithWhatWouldBeRight(String text, String problem) {
        assertEquals(
                problem, assertThrows(ConfigProblem.class, () -> read(text)).getMessage());
    }

    @Test
    void allMistakesAreTold() {
        assertEquals(
                List.of(
                        "some.conf:2: leader is given in line 4 too; give it once, here or there",
                        "some.conf:3: pace is a whole number, from 1 to 10, not 0"),
                assertThrows(ConfigProblem.class, () -> read("options { leader = A\n pace = 0 }\nleader = B"))
                        .getMessage()
                        .lines()
                        .toList());
    }

    /** As nodes of a version without options told them. */
    @Test
    void whatMustAgreeHasTheNamesOfTheFile() {
        assertEquals(
                Map.of("leader", "B", "write-quorum", "2"),
                ProtocolOptions.usual(REPLICAS).with(LEADER, B).terms(Protocols.named("lamport-lww")));
        assertEquals(
                Map.of(
                        "leader",
                        "A",
                        "write-quorum",
                        "2",
                        "options.pace",
                        "4",
                        "options.pause",
                        "100ms",
                        "options.eager",
                        "off",
                        "options.order",
                        "oldest"),
                ProtocolOptions.usual(REPLICAS).with(PACE, 4).terms(TYPE));
    }

    @Test
    void anOptionThatCannotBeIsRefusedWhenItIsMade() {
        assertThrows(IllegalArgumentException.class, () -> ProtocolOption.integer("pace", "", 1, 10, 11));
        assertThrows(IllegalArgumentException.class, () -> ProtocolOption.choice("order", "", List.of("a"), "b"));
        assertThrows(IllegalArgumentException.class, () -> ProtocolOption.flag("Eager Beaver", "", true));
        assertThrows(
                IllegalArgumentException.class,
                () -> TYPE.withOptions(PACE, ProtocolOption.flag("pace", "another", true)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ProtocolOptions.usual(REPLICAS).with(PACE, 0));
    }
}

package io.orrery.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final String STORY = """
            protocol = lamport-lww
            replicas = [A, B]
            steps = [{ at = 0s, via = A, put = { key = x, value = 1 } }]
            """;

    @TempDir
    private Path directory;

    private Scenario scenario(String name, String text) throws IOException {
        return ScenarioLoader.load(Files.writeString(directory.resolve(name), text));
    }

    @Test
    void aReplayIsReadAsItIsWritten() throws IOException {
        Schedule schedule = new Schedule(Strategy.pct(4), Choices.parse("s17=2,d5=3000000"));
        Scenario scenario = scenario("story.conf", STORY);
        Replay replay = Replay.of(new Finding(new Kind(Kind.Sort.MODEL, "pram"), scenario, -3, schedule, "so"));
        assertTrue(replay.toString().matches("1/[0-9a-f]{8}/-3/pct:4/s17=2,d5=3000000"), replay::toString);
        assertEquals(replay, Replay.parse(replay.toString()));
        replay.requireOf(scenario);
        replay.requireOf(scenario("copy.conf", STORY));
    }

    @Test
    void anotherScenarioIsRefused() throws IOException {
        Replay replay = new Replay(Replay.hash(scenario("story.conf", STORY)), 1, Schedule.USUAL);
        Scenario other = scenario("other.conf", STORY.replace("0s", "1s"));
        Scenario moved = scenario("moved.conf", STORY.replace("lamport-lww", "cops"));
        for (Scenario wrong : new Scenario[] {other, moved}) {
            String said = assertThrows(IllegalArgumentException.class, () -> replay.requireOf(wrong))
                    .getMessage();
            assertTrue(said.startsWith("this replay text is of another scenario"), said);
        }
    }

    @Test
    void anotherVersionIsRefused() {
        String said = assertThrows(IllegalArgumentException.class, () -> Replay.parse("2/0123abcd/1/random/"))
                .getMessage();
        assertTrue(said.startsWith("this replay text is of version 2, and this is version 1"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1", "1/0123abcd/one/random/", "1/0123abcd/1/best/", "1/0123abcd/1/random/s1"})
    void otherTextsAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Replay.parse(text));
    }
}

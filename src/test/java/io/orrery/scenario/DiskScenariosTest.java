package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.protocol.ReplicaView;
import io.orrery.replica.ReplicaActor;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scenario files say of disks happens, and replicas get over it. */
class DiskScenariosTest {
    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    /** Tells of starts and of failures of disks, with their times. */
    private static final class Story implements WorldObserver {
        private final List<String> told = new ArrayList<>();
        private World world;

        @Override
        public void began(World world) {
            this.world = world;
        }

        private void tell(String what) {
            if (world != null) {
                told.add(world.now().toMillis() + "ms " + what);
            }
        }

        @Override
        public void started(NodeId at, long incarnation, ReplicaView view) {
            tell(at + " started, incarnation " + incarnation);
        }

        @Override
        public void diskFailed(NodeId at, Throwable cause) {
            tell(at + ": " + cause.getMessage());
        }
    }

    private static Run play(String text, long seed, WorldObserver observer) {
        Scenario scenario = ScenarioLoader.parse("disks.conf", "invariants = all\npatience = 50ms\n" + text);
        return ScenarioRunner.run(simulation, scenario, seed, observer);
    }

    private static List<String> story(String text) {
        Story story = new Story();
        assertEquals(List.of(), play(text, 1, story).unmet());
        return story.told;
    }

    @Test
    void aFullDiskKeepsItsReplicaDownUntilThereIsRoom() {
        assertEquals(
                List.of(
                        "1000ms A: the simulated disk is full",
                        "2000ms A: the simulated disk is full",
                        "4000ms A started, incarnation 0"),
                story("""
                        protocol = lamport-lww
                        replicas = [A, B]
                        timeout = 500ms
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = 1 }, outcome = ok }
                          { at = 1s, fail-disk = { replica = A, what = full } }
                          { at = 1s, via = A, put = { key = x, value = 2 }, outcome = unknown }
                          { at = 2s, restart = A }
                          { at = 3s, via = A, get = x, outcome = refused }
                          { at = 4s, repair-disk = A }
                          { at = 4s, restart = A }
                          { at = 5s, via = A, put = { key = x, value = 3 }, outcome = ok }
                          { at = 6s, via = B, get = x, expect = 3 }
                        ]
                        expect { converged = true }
                        """));
    }

    /** After 1 s, 2 s and 4 s. */
    @Test
    void aReplicaTriesAgainByItselfLikeALiveOne() {
        assertEquals(
                List.of(
                        "1000ms A: the simulated disk is full",
                        "2000ms A: the simulated disk is full",
                        "4000ms A: the simulated disk is full",
                        "8000ms A started, incarnation 0"),
                story("""
                        protocol = lamport-lww
                        replicas = [A, B]
                        timeout = 500ms
                        disk { retry = 1s }
                        steps = [
                          { at = 1s, fail-disk = { replica = A, what = full } }
                          { at = 1s, via = A, put = { key = x, value = 2 }, outcome = unknown }
                          { at = 5s, repair-disk = A }
                          { at = 9s, via = A, put = { key = x, value = 3 }, outcome = ok }
                        ]
                        expect { converged = true }
                        """));
    }

    @Test
    void aSlowDiskAnswersLaterUntilItIsRepaired() {
        story("""
                protocol = lamport-lww
                replicas = [A, B]
                disk { sync = 2ms }
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 }, within = 5ms }
                  { at = 1s, slow-disk = { replica = A, by = 200ms } }
                  { at = 1s, via = A, put = { key = x, value = 2 }, at-least = 200ms, within = 410ms }
                  { at = 1s, via = B, put = { key = y, value = 2 }, within = 5ms }
                  { at = 2s, repair-disk = A }
                  { at = 3s, via = A, put = { key = x, value = 3 }, within = 5ms }
                ]
                expect { converged = true }
                """);
    }

    /** What comes during a replay waits for its end; a crash during it ends it. */
    @Test
    void aReplayTakesTime() {
        List<String> recovering = new ArrayList<>();
        Story story = new Story();
        WorldObserver glance = new WorldObserver() {
            private World world;

            @Override
            public void began(World world) {
                this.world = world;
            }

            @Override
            public void received(NodeId at, ReplicaActor.ClientRequest request) {
                recovering.add(world.now().toMillis() + "ms " + at);
            }
        };
        Run run = play("""
                protocol = lamport-lww
                replicas = [A, B]
                disk { replay = 300ms }
                links = [{ delay = 1ms }]
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 } }
                  { at = 1s, restart = A }
                  { at = 1100ms, via = A, client = c, get = x, expect = 1, at-least = 200ms, within = 201ms }
                  { at = 2s, restart = A }
                  { at = 2100ms, via = A, client = d, get = x, outcome = unknown }
                  { at = 2200ms, crash = A }
                  { at = 2400ms, via = A, client = e, get = x, outcome = refused }
                  { at = 3s, via = B, client = f, put = { key = x, value = 2 } }
                  { at = 3s, restart = A }
                  { at = 4s, via = A, client = e, get = x, expect = 2 }
                ]
                expect { converged = true }
                """, 1, WorldObserver.all(story, glance));
        assertEquals(List.of(), run.unmet());
        assertEquals(List.of("1300ms A started, incarnation 0", "3300ms A started, incarnation 0"), story.told);
        assertEquals(List.of("0ms A", "1300ms A", "3000ms B", "4000ms A"), recovering);
    }

    /** The run does not end, nor is it judged, while a replica still reads its disk. */
    @Test
    void whoIsRecoveringAtTheEndIsWaitedFor() {
        assertEquals(List.of("2000ms B started, incarnation 0"), story("""
                        protocol = lamport-lww
                        replicas = [A, B]
                        disk { replay = 1s }
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = 1 } }
                          { at = 1s, restart = B }
                        ]
                        expect { converged = true }
                        """));
    }

    @Test
    void aReplicaThatCannotReadItsDiskDoesNotStart() {
        assertEquals(
                List.of("2000ms A: the simulated disk failed to be read", "4000ms A started, incarnation 0"),
                story("""
                        protocol = lamport-lww
                        replicas = [A, B]
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = 1 } }
                          { at = 1s, fail-disk = { replica = A, what = replay } }
                          { at = 2s, restart = A }
                          { at = 3s, via = A, get = x, outcome = refused }
                          { at = 4s, restart = A }
                          { at = 5s, via = A, get = x, expect = 1 }
                        ]
                        expect { converged = true }
                        """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "leader-quorum", "cops"})
    void aReplicaThatCannotReadAValueStops(String protocol) {
        assertEquals(
                List.of(
                        "2000ms A: the simulated disk failed to read the value of 1@A",
                        "4000ms A started, incarnation 0"),
                story("""
                        protocol = %s
                        replicas = [A, B]
                        timeout = 500ms
                        disk { sync = 2ms, values-over = 3 }
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = "a long one" } }
                          { at = 1s, via = A, get = x, expect = "a long one" }
                          { at = 2s, fail-disk = { replica = A, what = read } }
                          { at = 2s, via = A, get = x, outcome = unknown }
                          { at = 3s, via = A, get = x, outcome = refused }
                          { at = 4s, restart = A }
                          { at = 5s, via = A, get = x, expect = "a long one" }
                        ]
                        expect { converged = true }
                        """.formatted(protocol)).stream()
                        .map(line -> line.replaceAll("of \\S+$", "of 1@A"))
                        .toList());
    }

    @Test
    void aFailedWipeKeepsTheReplicaDownAndIsDoneByTheRestart() {
        assertEquals(
                List.of("1000ms A: the simulated disk failed to forget", "2000ms A started, incarnation 1"),
                story("""
                        protocol = lamport-lww
                        replicas = [A, B]
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = 1 } }
                          { at = 1s, fail-disk = { replica = A, what = wipe } }
                          { at = 1s, wipe = A }
                          { at = 2s, restart = A }
                          { at = 3s, via = A, get = x, expect = 1 }
                        ]
                        expect { converged = true }
                        """));
    }

    /** Never a wrong value: before the restart A answers with what it has, and after it A is down until its disk is replaced. */
    @ParameterizedTest
    @ValueSource(strings = {"flipped-bit", "torn-write", "misdirected-write"})
    void aDamagedDiskKeepsItsReplicaDownUntilItIsReplaced(String what) {
        List<String> story = story("""
                protocol = lamport-lww
                replicas = [A, B]
                disk { sync = 2ms }
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 } }
                  { at = 1s, damage-disk = { replica = A, what = %s } }
                  { at = 1s, via = A, put = { key = x, value = 2 } }
                  { at = 2s, via = A, get = x, expect = 2 }
                  { at = 3s, restart = A }
                  { at = 4s, via = A, get = x, outcome = refused }
                  { at = 4s, restart = A }
                  { at = 5s, via = A, get = x, outcome = refused }
                  { at = 6s, wipe = A }
                  { at = 6s, restart = A }
                  { at = 7s, via = A, get = x, expect = 2 }
                ]
                expect { converged = true }
                """.formatted(what));
        assertEquals(3, story.size(), story::toString);
        assertTrue(story.get(0).startsWith("3000ms A: the simulated disk is damaged: "), story::toString);
        assertTrue(story.get(1).startsWith("4000ms A: the simulated disk is damaged: "), story::toString);
        assertEquals("6000ms A started, incarnation 1", story.get(2));
    }

    /** All lose power at once. With syncs nothing acknowledged is lost; without, all three may forget it. */
    @Test
    void whatALossOfPowerTakesDependsOnTheSyncPolicy() {
        for (String policy : List.of("always", "never")) {
            Set<String> found = new HashSet<>();
            for (int seed = 0; seed < 40; seed++) {
                Run run = play("""
                        protocol = lamport-lww
                        replicas = [A, B, C]
                        disk { sync = 2ms, sync-policy = %s }
                        steps = [
                          { at = 0s, via = A, put = { key = x, value = 1 }, outcome = ok }
                          { at = 1s, crash = A }
                          { at = 1s, restart = A }
                          { at = 2s, via = A, client = c, get = x, expect = 1 }
                          { at = 3s, cut-power = A }
                          { at = 3s, cut-power = B }
                          { at = 3s, cut-power = C }
                          { at = 4s, restart = A }
                          { at = 4s, restart = B }
                          { at = 4s, restart = C }
                          { at = 8s, via = B, client = d, get = x, expect-one-of = [null, 1] }
                        ]
                        expect { converged = true }
                        """.formatted(policy), seed, WorldObserver.NONE);
                assertEquals(List.of(), run.unmet(), policy + ", seed " + seed);
                run.history().ops().stream()
                        .filter(op -> op.process().equals("d"))
                        .forEach(op -> found.add(String.valueOf(op.value())));
            }
            assertEquals(policy.equals("always") ? 1 : 2, found.size(), policy + ": " + found);
        }
    }

    /** A batch of which nobody was told, and an acknowledgement that nobody got, are found again. */
    @Test
    void anUnconfirmedBatchMayBeFoundAgain() {
        Set<String> found = new HashSet<>();
        for (int seed = 0; seed < 40; seed++) {
            Run run = play("""
                    protocol = lamport-lww
                    replicas = [A, B]
                    timeout = 100ms
                    disk { sync = 20ms, kept-in-crash = 0.5 }
                    steps = [
                      { at = 0s, via = A, put = { key = x, value = 1 }, outcome = unknown }
                      { at = 30ms, crash = A }
                      { at = 1s, restart = A }
                      { at = 3s, via = B, client = d, get = x, expect-one-of = [null, 1] }
                    ]
                    expect { converged = true }
                    """, seed, WorldObserver.NONE);
            assertEquals(List.of(), run.unmet(), "seed " + seed);
            run.history().ops().stream()
                    .filter(op -> op.process().equals("d"))
                    .forEach(op -> found.add(String.valueOf(op.value())));
        }
        assertEquals(2, found.size(), found::toString);
    }
}

package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a replica is: with copies of its disk put back, with its disk lost, and with two processes that run as one replica. */
class IdentityTest {
    /** Clients reach either of two processes by chance: with so many seeds both have been asked. */
    private static final int SEEDS = 40;

    private static Simulation simulation;

    @BeforeAll
    static void start() {
        simulation = Simulation.start();
    }

    @AfterAll
    static void close() {
        simulation.close();
    }

    private static void holds(String scenario, WorldObserver observer) {
        Scenario parsed = ScenarioLoader.parse("identity.conf", "invariants = all\n" + scenario);
        for (int seed = 1; seed <= SEEDS; seed++) {
            Run run = ScenarioRunner.run(simulation, parsed, seed, observer);
            assertEquals(List.of(), run.unmet(), "seed " + seed);
        }
    }

    /** It gives its numbers out a second time, but never a dot. */
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "vector-causal", "cops"})
    void aReplicaWhoseDiskWasSetBackFetchesWhatItForgotAndLosesNoWriteOfItsOwn(String protocol) {
        List<Long> forgotten = new ArrayList<>();
        holds("""
                protocol = %s
                replicas = [A, B, C]
                steps = [
                  { at = 0s, via = A, put = { key = a, value = 1 } }
                  { at = 1s, via = A, put = { key = b, value = 2 } }
                  { at = 1s, via = A, put = { key = c, value = 3 } }
                  { at = 2s, restore = { replica = A, to = 500ms } }
                  { at = 3s, isolate = A }
                  { at = 3s, restart = A }
                  { at = 4s, via = A, client = x, put = { key = d, value = 4 }, outcome = ok }
                  { at = 4s, via = A, client = y, put = { key = e, value = 5 }, outcome = ok }
                  { at = 5s, heal = all }
                  { at = 8s, via = A, client = x, get = c, expect = 3 }
                  { at = 8s, via = B, client = y, get = d, expect = 4 }
                  { at = 8s, via = C, client = z, get = e, expect = 5 }
                ]
                expect { converged = true }
                """.formatted(protocol), new WorldObserver() {
            @Override
            public void forgot(NodeId at, long writes) {
                forgotten.add(writes);
            }
        });
        assertTrue(forgotten.contains(2L), "b and c: " + forgotten);
    }

    /** What it took while nobody could tell it is handed over; then it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"lamport-lww", "vector-causal", "cops"})
    void whatAProcessTookAfterAnotherHadTakenItsPlaceIsNotLost(String protocol) {
        List<Origin> winners = new ArrayList<>();
        holds("""
                protocol = %s
                replicas = [A, B, C]
                steps = [
                  { at = 0s, via = A, put = { key = a, value = 1 } }
                  { at = 1s, isolate = A }
                  { at = 1s, twin = A }
                  { at = 2s, via = A, client = p, put = { key = p, value = 1 }, outcome = ok }
                  { at = 2s, via = A, client = q, put = { key = q, value = 1 }, outcome = ok }
                  { at = 2s, via = A, client = r, put = { key = r, value = 1 }, outcome = ok }
                  { at = 3s, heal = all }
                  { at = 20s, via = B, client = p, get = p, expect = 1 }
                  { at = 20s, via = C, client = q, get = q, expect = 1 }
                  { at = 20s, via = A, client = r, get = r, expect = 1 }
                ]
                expect { converged = true }
                """.formatted(protocol), new WorldObserver() {
            @Override
            public void replaced(NodeId at, Origin by) {
                winners.add(by);
            }
        });
        assertFalse(winners.isEmpty(), "somebody was told");
    }

    /** The process that wakes serves nothing that its successor has gone beyond, and confirms nothing. */
    @Test
    void aLeaderThatWakesBesideItsReplacementServesNothingStale() {
        holds("""
                protocol = primary-linearizable
                replicas = [A, B, C]
                leader = A
                timeout = 1s
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 } }
                  { at = 1s, pause = A }
                  { at = 2s, twin = A }
                  { at = 4s, via = B, client = w, put = { key = x, value = 2 }, outcome = ok }
                  { at = 5s, resume = A }
                  { at = 5s, via = A, client = p, get = x }
                  { at = 5s, via = A, client = q, get = x }
                  { at = 5s, via = C, client = r, get = x, expect = 2 }
                  { at = 6s, via = A, client = s, put = { key = x, value = 3 } }
                  { at = 8s, via = A, client = p, get = x }
                ]
                expect { converged = true, linearizable = true }
                """, WorldObserver.NONE);
    }

    /** Neither its number nor its name tells the new memory from the old one: that of its start does. */
    @Test
    void aReplicaWhoseDiskWasLostIsHeard() {
        holds("""
                protocol = lamport-lww
                replicas = [A, B, C]
                steps = [
                  { at = 0s, via = B, put = { key = a, value = 1 } }
                  { at = 1s, via = B, put = { key = b, value = 1 } }
                  { at = 2s, wipe = B }
                  { at = 3s, restart = B }
                  { at = 4s, via = B, put = { key = c, value = 1 } }
                  { at = 5s, via = A, get = c, expect = 1 }
                  { at = 5s, via = B, get = a, expect = 1 }
                ]
                expect { converged = true }
                """, WorldObserver.NONE);
    }

    /** W = 1, and a follower that was never there: nothing can have been forgotten where nobody knows of an earlier start. */
    @Test
    void aNewStoreIsWholeWithoutAFollowerThatNeverStarted() {
        holds("""
                protocol = leader-quorum
                replicas = [A, B, C]
                leader = A
                write-quorum = 1
                timeout = 1s
                steps = [
                  { at = 0s, crash = C }
                  { at = 0s, via = A, put = { key = a, value = 1 }, outcome = ok }
                  { at = 1s, restart = C }
                ]
                expect { converged = true }
                """, WorldObserver.NONE);
    }
}

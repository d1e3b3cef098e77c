package io.orrery.protocol.dissemination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Version;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.testkit.protocol.TimedNet.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lab "Logical clocks and replication consistency"; Lamport, CACM 1978. Times are virtual. */
class LamportLwwTest {
    private static final Tuning SMALL = new Tuning(Duration.ofSeconds(5), Duration.ofMillis(50), 3, 8);
    private static final String[] NAMES = {"A", "B", "C"};

    private final ReplicaNet net = new ReplicaNet(1, ReplicaNet.TUNING, NAMES);

    @Test
    void aSlowLinkLeavesAReplicaStaleAndThenItConverges() {
        net.link("A", "C", Rule.delay(3_000));
        net.put("A", "x", "1");
        net.pass(500);
        assertEquals(Optional.of("1"), net.value("B", "x"));
        assertEquals(Optional.empty(), net.value("C", "x"));
        net.pass(3_000);
        assertEquals(Optional.of("1"), net.value("C", "x"));
    }

    @Test
    void ofTwoWritesInTheSameInstantTheOneOfTheLaterNodeWinsEverywhere() {
        net.put("A", "x", "1");
        net.put("B", "x", "2");
        net.pass(100);
        for (String name : NAMES) {
            assertEquals(Optional.of("2"), net.value(name, "x"));
        }
    }

    @Test
    void theHigherTimestampWinsWhicheverArrivesFirst() {
        net.link("A", "C", Rule.delay(1_000));
        net.put("A", "x", "old");
        net.pass(10);
        net.put("B", "x", "new");
        net.pass(10);
        assertEquals(Optional.of("new"), net.value("C", "x"));
        net.pass(5_000);
        assertEquals(Optional.of("new"), net.value("C", "x"), "the late arrival changes nothing");
        assertEquals(Version.of(3, "B"), net.contents("C").get("x").version(), "B had received 1@A as its event 2");
    }

    @Test
    void whatWasDeletedDoesNotComeBackThroughAReplicaThatWasAway() {
        net.put("A", "x", "1");
        net.pass(100);
        net.crash("C");
        net.delete("A", "x");
        net.pass(100);
        net.restart("C", true);
        assertEquals(Optional.of("1"), net.value("C", "x"), "it has missed the delete");
        net.pass(100);
        for (String name : NAMES) {
            assertEquals(Optional.empty(), net.value(name, "x"));
            assertEquals(1, net.replica(name).status().tombstones());
            assertEquals(0, net.replica(name).status().keys());
        }
    }

    @Test
    void aReplicaThatWasAwayCatchesUpWithoutAFurtherWrite() {
        net.crash("B");
        for (int i = 0; i < 100; i++) {
            net.put("A", "k" + i, "v");
        }
        net.pass(1_000);
        net.restart("B", false);
        net.pass(100);
        assertEquals(100, net.replica("B").status().keys());
        net.assertConverged("after the outage");
    }

    @Test
    void aWipedReplicaRecoversFromItsPeersAndNeverUsesADotAgain() {
        for (int i = 0; i < 50; i++) {
            net.put("A", "k" + i % 20, "v" + i);
        }
        net.pass(100);
        Map<String, Write> before = net.contents("B");
        net.wipe("A");
        // At once, before it has heard of its past: ReplicaNet checks that the dot is a new one.
        net.put("A", "fresh", "1");
        net.pass(6_000);
        Map<String, Write> after = net.contents("A");
        assertEquals("1", after.remove("fresh").value().orElseThrow().tree().textValue());
        assertEquals(before, after);
        net.put("A", "k0", "newest");
        net.pass(100);
        assertEquals(Optional.of("newest"), net.value("C", "k0"), "its clock is past all that it has heard of");
        net.assertConverged("after the wipe");
    }

    /** As a loss of power takes what was not synced: peers have it, and know its dots. */
    @Test
    void aReplicaThatLostTheEndOfItsMemoryFindsItAgainAndNeverUsesADotAgain() {
        for (int lost = 0; lost <= 20; lost++) {
            ReplicaNet world = new ReplicaNet(lost, ReplicaNet.TUNING, NAMES);
            world.link("A", "B", Rule.CUT);
            for (int i = 0; i < 10; i++) {
                world.put("A", "k" + i, "v" + i);
            }
            world.pass(100);
            Map<String, Write> before = world.contents("C");
            world.losePower("A", lost);
            world.put("A", "fresh", "1");
            world.healAll();
            world.pass(12_000);
            world.assertConverged(lost + " entries lost");
            Map<String, Write> after = world.contents("A");
            assertEquals("1", after.remove("fresh").value().orElseThrow().tree().textValue());
            assertEquals(before, after);
        }
    }

    @Test
    void everyCrashBetweenTwoEffectsOfAWriteIsSurvived() {
        for (int effects = 0; effects < 8; effects++) {
            for (boolean compacted : new boolean[] {false, true}) {
                ReplicaNet world = new ReplicaNet(effects, ReplicaNet.TUNING, NAMES);
                world.put("A", "x", "1");
                world.put("A", "y", "1");
                world.pass(100);
                world.crashDuringNextInput("A", effects);
                world.put("A", "x", "2");
                world.pass(100);
                world.restart("A", compacted);
                world.put("A", "x", "3");
                world.put("A", "z", "3");
                world.pass(6_000);
                world.assertConverged("a crash after " + effects + " effects");
                assertEquals(world.winners(), world.contents("A"));
                assertEquals(Optional.of("3"), world.value("C", "x"));
            }
        }
    }

    /** Links that lose, double and reorder; crashes at any effect; then peace. */
    @Test
    void inTheEndAllShowTheWinnersWhateverHappened() {
        for (int seed = 0; seed < 400; seed++) {
            SeededRandom random = new SeededRandom(seed);
            ReplicaNet world = new ReplicaNet(seed, seed % 2 == 0 ? SMALL : ReplicaNet.TUNING, NAMES);
            trouble(world, random, 60, false);
            peace(world, 60_000);
            world.assertConverged("seed " + seed);
            assertEquals(world.winners(), world.contents("A"), "seed " + seed);
        }
    }

    /** With wipes a write that nobody else had is lost; but never do two replicas differ for ever. */
    @Test
    void inTheEndAllShowTheSameEvenWhereReplicasLoseTheirMemory() {
        for (int seed = 0; seed < 400; seed++) {
            SeededRandom random = new SeededRandom(1_000 + seed);
            ReplicaNet world = new ReplicaNet(seed, seed % 2 == 0 ? SMALL : ReplicaNet.TUNING, NAMES);
            trouble(world, random, 60, true);
            peace(world, 60_000);
            world.assertConverged("seed " + seed);
        }
    }

    private static void trouble(ReplicaNet world, SeededRandom random, int steps, boolean wipes) {
        for (int step = 0; step < steps; step++) {
            String name = NAMES[random.nextInt(NAMES.length)];
            switch (random.nextInt(12)) {
                case 0 ->
                    world.links(new Rule(random.nextInt(4) * 0.2, random.nextInt(3) * 0.3, 1, 1 + random.nextInt(300)));
                case 1 ->
                    world.link(name, NAMES[random.nextInt(3)], random.nextInt(2) == 0 ? Rule.CUT : Rule.delay(400));
                case 2 -> world.crash(name);
                case 3 -> world.crashDuringNextInput(name, random.nextInt(6));
                case 4 -> {
                    if (!world.isUp(name)) {
                        world.restart(name, random.nextInt(2) == 0);
                    }
                }
                case 5 -> {
                    if (wipes && random.nextInt(3) == 0) {
                        world.wipe(name);
                    } else if (wipes && random.nextInt(3) == 0) {
                        world.losePower(name, random.nextInt(12));
                    }
                }
                case 6 -> world.pass(random.nextInt(8_000));
                case 7, 8 -> world.pass(random.nextInt(200));
                default -> {
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        String key = "k" + random.nextInt(6);
                        if (random.nextInt(4) == 0) {
                            world.delete(name, key);
                        } else {
                            world.put(name, key, "v" + step + "." + i);
                        }
                    }
                }
            }
        }
    }

    private static void peace(ReplicaNet world, long millis) {
        for (String name : NAMES) {
            world.restart(name, true);
        }
        world.healAll();
        world.pass(millis);
        assertTrue(world.isUp("A") && world.isUp("B") && world.isUp("C"));
    }
}

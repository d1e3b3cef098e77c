package io.orrery.simulation.oracle;

import io.orrery.model.Durations;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.ServiceStatus;
import io.orrery.simulation.Client;
import io.orrery.simulation.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must be so some time after the last fault: each replica takes a write, and nothing is left to be done. */
final class Aftermath {
    static final NamedInvariant ANSWERS = new NamedInvariant(
            "answers-after-repair",
            "Some time after the last fault each replica takes and answers a write, or names the leader that does.");

    static final NamedInvariant RESTS = new NamedInvariant(
            "nothing-is-stuck",
            "Some time after the last fault nothing waits, is held back, or is kept for a replica that is gone.");

    /** So many messages may lie between a request and its answer, some of them sent again. */
    private static final int STEPS = 20;

    private static final int DRAWS = 50;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Key PROBE = Key.of("probe");

    private final World world;
    private final Duration bound;

    /** @param bound how long each of the two may take */
    Aftermath(World world, Duration bound) {
        this.world = world;
        this.bound = bound;
    }

    /** Has a client of each replica write until it is answered. */
    void probe(Oracle.Findings findings) {
        Map<NodeId, Outcome> answers = new TreeMap<>();
        Set<NodeId> left = new HashSet<>(world.spec().replicas());
        for (NodeId replica : world.spec().replicas()) {
            Client client = world.clientBeside("probe of " + replica);
            // A request that nobody answers is made again.
            client.setTimeout(world.spec().limits().timeout().plus(GRACE));
            ask(client, replica, answers, left);
        }
        world.runUntil(left::isEmpty, world.now().plus(bound));
        for (NodeId replica : world.spec().replicas()) {
            if (left.contains(replica)) {
                findings.broke(
                        ANSWERS,
                        replica + " did not take a write within " + Durations.format(bound) + ": "
                                + Optional.ofNullable(answers.get(replica))
                                        .map(Object::toString)
                                        .orElse("it did not answer"));
            }
        }
    }

    private void ask(Client client, NodeId replica, Map<NodeId, Outcome> answers, Set<NodeId> left) {
        client.invoke(replica, new Operation.Write(PROBE, Value.of(replica.name())), outcome -> {
            answers.put(replica, outcome);
            if (isDone(outcome) || outcome instanceof Outcome.Unknown && isHasty()) {
                left.remove(replica);
            } else {
                // It may know more a moment later.
                world.after(new Delay.Fixed(Duration.ofMillis(10)), null, () -> ask(client, replica, answers, left));
            }
        });
    }

    /** Whether a replica may give up before messages have gone to and fro often enough. */
    private boolean isHasty() {
        long slowest = world.links().states().stream()
                .mapToLong(link -> mostly(link.rule().delay()))
                .max()
                .orElse(0);
        long step = slowest + slowestHandling() + mostly(world.spec().disk().sync());
        return world.spec().limits().timeout().toNanos() < STEPS * step;
    }

    /** What a delay hardly ever exceeds. */
    private static long mostly(Delay delay) {
        SeededRandom random = new SeededRandom(0);
        long most = 0;
        for (int i = 0; i < DRAWS; i++) {
            most = Math.max(most, delay.sampleNanos(random));
        }
        return most;
    }

    private static boolean isDone(Outcome outcome) {
        return outcome instanceof Outcome.Done
                || outcome instanceof Outcome.Refused refused
                        && (refused.reason() == Outcome.Reason.NOT_LEADER || refused.reason() == Outcome.Reason.FULL);
    }

    /** Waits until nothing is left to be done. */
    void rest(Oracle.Findings findings) {
        Duration limit = world.now().plus(bound);
        Optional<String> left = left();
        while (left.isPresent() && world.now().compareTo(limit) < 0) {
            world.runTo(world.now().plus(Duration.ofMillis(10)));
            left = left();
        }
        left.ifPresent(what -> findings.broke(RESTS, what + ", " + Durations.format(bound) + " later"));
    }

    /** Has all done once more where links are good. */
    void calm(Oracle.Findings findings) {
        long step = Promptness.way().toNanos()
                + slowestHandling()
                + mostly(world.spec().disk().sync());
        new Promptness(world, Duration.ofNanos(STEPS * step)).probe(findings);
    }

    private long slowestHandling() {
        return world.spec().pace().handling().values().stream()
                .mapToLong(Aftermath::mostly)
                .max()
                .orElse(0);
    }

    private Optional<String> left() {
        for (Map.Entry<NodeId, ReplicaView> entry : world.views().entrySet()) {
            String[] left = {null};
            entry.getValue().inspect(new Telling() {
                @Override
                public void owes(String what, long count) {
                    left[0] = count > 0 ? count + " " + what : left[0];
                }

                @Override
                public void accepted(long writes) {
                    left[0] = writes > 0 ? writes + " accepted writes to hand on" : left[0];
                }
            });
            if (left[0] == null && !entry.getValue().status().held().isEmpty()) {
                left[0] = "writes that are held back";
            }
            if (left[0] == null && entry.getValue() instanceof Protocol protocol) {
                left[0] = awaited(protocol.serviceStatus());
            }
            if (left[0] != null) {
                return Optional.of(entry.getKey() + " still has " + left[0]);
            }
        }
        return Optional.empty();
    }

    /** Of whom a replica still has to hear, although all have been reachable; null if of nobody. */
    private static String awaited(ServiceStatus status) {
        Set<NodeId> awaited = new TreeSet<>(status.unheard());
        awaited.addAll(status.behind());
        status.services().forEach(service -> awaited.addAll(service.awaited()));
        return awaited.isEmpty() ? null : "to hear from " + awaited;
    }
}

package io.orrery.simulation.oracle;

import io.orrery.model.Durations;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.protocol.NamedInvariant;
import io.orrery.simulation.Client;
import io.orrery.simulation.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where nothing is slow and nothing is lost, a write and a read take messages and a disk, and no timer: neither anti-entropy
 * nor what is sent again has to help. Without this a message that is never sent would not be missed.
 */
final class Promptness {
    static final NamedInvariant NAME = new NamedInvariant(
            "prompt-when-calm",
            "At rest and over links that lose nothing, a write and a read are answered, and a write is shown by all, without waiting for a timer.");

    private static final Key PROBE = Key.of("calm");
    private static final Duration WAY = Duration.ofMillis(1);

    /** So long after a change of the links hardly anything is under way that was sent before. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private final World world;
    private final Duration bound;

    /** @param bound how long an operation may take */
    Promptness(World world, Duration bound) {
        this.world = world;
        this.bound = bound;
    }

    /** How long a message takes at the most, once it is calm. */
    static Duration way() {
        return WAY;
    }

    void probe(Oracle.Findings findings) {
        LinkChange calm = new LinkChange(
                Optional.of(new Delay.Fixed(WAY)), Optional.of(0.0), Optional.of(0.0), Optional.of(false));
        world.apply(new Fault.ChangeLinks(Optional.empty(), Optional.empty(), calm));
        world.runTo(world.now().plus(CALM));
        List<NodeId> replicas = world.spec().replicas();
        for (NodeId replica : replicas) {
            // In the middle of a write of another, the writes of a replica wait behind it.
            Optional<Outcome> written = ask(replica, new Operation.Write(PROBE, Value.of(replica.name())));
            require(findings, written, replica, "a write");
            if (written.orElse(null) instanceof Outcome.Done done
                    && world.spec().protocol().converges()) {
                boolean shown = world.runUntil(() -> isShown(done), world.now().plus(bound));
                if (!shown) {
                    findings.broke(NAME, "not all show a write of " + replica + " after " + Durations.format(bound));
                }
            }
            require(findings, ask(replica, new Operation.Read(PROBE)), replica, "a read");
        }
    }

    private void require(Oracle.Findings findings, Optional<Outcome> outcome, NodeId replica, String what) {
        if (!outcome.map(this::isAnswer).orElse(false)) {
            findings.broke(
                    NAME,
                    replica + " did not answer " + what + " within " + Durations.format(bound) + ": "
                            + outcome.map(Object::toString).orElse("nothing came"));
        }
    }

    /** A replica that lets requests wait for less than what one may take has an excuse. */
    private boolean isAnswer(Outcome outcome) {
        return outcome instanceof Outcome.Done
                || outcome instanceof Outcome.Unknown
                        && world.spec().limits().timeout().compareTo(bound) < 0
                || outcome instanceof Outcome.Refused refused
                        && (refused.reason() == Outcome.Reason.NOT_LEADER || refused.reason() == Outcome.Reason.FULL);
    }

    private boolean isShown(Outcome.Done done) {
        return world.views().values().stream()
                .allMatch(view -> done.version().isEmpty()
                        || Shown.version(view, PROBE)
                                .filter(it -> it.compareTo(done.version().get()) >= 0)
                                .isPresent());
    }

    private Optional<Outcome> ask(NodeId replica, Operation operation) {
        Outcome[] answer = {null};
        Client client = world.clientBeside("calm probe of " + replica + " " + operation.name());
        client.invoke(replica, operation, outcome -> answer[0] = outcome);
        world.runUntil(() -> answer[0] != null, world.now().plus(bound));
        return Optional.ofNullable(answer[0]);
    }
}

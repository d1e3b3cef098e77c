package io.orrery.simulation.oracle;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Buffers, windows, tables and tokens stay within their limits. */
final class Limits extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "within-limits",
            "Buffers, windows, tokens, the table of starts, tombstones and ranges stay within their limits.");

    /** What a client sends back has to fit into a header of HTTP. */
    private static final int LONGEST_TOKEN = 16 << 10;

    private final int stepsToLook;
    private int steps;
    private final Set<Key> written = new HashSet<>();

    /** @param stepsToLook of so many steps one is followed by a look: what is over its limit stays so for a while */
    Limits(int stepsToLook, Findings findings) {
        super(NAME, findings);
        this.stepsToLook = stepsToLook;
    }

    @Override
    public void invoked(String client, NodeId via, Operation operation) {
        if (!(operation instanceof Operation.Read)) {
            written.add(operation.key());
        }
    }

    @Override
    public void replied(Life life, Request request, Outcome outcome) {
        require(
                outcome.session().length() <= LONGEST_TOKEN,
                () -> life.replica() + " gave a session token of "
                        + outcome.session().length() + " characters");
    }

    @Override
    public void acted(Life life) {
        if (++steps % stepsToLook != 0) {
            return;
        }
        life.protocol().inspect(new Telling() {
            @Override
            public void keeps(String what, long now, long most) {
                require(
                        now <= most,
                        () -> life.replica() + " has " + now + " " + what + ", and " + most + " is the most");
            }
        });
    }

    /** What was buffered: the status lists it all, so it is asked for only where that can have grown. */
    @Override
    public void buffered(NodeId at, io.orrery.model.Update update, Supplier<String> waitsFor) {
        if (scene == null || !scene.views().containsKey(at)) {
            return;
        }
        ReplicaStatus status = scene.views().get(at).status();
        int most = scene.settings(at).tuning().buffer();
        require(
                status.held().size() <= most,
                () -> at + " holds back " + status.held().size() + " writes, and " + most + " is the most");
    }

    @Override
    public void rests() {
        scene.views().forEach((replica, view) -> {
            ReplicaStatus status = view.status();
            require(
                    status.keys() + status.tombstones() <= written.size(),
                    () -> replica + " has " + status.keys() + " keys and " + status.tombstones()
                            + " tombstones, and clients have written " + written.size() + " keys");
        });
    }
}

package io.orrery.simulation.oracle;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a replica shows, tells of itself, and gives to a session is what its journal would give. A replay takes as long
 * as the journal, so only some steps are followed by one.
 */
final class ReplayedMemory extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "memory-is-journal",
            "A replica shows nothing, and tells nothing in its status or a session, that a replay of its journal would not give.");

    /** A replay takes so much longer than another look. */
    private static final int STEPS = 40;

    /** The same for a session that is tried. */
    private static final int ANSWERS = 10;

    private final boolean versionsDecide;
    private final int stepsToReplay;
    private final int answersToTry;
    private final Map<NodeId, Life> lives = new HashMap<>();
    private long keptBefore;
    private int steps;
    private int answers;
    /** An answer of the input that is handled now, whose session is to be tried. */
    private Outcome answer;

    private Operation of;

    /** A read that somebody waits for. */
    private record Asked(Operation operation, String session) implements Request {
        @Override
        public boolean isOpen() {
            return true;
        }
    }

    /** @param stepsToLook 1 to replay after each step that keeps something, and to try each session */
    ReplayedMemory(boolean versionsDecide, int stepsToLook, Findings findings) {
        super(NAME, findings);
        stepsToReplay = stepsToLook == 1 ? 1 : stepsToLook * STEPS;
        answersToTry = stepsToLook == 1 ? 1 : stepsToLook * ANSWERS;
        this.versionsDecide = versionsDecide;
    }

    @Override
    public void replied(Life life, Request request, Outcome outcome) {
        if (!outcome.session().isEmpty() && ++answers % answersToTry == 0) {
            answer = outcome;
            of = request.operation();
        }
    }

    @Override
    public void acted(Life life) {
        lives.merge(life.replica(), life, (last, now) -> now.number() >= last.number() ? now : last);
        if (answer != null) {
            trySession(life);
            answer = null;
        }
        if (life.kept() != keptBefore && ++steps % stepsToReplay == 0) {
            compare(life);
        }
        keptBefore = life.kept();
    }

    @Override
    public void stopped(NodeId at) {
        Life life = lives.get(at);
        if (life != null && life.hasStarted()) {
            compare(life);
        }
    }

    @Override
    public void rests() {
        lives.values().forEach(this::compare);
    }

    private void compare(Life life) {
        Protocol replayed = life.replayed(new Unheard());
        life.protocol().forEach(shown -> {
            Optional<? extends Update> found = replayed.lookup(shown.key());
            require(
                    found.filter(it -> isAsNew(it, shown)).isPresent(),
                    () -> life.replica() + " shows " + shown.key() + " at " + shown.version()
                            + ", and its journal gives "
                            + found.map(Object::toString).orElse("nothing"));
        });
        ReplicaStatus status = life.protocol().status();
        ReplicaStatus after = replayed.status();
        require(
                after.known().covers(status.known()),
                () -> life.replica() + " says that it knows " + status.known() + ", and its journal gives "
                        + after.known());
        OptionalLong clock = status.lamport();
        require(
                clock.isEmpty() || after.lamport().orElse(0) >= clock.getAsLong(),
                () -> "the clock of " + life.replica() + " is " + status.clock() + ", and its journal gives "
                        + after.clock());
    }

    private boolean isAsNew(Update found, Update shown) {
        return versionsDecide
                ? found.version().compareTo(shown.version()) >= 0
                : found.version().equals(shown.version());
    }

    private static long mayForget(Life life) {
        long[] sum = {0};
        life.protocol().inspect(new Telling() {
            @Override
            public void mayForget(String what, long count) {
                sum[0] += count;
            }
        });
        return sum[0];
    }

    /** A session that a replica has given must be served by it after a crash, if a client without one is. */
    private void trySession(Life life) {
        if (mayForget(life) > 0) {
            return;
        }
        Unheard unheard = new Unheard();
        Protocol replayed = life.replayed(unheard);
        Operation.Read read = new Operation.Read(of.key());
        unheard.takeAnswer();
        replayed.request(new Asked(read, ""));
        if (unheard.takeAnswer() instanceof Outcome.Done) {
            String session = answer.session();
            replayed.request(new Asked(read, session));
            require(
                    unheard.takeAnswer() instanceof Outcome.Done,
                    () -> life.replica() + " gave the session " + session
                            + ", and could not serve it after a crash at that moment");
        }
    }
}

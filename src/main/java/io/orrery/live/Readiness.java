package io.orrery.live;

import io.orrery.model.NodeId;
import io.orrery.protocol.ServiceStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a replica does what its protocol promises. It is ready when it has recovered, has asked every peer that it
 * can reach and has caught up with each once, and reaches whom its protocol needs.
 *
 * @param state how far it has come
 * @param missing what it waits for; nothing when it is ready
 * @param serves what it does for clients now, whether it is ready or not
 * @param unheard the peers from which it has heard nothing since its start; unreachable ones do not make it unready
 */
public record Readiness(State state, List<Missing> missing, List<ServiceStatus.Service> serves, List<NodeId> unheard) {
    public Readiness {
        missing = List.copyOf(missing);
        serves = List.copyOf(serves);
        unheard = List.copyOf(unheard);
    }

    /** How far a replica has come. */
    public enum State {
        DOWN("down"),
        /** It reads its journal. */
        RECOVERING("recovering"),
        PAUSED("paused"),
        /** Its node looks for the others. */
        JOINING("joining"),
        /** Its node is kept out of the cluster. */
        KEPT_OUT("kept-out"),
        /** It asks its peers what they have, and fetches it. */
        CATCHING_UP("catching-up"),
        /** It has caught up, and does not reach the replicas that it needs. */
        WAITING("waiting"),
        READY("ready");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Something that a replica waits for.
     *
     * @param what in a word or two
     * @param why in words for people
     * @param since the time by this machine's clock
     */
    public record Missing(String what, String why, Instant since) {}

    public boolean isReady() {
        return missing.isEmpty();
    }

    /** What is missing, in words for people; empty when it is ready. */
    public String problem() {
        return missing.stream().map(it -> it.what() + " (" + it.why() + ")").collect(Collectors.joining("; "));
    }

    /** Whether clients are served for this use. */
    public boolean serves(ServiceStatus.Use use) {
        return serves.stream().anyMatch(service -> service.use() == use);
    }

    /** Whether it is ready, down, or only waits for unreachable replicas. */
    public boolean isSettled() {
        return state == State.READY || state == State.WAITING || state == State.DOWN;
    }
}

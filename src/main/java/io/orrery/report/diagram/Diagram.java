package io.orrery.report.diagram;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parts of a space-time diagram of a run, without positions on a page. Lanes and moments are referred to by their
 * indices in the lists, from 0.
 *
 * @param moments all events, in order
 * @param end the time of the last event, in nanoseconds of virtual time
 */
public record Diagram(
        Head head,
        List<Lane> lanes,
        List<Moment> moments,
        List<Message> messages,
        List<Operation> operations,
        List<Wait> waits,
        List<Outage> outages,
        List<Reign> reigns,
        List<Disturbance> disturbances,
        List<Finding> findings,
        long end) {
    /** Stands for all lanes. */
    static final int EVERYWHERE = -1;

    public Diagram {
        lanes = List.copyOf(lanes);
        moments = List.copyOf(moments);
        messages = List.copyOf(messages);
        operations = List.copyOf(operations);
        waits = List.copyOf(waits);
        outages = List.copyOf(outages);
        reigns = List.copyOf(reigns);
        disturbances = List.copyOf(disturbances);
        findings = List.copyOf(findings);
    }

    /** What the replicas hold at the end, if they did not converge; otherwise empty. */
    List<Ending> endings() {
        return findings.stream().flatMap(it -> it.endings().stream()).toList();
    }

    /**
     * The run that it shows, or the history.
     *
     * @param protocol empty for a history
     */
    public record Head(String title, String name, String file, String protocol, long seed) {}

    /** The line of a replica or of a client. */
    public record Lane(String name, boolean isReplica) {}

    /** The kinds of moments. */
    public enum Kind {
        INVOKED,
        RETURNED,
        RECEIVED,
        APPLIED,
        HELD,
        SUPERSEDED,
        STARTED,
        STOPPED,
        PAUSED,
        RESUMED,
        BECAME,
        SENT,
        DELIVERED,
        LOST,
        FAULT
    }

    /** What a replica holds for a key from a moment on. The value is empty for a tombstone. */
    public record KeyState(String key, Optional<String> value, String version) {}

    /**
     * An event.
     *
     * @param lane where it happened; {@link #EVERYWHERE} for a fault of links
     * @param clock the replica's logical clock then; empty if there is none
     * @param cause the moment in another lane that caused it: for a delivery the sending, for the arrival of a request
     *     the invocation, for an answer the replica's last event before it
     * @param holds what the replica holds in addition from now on; after a start its whole contents
     */
    public record Moment(
            int number,
            long nanos,
            int lane,
            Kind kind,
            String text,
            String clock,
            OptionalInt cause,
            List<KeyState> holds) {}

    /** How a message ended. */
    public enum Fate {
        ARRIVED,
        LOST,
        /** It was in flight when the run ended. */
        UNDER_WAY
    }

    /**
     * A message between replicas.
     *
     * @param sent the moment of sending; for a message lost on sending, the moment of the loss
     * @param ended the moment when it arrived or was lost
     * @param label its kind, in two or three words
     * @param text its full content
     * @param carriesData whether it carries writes
     * @param loss why it was lost
     */
    public record Message(
            int from,
            int to,
            int sent,
            OptionalInt ended,
            long delayNanos,
            String label,
            String text,
            boolean carriesData,
            Fate fate,
            Optional<String> loss) {}

    /** The outcome of an operation as its client knows it. */
    public enum Answer {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /**
     * An operation of a client and its result.
     *
     * @param number its index among the operations of the history
     * @param label operation and result in a few characters
     * @param text the same in full
     * @param returned empty if the run ended before
     */
    public record Operation(
            int number,
            int lane,
            int via,
            int invoked,
            OptionalInt returned,
            String label,
            String text,
            boolean isRead,
            Answer answer) {}

    /**
     * A write that a replica buffered.
     *
     * @param ended the moment when it was applied, was superseded, or was lost with the replica's memory
     */
    public record Wait(int lane, int from, OptionalInt ended, String update, String waitsFor) {}

    /** A time when a replica was down or paused. */
    public record Outage(int lane, int from, OptionalInt ended, boolean isPause) {}

    /**
     * A time when a replica led, or wanted to.
     *
     * @param ended when it had another role or term, or stopped
     * @param leads whether it led; otherwise it stood for election
     * @param text the role and the term in words
     */
    public record Reign(int lane, int from, OptionalInt ended, boolean leads, long term, String text) {}

    /**
     * A fault, or its end.
     *
     * @param ended for a partition, when the next partition or the heal of all began; empty for one without end
     * @param isPartition whether it lasts
     */
    public record Disturbance(int from, OptionalInt ended, boolean isPartition, String text) {}

    /**
     * The verdict on one model.
     *
     * @param expected whether the scenario expects that it holds; empty without an expectation
     * @param why the reason if it is violated or undecided; empty if it holds
     * @param operations the indices of the operations of the witness
     * @param endings for {@code converged}, what shows that it is violated
     */
    public record Finding(
            String model,
            String description,
            String verdict,
            Optional<Boolean> expected,
            String why,
            List<Integer> operations,
            List<Ending> endings) {}

    /**
     * What a running replica holds at the end of a run that did not converge.
     *
     * @param letter equal for replicas that hold the same
     */
    public record Ending(int lane, String letter, String text) {}
}

package io.orrery.report.diagram;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happened in a run as the parts of a space-time diagram, without places on a page. Lanes and moments are named by
 * their numbers, which are their places in the lists, from 0.
 *
 * @param moments all events, in their order
 * @param end when the last one happened, in nanoseconds of virtual time
 */
public record Diagram(
        Head head,
        List<Lane> lanes,
        List<Moment> moments,
        List<Message> messages,
        List<Operation> operations,
        List<Wait> waits,
        List<Outage> outages,
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
        disturbances = List.copyOf(disturbances);
        findings = List.copyOf(findings);
    }

    /** What the replicas hold at the end, if they did not converge; else none. */
    List<Ending> endings() {
        return findings.stream().flatMap(it -> it.endings().stream()).toList();
    }

    /** Which run it was. */
    public record Head(String title, String name, String file, String protocol, long seed) {}

    /** The line of a replica or of a client. */
    public record Lane(String name, boolean isReplica) {}

    /** What a moment is the moment of. */
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
        SENT,
        DELIVERED,
        LOST,
        FAULT
    }

    /** What a replica holds for a key from a moment on. The value is empty for a tombstone. */
    public record Held(String key, Optional<String> value, String version) {}

    /**
     * An event.
     *
     * @param lane where it happened; {@link #EVERYWHERE} for a fault of links
     * @param clock the replica's logical clock then; empty where there is none
     * @param cause the moment elsewhere without which it would not have happened: of a delivery the sending, of a request's
     *     arrival the asking, of an answer the replica's last event before it
     * @param holds what the replica holds from now on, besides what it held; after a start all that it holds
     */
    public record Moment(
            int number,
            long nanos,
            int lane,
            Kind kind,
            String text,
            String clock,
            OptionalInt cause,
            List<Held> holds) {}

    /** How a message ended. */
    public enum Fate {
        ARRIVED,
        LOST,
        /** It was under way when the run ended. */
        UNDER_WAY
    }

    /**
     * A message from replica to replica.
     *
     * @param sent the moment of its sending; of a message that was lost before it left, the moment of its loss
     * @param ended the moment when it arrived or was lost
     * @param label what it is, in two or three words
     * @param text all that it says
     * @param carriesData whether it carries writes; else it only tells what is known, or asks
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

    /** How an operation ended, as its client knows. */
    public enum Answer {
        DONE,
        REFUSED,
        UNKNOWN
    }

    /**
     * What a client asked, and what it saw.
     *
     * @param number its place among the operations of the history, from 0
     * @param label what was asked and seen, in a few characters
     * @param text the same in full
     * @param returned empty when the run ended before
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
     * A write that a replica held back.
     *
     * @param ended the moment when it was applied, was superseded, or was lost with the replica's memory
     */
    public record Wait(int lane, int from, OptionalInt ended, String update, String waitsFor) {}

    /** A time when a replica was down or paused. */
    public record Outage(int lane, int from, OptionalInt ended, boolean isPause) {}

    /**
     * Something that was made to go wrong, or was put right.
     *
     * @param ended for a partition, when the next partition or the heal of all began; empty for one without end
     * @param isPartition whether it lasts
     */
    public record Disturbance(int from, OptionalInt ended, boolean isPartition, String text) {}

    /**
     * The verdict on one model.
     *
     * @param expected whether the scenario expects that it holds; empty where it says nothing
     * @param why it is violated or undecided; empty where it holds
     * @param operations the numbers of those that the witness names
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
     * What a replica that runs holds at the end, where not all hold the same.
     *
     * @param letter the same for replicas that hold the same
     */
    public record Ending(int lane, String letter, String text) {}
}

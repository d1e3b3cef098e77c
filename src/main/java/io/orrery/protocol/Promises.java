package io.orrery.protocol;

import java.util.List;

/**
 * The promises of a protocol to its clients, under any loss, delay, duplication and partition, and any crashes and
 * pauses. They end with a wipe, which loses the writes that only one replica had.
 *
 * @param models the consistency models that hold, by name, without those that they imply
 * @param moving whether they hold even for clients that change replicas with their session token; otherwise for clients
 *     that stay at one replica
 */
public record Promises(List<String> models, boolean moving) {
    public static final Promises NONE = new Promises(List.of(), false);

    public Promises {
        models = List.copyOf(models);
    }

    /** For clients that stay at one replica. */
    public static Promises toStaying(String... models) {
        return new Promises(List.of(models), false);
    }

    /** For clients that may change replicas. */
    public static Promises toMoving(String... models) {
        return new Promises(List.of(models), true);
    }
}

package io.orrery.protocol;

import java.util.List;

/**
 * What a protocol promises to its clients: whatever messages are lost, late, doubled or cut off, and whichever replicas
 * crash and pause. A wiped replica forgets what only it had, and with it the promises.
 *
 * @param models the consistency models that hold, by name; what follows from them is not named
 * @param moving whether they hold for clients that change replicas too, with the session of their last answer; else they
 *     hold for clients that stay at one replica
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

    /** For clients that change replicas too. */
    public static Promises toMoving(String... models) {
        return new Promises(List.of(models), true);
    }
}

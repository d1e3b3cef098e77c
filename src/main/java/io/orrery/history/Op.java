package io.orrery.history;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;

/**
 * An operation as its client saw it: invocation and completion.
 *
 * @param number its place among the operations of the history, by invocation, from 0
 * @param invocation the event that began it
 * @param completion the event that ended it; null if there is none
 * @param invokedAt the place of the invocation among the events of the history, from 0
 * @param completedAt the place of the completion among the events; {@link #NEVER} if the outcome is unknown
 */
public record Op(int number, Event invocation, Event completion, int invokedAt, int completedAt) {
    /** The place of a completion that never came: after all events. */
    public static final int NEVER = Integer.MAX_VALUE;

    /** It happened, and its client knows. */
    public boolean isOk() {
        return completion != null && completion.type() == Event.Type.OK;
    }

    /** It did not happen. */
    public boolean isFailed() {
        return completion != null && completion.type() == Event.Type.FAIL;
    }

    /** The outcome is unknown: it may have taken effect at any time since it began, or never. */
    public boolean isUnknown() {
        return completion == null || completion.type() == Event.Type.INFO;
    }

    public String process() {
        return invocation.process();
    }

    public Event.Function f() {
        return invocation.f();
    }

    public Key key() {
        return invocation.key();
    }

    public boolean isRead() {
        return f() == Event.Function.READ;
    }

    /** Whether it is a write or a delete, which is a write of absence. */
    public boolean isWrite() {
        return f() == Event.Function.WRITE || f() == Event.Function.DELETE;
    }

    public boolean isCas() {
        return f() == Event.Function.CAS;
    }

    /** Whether the comparison of a cas is known to have been made and not to have matched. */
    public boolean isMismatch() {
        return isCas() && isOk() && Boolean.FALSE.equals(completion.result());
    }

    /**
     * The value that a read saw or another operation writes; null for absence. A write that was invoked without a
     * value, because the server chooses it, has the value of its completion.
     */
    public Value value() {
        if (!isRead()) {
            boolean chosen = f() == Event.Function.WRITE && invocation.value() == null && completion != null;
            return chosen ? completion.value() : invocation.value();
        }
        return isOk() ? completion.value() : null;
    }

    /** What a cas compares with. */
    public Value expected() {
        return invocation.expected();
    }

    /** The version that it made or saw; null if none was recorded or it is not known to have happened. */
    public Version version() {
        return isOk() ? completion.version() : null;
    }

    /** The replica that was asked; null if not recorded. */
    public NodeId node() {
        return completion != null && completion.node() != null ? completion.node() : invocation.node();
    }

    /** In words: {@code carol read x = 1}. */
    public String words() {
        String who = process() + " ";
        String unknown = isUnknown() ? " (outcome unknown)" : isFailed() ? " (failed)" : "";
        String version = version() == null ? "" : " at version " + version();
        return switch (f()) {
            case READ -> who + "read " + key() + (isOk() ? " = " + shown(value()) : "") + version + unknown;
            case WRITE -> who + "wrote " + key() + " = " + shown(value()) + version + unknown;
            case DELETE -> who + "deleted " + key() + version + unknown;
            case CAS ->
                who + "compared " + key() + " with " + shown(expected())
                        + (isMismatch() ? " and found another value" : " and set " + shown(value())) + unknown;
        };
    }

    private static String shown(Value value) {
        return value == null ? "nothing" : EdnText.shown(value);
    }

    @Override
    public String toString() {
        return words();
    }
}

package io.orrery.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's own name for a write: where it is sent again with the same name, it is carried out once. Written {@code NAME} or
 * {@code NAME;after=N}. Replicas forget names in time; a client that says when it made a name is told of that, in the place of
 * a second effect.
 *
 * @param name 1 to {@value #MOST_LETTERS} letters, digits, dots, dashes, underscores, tildes and colons, unique among all clients
 * @param after the counter of a version, or the clock of a replica, that the client knew before it made the name; empty where the
 *     client takes the risk
 */
public record RequestId(String name, OptionalLong after) {
    public static final int MOST_LETTERS = 64;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._~:-]{1,64})(?:;after=(\\d{1,18}))?");

    /** @throws IllegalArgumentException when the name has another form */
    public RequestId {
        Objects.requireNonNull(after, "after");
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches() || matcher.group(2) != null) {
            throw malformed(name);
        }
    }

    /** One that does not say when it was made. */
    public static RequestId of(String name) {
        return new RequestId(name, OptionalLong.empty());
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static RequestId parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw malformed(text);
        }
        String after = matcher.group(2);
        return new RequestId(
                matcher.group(1), after == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(after)));
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("a request id is NAME or NAME;after=N, with a NAME of 1 to " + MOST_LETTERS
                + " letters, digits and . _ ~ : -, not \"" + Printable.of(text) + "\"");
    }

    @JsonValue
    @Override
    public String toString() {
        return after.isPresent() ? name + ";after=" + after.getAsLong() : name;
    }
}

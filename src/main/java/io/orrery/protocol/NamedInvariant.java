package io.orrery.protocol;

import java.util.regex.Pattern;

/**
 * Something that must always hold of a protocol.
 *
 * @param name lower-case words with hyphens between them, by which a scenario file asks for it
 * @param sentence what holds, in one sentence for people
 */
public record NamedInvariant(String name, String sentence) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** @throws IllegalArgumentException when the name is of another form, or there is no sentence */
    public NamedInvariant {
        if (!NAME.matcher(name).matches() || sentence.isBlank()) {
            throw new IllegalArgumentException(
                    "an invariant has a name of lower-case words with hyphens, and a sentence: \"" + name + "\"");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

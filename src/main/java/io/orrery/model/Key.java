package io.orrery.model;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A key of the store: 1 to {@value #MAX_BYTES} bytes of UTF-8. Keys are ordered as text. */
public record Key(String name) implements Comparable<Key> {
    public static final int MAX_BYTES = 1024;

    /** @throws IllegalArgumentException when the key is empty, too long, or not encodable as UTF-8 */
    public Key {
        Objects.requireNonNull(name, "name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a key may not be empty");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("a key must be valid Unicode (it has an unpaired surrogate)");
        }
        // One UTF-16 unit is at most three bytes of UTF-8: most keys need no encoding to be known as short enough.
        if (name.length() > MAX_BYTES / 3) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "a key is at most " + MAX_BYTES + " bytes of UTF-8, and this one has " + bytes);
            }
        }
    }

    public static Key of(String name) {
        return new Key(name);
    }

    // Written out, as these run several times for each write: the generated ones go through a method handle.
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Key that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(Key other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}

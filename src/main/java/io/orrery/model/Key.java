package io.orrery.model;

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
        long bytes = bytesOf(name);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a key is at most " + MAX_BYTES + " bytes of UTF-8, and this one has " + bytes);
        }
    }

    /** The length in UTF-8, computed without encoding, because each received message creates keys. */
    private static long bytesOf(String name) {
        long bytes = name.length();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
            } else if (i + 1 < name.length() && Character.isSurrogatePair(c, name.charAt(i + 1))) {
                bytes += 2; // Four bytes for two UTF-16 units.
                i++;
            } else {
                throw new IllegalArgumentException("a key must be valid Unicode (it has an unpaired surrogate)");
            }
        }
        return bytes;
    }

    public static Key of(String name) {
        return new Key(name);
    }

    // Written by hand, because these run several times per write, and the generated ones go through a method handle.
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

    /** For people; programs use {@link #name}. */
    @Override
    public String toString() {
        return Printable.of(name);
    }
}

package io.orrery.model;

import java.util.Objects;

/**
 * The name of a replica, unique in its deployment. Node ids are ordered as text (by UTF-16 code unit); this order
 * breaks ties between Lamport timestamps.
 */
public record NodeId(String name) implements Comparable<NodeId> {
    private static final ParseCache<NodeId> PARSED = new ParseCache<>(NodeId::new);

    /** @throws IllegalArgumentException when the name is not 1 to 64 letters, digits, '-', '_' or '.' */
    public NodeId {
        Objects.requireNonNull(name, "name");
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "a replica id is 1 to 64 letters, digits, '-', '_' or '.', not \"" + name + "\"");
        }
    }

    public static NodeId of(String name) {
        return PARSED.get(name);
    }

    private static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > 64) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letterOrDigit && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    // Written by hand, because these run for each delivered message, and the generated ones go through a method handle.
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof NodeId that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(NodeId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}

package io.orrery.network;

import io.orrery.model.Key;
import io.orrery.protocol.Message;
import java.util.Comparator;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The messages of a link that a rule applies to: all, those about a key, those of a kind, or those of a kind about a
 * key. Kinds are those of {@link Message#kind()}; a message that carries several keys is about none.
 *
 * <p>Ordered from the most special to the most general: kind and key, key, kind, all.
 */
public record Selector(Optional<Key> key, Optional<String> kind) implements Comparable<Selector> {
    public static final Selector ALL = new Selector(Optional.empty(), Optional.empty());

    private static final Comparator<Selector> ORDER = Comparator.comparing((Selector it) -> it.key.isEmpty())
            .thenComparing(it -> it.kind.isEmpty())
            .thenComparing(it -> it.key.map(Key::name).orElse(""))
            .thenComparing(it -> it.kind.orElse(""));

    public static Selector key(Key key) {
        return new Selector(Optional.of(key), Optional.empty());
    }

    public static Selector kind(String kind) {
        return new Selector(Optional.empty(), Optional.of(kind));
    }

    public boolean isAll() {
        return key.isEmpty() && kind.isEmpty();
    }

    public boolean matches(Message message) {
        return (kind.isEmpty() || kind.get().equals(message.kind())) && (key.isEmpty() || key.equals(message.key()));
    }

    @Override
    public int compareTo(Selector other) {
        return ORDER.compare(this, other);
    }

    /** For people: {@code key y}, {@code kind update}, {@code key y, kind update}; nothing for all. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ");
        key.ifPresent(it -> text.add("key " + it));
        kind.ifPresent(it -> text.add("kind " + it));
        return text.toString();
    }
}

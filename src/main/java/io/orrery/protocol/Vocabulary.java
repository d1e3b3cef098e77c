package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What replicas of a protocol say to each other, and what they keep. It belongs to the protocol, or to its family: the same
 * name may mean something else in another one.
 *
 * @param kinds of the messages, as {@link Message#kind()} tells them
 * @param messages the classes of the messages, each with a {@code JsonTypeName} of its own
 * @param entries the classes of the journal entries, each with a {@code JsonTypeName} of its own
 */
public record Vocabulary(
        List<String> kinds, List<Class<? extends Message>> messages, List<Class<? extends JournalEntry>> entries) {
    /** Of a protocol whose replicas say nothing, and keep nothing. */
    public static final Vocabulary EMPTY = new Vocabulary(List.of(), List.of(), List.of());

    /** @throws IllegalArgumentException when a class has no name, or two have the same */
    public Vocabulary {
        kinds = List.copyOf(kinds);
        messages = List.copyOf(messages);
        entries = List.copyOf(entries);
        requireNames("messages", messages);
        requireNames("journal entries", entries);
    }

    /** By its name a class is found again, on disk and on the wire. */
    private static void requireNames(String what, List<? extends Class<?>> classes) {
        Map<String, Class<?>> named = new HashMap<>();
        for (Class<?> type : classes) {
            JsonTypeName name = type.getAnnotation(JsonTypeName.class);
            if (name == null) {
                throw new IllegalArgumentException(
                        type.getName() + " needs a @JsonTypeName, by which it is found again");
            }
            Class<?> other = named.putIfAbsent(name.value(), type);
            if (other != null) {
                throw new IllegalArgumentException("two " + what + " are called \"" + name.value() + "\": "
                        + other.getName() + " and " + type.getName() + "; one of them needs another name");
            }
        }
    }

    /**
     * Of sealed interfaces: each class that they permit is one.
     *
     * @param kinds of the messages
     */
    public static Vocabulary of(
            List<String> kinds, Class<? extends Message> messages, Class<? extends JournalEntry> entries) {
        return new Vocabulary(
                kinds,
                permitted(messages, Message.class).toList(),
                permitted(entries, JournalEntry.class).toList());
    }

    private static <T> Stream<Class<? extends T>> permitted(Class<?> type, Class<T> base) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(it -> permitted(it, base))
                : Stream.of(type.asSubclass(base));
    }

    /** This one, and before it what it stands on. */
    public Vocabulary on(Vocabulary other) {
        return new Vocabulary(both(kinds, other.kinds), both(other.messages, messages), both(other.entries, entries));
    }

    private static <T> List<T> both(Collection<? extends T> some, Collection<? extends T> others) {
        return Stream.<T>concat(some.stream(), others.stream()).toList();
    }
}

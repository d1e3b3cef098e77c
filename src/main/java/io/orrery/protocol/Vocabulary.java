package io.orrery.protocol;

import java.util.Collection;
import java.util.List;
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

    public Vocabulary {
        kinds = List.copyOf(kinds);
        messages = List.copyOf(messages);
        entries = List.copyOf(entries);
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

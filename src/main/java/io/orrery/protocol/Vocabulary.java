package io.orrery.protocol;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The messages and journal entries of a protocol or family. The same name may mean something else in another
 * vocabulary.
 *
 * @param kinds the kinds of the messages: see {@link Message#kind()}
 * @param messages the classes of the messages, each with a {@code JsonTypeName} of its own
 * @param entries the classes of the journal entries, each with a {@code JsonTypeName} of its own
 */
public record Vocabulary(
        List<String> kinds, List<Class<? extends Message>> messages, List<Class<? extends JournalEntry>> entries) {
    /** No messages and no entries. */
    public static final Vocabulary EMPTY = new Vocabulary(List.of(), List.of(), List.of());

    /** @throws IllegalArgumentException when a class has no name, or two have the same */
    public Vocabulary {
        kinds = List.copyOf(kinds);
        messages = List.copyOf(messages);
        entries = List.copyOf(entries);
        requireNames("messages", messages);
        requireNames("journal entries", entries);
    }

    /** Type names identify classes on disk and on the wire. */
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
     * The vocabulary of sealed interfaces: all classes that they permit.
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

    /** This vocabulary after another one on which it builds. */
    public Vocabulary on(Vocabulary other) {
        return new Vocabulary(both(kinds, other.kinds), both(other.messages, messages), both(other.entries, entries));
    }

    private static <T> List<T> both(Collection<? extends T> some, Collection<? extends T> others) {
        return Stream.<T>concat(some.stream(), others.stream()).toList();
    }
}

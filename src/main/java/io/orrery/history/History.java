package io.orrery.history;

import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The events of a run in the order in which they were seen, and the operations that they pair up to. That order is the
 * real-time order: an operation came before another if its completion stands before the other's invocation.
 */
public final class History {
    private final List<Event> events;
    private final List<Op> ops;
    private final List<String> warnings;

    private History(List<Event> events, List<Op> ops, List<String> warnings) {
        this.events = Collections.unmodifiableList(events);
        this.ops = Collections.unmodifiableList(ops);
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Pairs events that were recorded in memory, in the order of the list.
     *
     * @throws MalformedHistoryException when they do not pair up; the line is the place in the list, from 1
     */
    public static History of(List<Event> events) {
        Builder builder = builder("history");
        for (int i = 0; i < events.size(); i++) {
            builder.add(events.get(i), i + 1);
        }
        return builder.asTheyStand(List.of());
    }

    /** @param source the name for error messages, such as a file name */
    public static Builder builder(String source) {
        return new Builder(source);
    }

    public List<Event> events() {
        return events;
    }

    /** All operations, by invocation. */
    public List<Op> ops() {
        return ops;
    }

    /** Warnings about the source and how it was interpreted: sentences that name the source. */
    public List<String> warnings() {
        return warnings;
    }

    /** Takes events one by one and pairs completions with invocations. */
    public static final class Builder {
        private final String source;
        private final List<Event> events = new ArrayList<>();
        private final List<Op> ops = new ArrayList<>();
        private final Map<String, Last> lastOf = new HashMap<>();
        private final EventOrder order = new EventOrder();
        private final List<String> warnings = new ArrayList<>();
        /** The current name of each process. */
        private final Map<String, String> nameOf = new HashMap<>();

        private final Set<String> names = new HashSet<>();
        /** The first process that continued after an info, and how many did. */
        private String wentOn;

        private int wentOnCount;

        /** The last operation of a process, and the line where it began or ended. */
        private static final class Last {
            private Event invocation;
            private Event completion;
            private int number;
            private int invokedAt;
            private long line;

            private boolean isUnknown() {
                return completion != null && completion.type() == Event.Type.INFO;
            }
        }

        private Builder(String source) {
            this.source = source;
        }

        /** Adds the next event, without an index. */
        public Builder add(Event event, long line) {
            return add(event, null, line);
        }

        /**
         * Adds the next event.
         *
         * @param index the event's own index; null if it has none
         * @param line where it stands in the source, from 1
         * @throws MalformedHistoryException when a process has two open operations, or completes what it did not begin
         *     or has completed already
         */
        public Builder add(Event given, Long index, long line) {
            String name = nameOf.computeIfAbsent(given.process(), this::freeName);
            Last last = lastOf.get(name);
            boolean goesOn = given.type() == Event.Type.INVOKE && last != null && last.isUnknown();
            if (goesOn) {
                String next = freeName(given.process());
                tellOf(given.process(), next, last, line);
                nameOf.put(given.process(), next);
                name = next;
                last = null;
            }
            Event event = (name.equals(given.process()) ? given : given.by(name)).canonical();
            if (event.type() == Event.Type.INVOKE) {
                begin(event, last, line);
            } else {
                end(event, last, line);
            }
            events.add(event);
            order.add(event, index, line);
            return this;
        }

        /** The name itself, or {@code name/2} if it is taken. */
        private String freeName(String name) {
            String free = name;
            for (int i = 2; !names.add(free); i++) {
                free = name + "/" + i;
            }
            return free;
        }

        private void tellOf(String process, String next, Last last, long line) {
            wentOnCount++;
            if (wentOn == null) {
                wentOn = String.format(
                        "%s:%d: process %s goes on after its info of line %d; that operation stays open to the end, and "
                                + "its operations from here on count as another process, %s",
                        source, line, process, last.line, next);
            }
        }

        private void begin(Event event, Last last, long line) {
            if (last != null && last.completion == null) {
                throw malformed(
                        line,
                        "process %s invokes a %s while its %s of line %d is still open; a process has one operation "
                                + "open at a time",
                        event.process(),
                        event.f(),
                        last.invocation.f(),
                        last.line);
            }
            Last next = last == null ? new Last() : last;
            next.invocation = event;
            next.completion = null;
            next.number = ops.size();
            next.invokedAt = events.size();
            next.line = line;
            lastOf.put(event.process(), next);
            ops.add(new Op(next.number, event, null, next.invokedAt, Op.NEVER));
        }

        private void end(Event event, Last last, long line) {
            if (last == null) {
                throw malformed(
                        line,
                        "process %s completes a %s (%s) without an invocation; an invoke comes first",
                        event.process(),
                        event.f(),
                        event.type());
            }
            if (last.completion != null) {
                throw malformed(
                        line,
                        "process %s completes its %s twice, the first time in line %d; an operation completes once",
                        event.process(),
                        last.invocation.f(),
                        last.line);
            }
            Event invocation = last.invocation;
            if (invocation.f() != event.f() || !invocation.key().equals(event.key())) {
                throw malformed(
                        line,
                        "process %s completes a %s of %s, but it began a %s of %s in line %d",
                        event.process(),
                        event.f(),
                        event.key(),
                        invocation.f(),
                        invocation.key(),
                        last.line);
            }
            if (event.type() == Event.Type.OK && !isOf(event, invocation)) {
                throw malformed(
                        line,
                        "process %s completes a %s of %s, but it began one of %s in line %d",
                        event.process(),
                        event.f(),
                        what(event),
                        what(invocation),
                        last.line);
            }
            int completedAt = event.type() == Event.Type.INFO ? Op.NEVER : events.size();
            ops.set(last.number, new Op(last.number, invocation, event, last.invokedAt, completedAt));
            last.completion = event;
            last.line = line;
        }

        /** Whether a completion matches an invocation; an invocation without a value matches any value. */
        private static boolean isOf(Event completion, Event invocation) {
            return switch (completion.f()) {
                case READ, DELETE -> true;
                case WRITE ->
                    invocation.value() == null
                            || completion.value() == null
                            || invocation.value().equals(completion.value());
                case CAS ->
                    Objects.equals(invocation.expected(), completion.expected())
                            && Objects.equals(invocation.value(), completion.value());
            };
        }

        private static String what(Event event) {
            return event.f() == Event.Function.CAS
                    ? "[" + shown(event.expected()) + "," + shown(event.value()) + "]"
                    : shown(event.value());
        }

        private static String shown(Value value) {
            return value == null ? "null" : EdnText.shown(value);
        }

        /**
         * The history so far, in the declared order; operations without a completion stay open. A warning says if the
         * lines were in another order.
         */
        public History build() {
            List<String> told = new ArrayList<>(warnings);
            if (wentOn != null) {
                told.add(wentOnCount == 1 ? wentOn : wentOn + " (the first of " + wentOnCount + " times)");
            }
            String contradiction = order.contradiction();
            if (contradiction == null) {
                return asTheyStand(told);
            }
            Event[] sorted = order.sorted(events);
            if (sorted == null) {
                told.add(source + ": " + contradiction
                        + ", and sorting would reorder the operations of a process; the lines are taken as they stand");
                return asTheyStand(told);
            }
            Builder again = new Builder(source);
            for (Event event : sorted) {
                // The order within each process is unchanged, so the pairs are the same.
                again.add(event, 0);
            }
            told.add(source + ": " + contradiction + "; the events were put in order");
            return again.asTheyStand(told);
        }

        private History asTheyStand(List<String> told) {
            List<Event> resolved = ComparedVersions.resolve(events, ops);
            if (resolved == events) {
                return paired(told);
            }
            Builder again = new Builder(source);
            resolved.forEach(event -> again.add(event, 0));
            return again.paired(told);
        }

        private History paired(List<String> told) {
            return new History(new ArrayList<>(events), new ArrayList<>(ops), told);
        }

        /** Warns about a line that is accepted. */
        void warn(long line, String what) {
            warn(source + ":" + line + ": " + what);
        }

        void warn(String warning) {
            warnings.add(warning);
        }

        MalformedHistoryException malformed(long line, String problem, Object... details) {
            return new MalformedHistoryException(source, line, String.format(problem, details));
        }
    }
}

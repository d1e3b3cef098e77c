package io.orrery.explore.matrix;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.matrix.SmallHistories.Small;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Which consistency models differ, and by which smallest history: for each ordered pair of models one that satisfies the first
 * and violates the second, with the fewest operations that do. That there is no smaller one is shown by trying all. Where there
 * is none up to a size, the first model implies the second as far as histories of that size can tell.
 *
 * <p>Values are written once and nothing is deleted. Two models look at more than that: linearizability at real time, and
 * monotonic writes at the order that versions give to the writes of a session. One history of two operations each tells
 * them apart from the models that do not.
 */
public final class ModelMatrix {
    private static final List<Model> MODELS =
            Stream.of(Model.values()).filter(Model::judgesHistories).toList();
    /** The models that do not look at real time. */
    private static final List<Model> TIMELESS =
            MODELS.stream().filter(model -> model != Model.LINEARIZABLE).toList();

    private final int most;
    private final Map<Model, Map<Model, History>> found = new EnumMap<>(Model.class);
    private long histories;

    private ModelMatrix(int most) {
        this.most = most;
        MODELS.forEach(model -> found.put(model, new EnumMap<>(Model.class)));
    }

    /**
     * Tries all histories.
     *
     * @param most how many operations they have at the most
     * @param progress told now and then how many histories have been judged
     */
    public static ModelMatrix upTo(int most, LongConsumer progress) {
        ModelMatrix matrix = new ModelMatrix(most);
        for (int size = 1; size <= most; size++) {
            SmallHistories.ofSize(size, small -> {
                matrix.judge(small);
                if (++matrix.histories % 1000 == 0) {
                    progress.accept(matrix.histories);
                }
            });
            if (size == 2) {
                matrix.add(lateRead(), Model.LINEARIZABLE);
                matrix.add(reversedWrites(), Model.MONOTONIC_WRITES);
            }
        }
        return matrix;
    }

    /** What a model looks at that the histories do not tell, one history tells. */
    private void add(History history, Model special) {
        Map<Model, Verdict> verdicts = Checker.check(history, MODELS, CheckOptions.DEFAULT);
        for (Model model : MODELS) {
            if (verdicts.get(model) instanceof Verdict.Holds && verdicts.get(special) instanceof Verdict.Violated) {
                found.get(model).putIfAbsent(special, history);
            }
        }
    }

    private void judge(Small small) {
        Set<Model> satisfied = SmallVerdicts.satisfied(small);
        if (satisfied.contains(Model.SEQUENTIAL)) {
            return; // It satisfies all.
        }
        History history = null;
        for (Model one : satisfied) {
            for (Model other : TIMELESS) {
                if (!satisfied.contains(other) && !found.get(one).containsKey(other)) {
                    history = history == null ? history(small) : history;
                    found.get(one).put(other, history);
                }
            }
        }
    }

    /** A read that comes after a write and does not see it. */
    private static History lateRead() {
        return new Story()
                .alone("A", "x", 1, true, null)
                .alone("B", "x", null, false, null)
                .history();
    }

    /** Of two writes of one session the later one has the lower version. */
    private static History reversedWrites() {
        return new Story()
                .alone("A", "x", 1, true, Version.numbered(2))
                .alone("A", "x", 2, true, Version.numbered(1))
                .history();
    }

    /** The operations of all processes side by side, in rounds. */
    static History history(Small small) {
        Story story = new Story();
        int rounds = Arrays.stream(small.lengths()).max().orElse(0);
        for (int round = 0; round < rounds; round++) {
            int start = 0;
            for (int process = 0; process < small.lengths().length; process++) {
                if (round < small.lengths()[process]) {
                    int at = start + round;
                    int value = small.values()[at];
                    boolean isWrite = value == SmallHistories.WRITE;
                    story.begin(
                            name('A', process),
                            name('x', small.keys()[at]),
                            isWrite
                                    ? Integer.valueOf(valueOf(small, at))
                                    : value < 0 ? null : (Integer) valueOf(small, value),
                            isWrite,
                            null);
                }
                start += small.lengths()[process];
            }
            story.endAll();
        }
        return story.history();
    }

    private static String name(char first, int number) {
        return String.valueOf((char) (first + number));
    }

    /** Writes of one key are numbered from 1. */
    private static int valueOf(Small small, int write) {
        int value = 1;
        for (int i = 0; i < write; i++) {
            if (small.isWrite(i) && small.keys()[i] == small.keys()[write]) {
                value++;
            }
        }
        return value;
    }

    /** Builds a history, in rounds of operations that overlap. */
    private static final class Story {
        private static final long ROUND = 100_000_000;
        private static final long TAKES = 60_000_000;

        private final List<Event> events = new ArrayList<>();
        private final List<Event> open = new ArrayList<>();
        private long now;

        /** An operation by itself. */
        Story alone(String process, String key, Integer value, boolean isWrite, Version version) {
            begin(process, key, value, isWrite, version);
            return endAll();
        }

        void begin(String process, String key, Integer value, boolean isWrite, Version version) {
            Event.Function function = isWrite ? Event.Function.WRITE : Event.Function.READ;
            Value of = value == null ? null : Value.of(value);
            events.add(Event.invoke(now, process, function, Key.of(key), isWrite ? of : null));
            open.add(Event.ok(now + TAKES, process, function, Key.of(key), of, version));
        }

        Story endAll() {
            events.addAll(open);
            open.clear();
            now += ROUND;
            return this;
        }

        History history() {
            return History.of(events);
        }
    }

    /** The models that are compared. */
    public static List<Model> models() {
        return MODELS;
    }

    /** How many operations the largest histories had. */
    public int most() {
        return most;
    }

    /** How many histories there are, up to names. */
    public long histories() {
        return histories;
    }

    /** A smallest history that satisfies one model and violates the other; empty if there is none up to {@link #most}. */
    public Optional<History> between(Model satisfied, Model violated) {
        return Optional.ofNullable(found.get(satisfied).get(violated));
    }
}

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Which consistency models differ, and by which smallest history: for each ordered pair of models one that satisfies the first
 * and violates the second, with the fewest operations that do. That there is no smaller one is shown by trying all. Where there
 * is none up to a size, the first model implies the second as far as histories of that size can tell.
 *
 * <p>Values are written once and nothing is deleted. Real time, which linearizability alone looks at, is told apart by one
 * history: that a read comes after a write and does not see it.
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
                matrix.addRealTime();
            }
        }
        return matrix;
    }

    /** A read that comes after a write and does not see it satisfies all models but linearizability. */
    private void addRealTime() {
        History late =
                new Story().add("A", "x", 1, true).add("B", "x", null, false).history();
        Map<Model, Verdict> verdicts = Checker.check(late, MODELS, CheckOptions.DEFAULT);
        for (Model model : TIMELESS) {
            if (verdicts.get(model) instanceof Verdict.Holds
                    && verdicts.get(Model.LINEARIZABLE) instanceof Verdict.Violated) {
                found.get(model).put(Model.LINEARIZABLE, late);
            }
        }
    }

    private void judge(Small small) {
        if (isSequential(small, new int[small.lengths().length], new int[small.size()], 0)) {
            return; // It satisfies all.
        }
        History history = history(small);
        Map<Model, Verdict> verdicts = Checker.check(history, TIMELESS, CheckOptions.DEFAULT);
        for (Model satisfied : TIMELESS) {
            if (verdicts.get(satisfied) instanceof Verdict.Holds) {
                for (Model violated : TIMELESS) {
                    if (verdicts.get(violated) instanceof Verdict.Violated) {
                        found.get(satisfied).putIfAbsent(violated, history);
                    }
                }
            }
        }
    }

    /** Whether one order of all operations explains all reads: tried in full, which is quick for a few operations. */
    private static boolean isSequential(Small small, int[] done, int[] shown, int count) {
        if (count == small.size()) {
            return true;
        }
        int start = 0;
        for (int process = 0; process < done.length; process++) {
            int at = start + done[process];
            start += small.lengths()[process];
            if (done[process] == small.lengths()[process]) {
                continue;
            }
            int key = small.keys()[at];
            int value = small.values()[at];
            int before = shown[key];
            // Places are told from 1 here, so that 0 is nothing.
            if (value == SmallHistories.WRITE) {
                shown[key] = at + 1;
            } else if (before != value + 1) {
                continue;
            }
            done[process]++;
            boolean isExplained = isSequential(small, done, shown, count + 1);
            done[process]--;
            shown[key] = before;
            if (isExplained) {
                return true;
            }
        }
        return false;
    }

    /** The operations of all processes side by side, in rounds. */
    private static History history(Small small) {
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
                            isWrite);
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
            if (small.values()[i] == SmallHistories.WRITE && small.keys()[i] == small.keys()[write]) {
                value++;
            }
        }
        return value;
    }

    /** Builds a history. */
    private static final class Story {
        private final List<Event> events = new ArrayList<>();
        private final List<Event> open = new ArrayList<>();

        /** An operation by itself. */
        Story add(String process, String key, Integer value, boolean isWrite) {
            begin(process, key, value, isWrite);
            return endAll();
        }

        void begin(String process, String key, Integer value, boolean isWrite) {
            Value of = value == null ? null : Value.of(value);
            events.add(event(process, Event.Type.INVOKE, isWrite, key, isWrite ? of : null));
            open.add(event(process, Event.Type.OK, isWrite, key, of));
        }

        Story endAll() {
            events.addAll(open);
            open.clear();
            return this;
        }

        History history() {
            return History.of(events);
        }

        private Event event(String process, Event.Type type, boolean isWrite, String key, Value value) {
            return new Event(
                    events.size() + open.size(),
                    process,
                    type,
                    isWrite ? Event.Function.WRITE : Event.Function.READ,
                    Key.of(key),
                    value,
                    null,
                    null,
                    null,
                    null,
                    null);
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

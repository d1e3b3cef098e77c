package io.orrery.bench;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import io.orrery.history.HistoryReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The time of checks. Each case generates a history from a seed; every model tested holds for it. */
public final class CheckBenchmark {
    /** Enough for the JIT compiler to finish. */
    private static final int WARM_UP_ROUNDS = 30;

    private final int rounds;
    private final long seed;

    /**
     * A history to judge.
     *
     * @param limit the longest acceptable time; null for cases that only show how the time grows
     */
    public record Case(Model model, int operations, int processes, int keys, Duration limit) {}

    /**
     * One result.
     *
     * @param name what was judged, by which model
     * @param operations the total over all histories
     * @param processes 0 if the histories differ in it
     * @param seconds the time of the check alone unless the name says more; by rounds
     * @param limit for the median; null if there is none
     */
    public record Figure(String name, long operations, int processes, int keys, Spread seconds, Duration limit) {
        public boolean isMet() {
            return limit == null || seconds.median() <= limit.toNanos() / 1e9;
        }
    }

    /**
     * @param rounds how often each case is measured
     * @param seed decides the contents of the histories
     */
    public CheckBenchmark(int rounds, long seed) {
        this.rounds = rounds;
        this.seed = seed;
    }

    /** The cases with a limit, smallest first. */
    public static List<Case> limits() {
        return List.of(
                new Case(Model.SEQUENTIAL, 600, 4, 5, Duration.ofSeconds(2)),
                new Case(Model.CAUSAL_CM, 10_000, 50, 100, Duration.ofSeconds(5)),
                new Case(Model.CAUSAL_CC, 200_000, 50, 1000, Duration.ofSeconds(3)),
                new Case(Model.CAUSAL_CCV, 200_000, 50, 1000, Duration.ofSeconds(3)),
                new Case(Model.LINEARIZABLE, 100_000, 20, 10, Duration.ofSeconds(2)),
                new Case(Model.LINEARIZABLE, 1_000_000, 20, 10, Duration.ofSeconds(30)));
    }

    /** Cases that show how the time grows with operations, then with keys, then with processes. */
    public static List<Case> growth() {
        List<Case> cases = new ArrayList<>();
        for (Model model : Model.values()) {
            if (model.judgesHistories()) {
                int base = model == Model.SEQUENTIAL
                        ? 500
                        : model == Model.CAUSAL_CM || model == Model.PRAM ? 5_000 : 50_000;
                int few = model == Model.SEQUENTIAL ? 4 : 10;
                for (int times = 1; times <= 4; times *= 2) {
                    cases.add(new Case(model, base * times, few, 50, null));
                }
                for (int keys : new int[] {5, 500}) {
                    cases.add(new Case(model, base, few, keys, null));
                }
                for (int times = 2; times <= 4; times *= 2) {
                    cases.add(new Case(model, base, few * times, 50, null));
                }
            }
        }
        return cases;
    }

    /** Measures the check alone, without generating the history. */
    public Figure measure(Case judged) {
        History history = history(judged);
        return measure(judged, judged.model().id(), () -> {
            Verdict verdict = Checker.check(history, judged.model(), CheckOptions.DEFAULT);
            if (!(verdict instanceof Verdict.Holds)) {
                throw new IllegalStateException("a history that is " + judged.model() + " was judged " + verdict);
            }
            return verdict;
        });
    }

    /** Measures another judge of a case's history, under the given name. */
    public Figure measure(Case judged, String name, Callable<?> check) {
        Spread seconds = Spread.measure(0, rounds, () -> seconds(check));
        return new Figure(name, judged.operations(), judged.processes(), judged.keys(), seconds, judged.limit());
    }

    /**
     * The history of a case: sequentially consistent for causal memory and PRAM, not so for the other causal models and
     * the session guarantees.
     */
    public History history(Case judged) {
        int operations = judged.operations();
        int processes = judged.processes();
        int keys = judged.keys();
        return switch (judged.model()) {
            case LINEARIZABLE -> HistoryGenerator.linearizable(operations, processes, keys, seed);
            case SEQUENTIAL, CAUSAL_CM, PRAM -> HistoryGenerator.sequential(operations, processes, keys, seed);
            default -> HistoryGenerator.convergent(operations, processes, keys, seed);
        };
    }

    /**
     * Judges all histories of a folder (porcupine's etcd histories) by {@code linearizable} in a warm JVM.
     *
     * @throws IOException if a file cannot be read
     */
    public Figure warm(Path folder, Duration limit) throws IOException {
        List<History> histories = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl")) {
            for (Path file : files) {
                histories.add(HistoryReader.read(file));
            }
        }
        Callable<?> check = () -> histories.stream()
                .map(history -> Checker.check(history, Model.LINEARIZABLE, CheckOptions.DEFAULT))
                .toList();
        Spread seconds = Spread.measure(WARM_UP_ROUNDS, rounds, () -> seconds(check));
        long operations = histories.stream().mapToLong(h -> h.ops().size()).sum();
        return new Figure("linearizable, " + folder.getFileName(), operations, 0, 1, seconds, limit);
    }

    private static double seconds(Callable<?> check) {
        long start = System.nanoTime();
        try {
            check.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a history could not be judged: " + e.getMessage(), e);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}

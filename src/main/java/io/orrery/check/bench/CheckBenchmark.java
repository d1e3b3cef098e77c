package io.orrery.check.bench;

import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Options;
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

/** How long verdicts take. Each case makes its history by a fixed seed, and must hold. */
public final class CheckBenchmark {
    private static final long SEED = 1;

    private CheckBenchmark() {}

    /**
     * One measured case.
     *
     * @param name what was judged, by which model
     * @param operations of the history or histories together
     * @param time the check alone: neither the making nor the reading of the history
     * @param limit what it should take at most; null where it is measured for its growth only
     */
    public record Figure(String name, long operations, int processes, int keys, Duration time, Duration limit) {
        public boolean isMet() {
            return limit == null || time.compareTo(limit) <= 0;
        }
    }

    /** The cases with a limit, those of few operations first. */
    public static List<Figure> limits() {
        return List.of(
                sequential(600, 4, 5, Duration.ofSeconds(2)),
                causal(Model.CAUSAL_CM, 10_000, 50, 100, Duration.ofSeconds(5)),
                causal(Model.CAUSAL_CC, 200_000, 50, 1000, Duration.ofSeconds(3)),
                causal(Model.CAUSAL_CCV, 200_000, 50, 1000, Duration.ofSeconds(3)),
                linearizable(100_000, 20, 10, Duration.ofSeconds(2)),
                linearizable(1_000_000, 20, 10, Duration.ofSeconds(30)));
    }

    /** How each model grows with operations, then with keys, then with processes. */
    public static List<Figure> growth() {
        List<Figure> figures = new ArrayList<>();
        for (Model model : Model.values()) {
            if (model.judgesHistories()) {
                int base = model == Model.SEQUENTIAL
                        ? 500
                        : model == Model.CAUSAL_CM || model == Model.PRAM ? 5_000 : 50_000;
                int few = model == Model.SEQUENTIAL ? 4 : 10;
                for (int times = 1; times <= 4; times *= 2) {
                    figures.add(measure(model, base * times, few, 50));
                }
                for (int keys : new int[] {5, 500}) {
                    figures.add(measure(model, base, few, keys));
                }
                for (int times = 2; times <= 4; times *= 2) {
                    figures.add(measure(model, base, few * times, 50));
                }
            }
        }
        return figures;
    }

    private static Figure measure(Model model, int operations, int processes, int keys) {
        return switch (model) {
            case LINEARIZABLE -> linearizable(operations, processes, keys, null);
            case SEQUENTIAL -> sequential(operations, processes, keys, null);
            default -> causal(model, operations, processes, keys, null);
        };
    }

    public static Figure linearizable(int operations, int processes, int keys, Duration limit) {
        return time(
                Model.LINEARIZABLE, Generator.linearizable(operations, processes, keys, SEED), processes, keys, limit);
    }

    public static Figure sequential(int operations, int processes, int keys, Duration limit) {
        return time(Model.SEQUENTIAL, Generator.sequential(operations, processes, keys, SEED), processes, keys, limit);
    }

    /** A causal model or a session guarantee; causal memory and PRAM get a history that is sequential too. */
    public static Figure causal(Model model, int operations, int processes, int keys, Duration limit) {
        boolean view = model == Model.CAUSAL_CM || model == Model.PRAM;
        History history = view
                ? Generator.sequential(operations, processes, keys, SEED)
                : Generator.convergent(operations, processes, keys, SEED);
        return time(model, history, processes, keys, limit);
    }

    private static Figure time(Model model, History history, int processes, int keys, Duration limit) {
        long start = System.nanoTime();
        Verdict verdict = Checker.check(history, model, Options.DEFAULT);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        if (!(verdict instanceof Verdict.Holds)) {
            throw new IllegalStateException("a history that is " + model + " was judged " + verdict);
        }
        return new Figure(model.id(), history.ops().size(), processes, keys, time, limit);
    }

    /**
     * All histories of a folder (the etcd histories of porcupine) judged by {@code linearizable}, in a warm JVM: the best
     * of several rounds.
     *
     * @throws IOException when a file cannot be read
     */
    public static Figure warm(Path folder, int rounds, Duration limit) throws IOException {
        List<History> histories = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl")) {
            for (Path file : files) {
                histories.add(HistoryReader.read(file));
            }
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            for (History history : histories) {
                Checker.check(history, Model.LINEARIZABLE, Options.DEFAULT);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        long operations = histories.stream().mapToLong(h -> h.ops().size()).sum();
        return new Figure("linearizable, " + folder.getFileName(), operations, 0, 1, Duration.ofNanos(best), limit);
    }
}

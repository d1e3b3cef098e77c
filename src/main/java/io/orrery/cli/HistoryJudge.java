package io.orrery.cli;

import io.orrery.check.CheckOptions;
import io.orrery.check.Judgement;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.History;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Judges a history by models one after another, and hands on each verdict as soon as nothing can change it. */
final class HistoryJudge {
    private final Judgement judgement;
    private final CheckOptions checkOptions;
    private final String of;
    private final ActivityLine activityLine;
    private final PrintWriter err;

    /** @param of stands before what is said to be done: which history it is, where there are several */
    HistoryJudge(History history, CheckOptions checkOptions, String of, ActivityLine activityLine, PrintWriter err) {
        this.judgement = new Judgement(history, checkOptions);
        this.checkOptions = checkOptions;
        this.of = of;
        this.activityLine = activityLine;
        this.err = err;
    }

    /** Judges by the models, the stronger first, since they tell of the weaker. */
    Map<Model, Verdict> by(Collection<Model> models, BiConsumer<Model, Verdict> found) {
        Map<Model, Verdict> verdicts = new EnumMap<>(Model.class);
        List<Model> open = new ArrayList<>();
        Set<Model> left = new TreeSet<>(models);
        for (Model model : List.copyOf(left)) {
            left.remove(model);
            begin(model);
            Verdict verdict = guarded(() -> judgement.by(model), err);
            activityLine.end();
            verdicts.put(model, verdict);
            if (verdict instanceof Verdict.Undecided && left.stream().anyMatch(model::implies)) {
                // A weaker one that is violated would decide it.
                open.add(model);
            } else {
                found.accept(model, verdict);
            }
        }
        for (Model model : open) {
            Verdict verdict = guarded(() -> judgement.by(model), err);
            verdicts.put(model, verdict);
            found.accept(model, verdict);
        }
        return verdicts;
    }

    private void begin(Model model) {
        long began = System.nanoTime();
        activityLine.begin(() -> progress(model, Duration.ofNanos(System.nanoTime() - began)));
    }

    /** How far it is, in words. */
    String progress(Model model, Duration soFar) {
        return of + "judging by " + model + ": " + soFar.toSeconds() + " s of at most "
                + checkOptions.time().toSeconds() + " s";
    }

    /** What fails in an unforeseen way must not take other verdicts with it. */
    static Verdict guarded(Supplier<Verdict> judge, PrintWriter err) {
        try {
            return judge.get();
        } catch (RuntimeException | StackOverflowError e) {
            e.printStackTrace(err);
            return new Verdict.Undecided(
                    Verdict.Cause.FAULT, "the checker failed, which it should not: " + e + " (see the standard error)");
        }
    }
}

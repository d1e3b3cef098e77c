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

/** Judges a history by several models, and reports each verdict as soon as it is final. */
final class HistoryJudge {
    private final Judgement judgement;
    private final CheckOptions checkOptions;
    private final String of;
    private final ActivityLine activityLine;
    private final PrintWriter err;

    /** @param of a prefix for the activity line: which of several histories this is */
    HistoryJudge(History history, CheckOptions checkOptions, String of, ActivityLine activityLine, PrintWriter err) {
        this.judgement = new Judgement(history, checkOptions);
        this.checkOptions = checkOptions;
        this.of = of;
        this.activityLine = activityLine;
        this.err = err;
    }

    /** Judges by each model, stronger ones first, since a strong model that holds decides weaker ones. */
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
                // Stays open: a violated weaker model would decide it.
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

    /** The progress in words. */
    String progress(Model model, Duration soFar) {
        return of + "judging by " + model + ": " + soFar.toSeconds() + " s of at most "
                + checkOptions.time().toSeconds() + " s";
    }

    /** Turns an unexpected failure into an undecided verdict, so that the other verdicts survive. */
    static Verdict guarded(Supplier<Verdict> judge, PrintWriter err) {
        try {
            return judge.get();
        } catch (RuntimeException | StackOverflowError e) {
            e.printStackTrace(err);
            return new Verdict.Undecided(
                    Verdict.Cause.FAULT, "the checker failed unexpectedly: " + e + " (see the standard error)");
        }
    }
}

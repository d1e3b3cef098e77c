package io.orrery.bench.experiment;

import io.orrery.bench.experiment.Comparison.Figure;
import io.orrery.bench.experiment.Comparison.Place;
import io.orrery.check.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One sentence on whom a protocol suits and whom not. Each part of it is a figure that was measured, beside those of the
 * protocols that it was compared with.
 */
final class Advice {
    /** Figures that differ by less are called the same. */
    private static final double ALIKE = 1.1;

    /** So many times as long as the quickest is worth a warning. */
    private static final double MUCH = 3;

    /** In milliseconds: what differs by less is called the same. */
    private static final double UNNOTICED = 1;

    /** In milliseconds: what takes no longer than this beyond the quickest is worth no warning. */
    private static final double HARDLY = 10;

    /** Below this a share that is answered is worth a warning. */
    private static final double MOST = 0.95;

    /** By so much more than this one a protocol answers that is better in a fault. */
    private static final double BETTER = 0.05;

    private static final double NEARLY_ALL = 0.995;

    private final Figure figure;
    private final List<Figure> all;

    private Advice(Figure figure, List<Figure> all) {
        this.figure = figure;
        this.all = all;
    }

    /** @param all those of the comparison, this one among them */
    static String on(Figure figure, List<Figure> all) {
        return new Advice(figure, all).sentence();
    }

    private String sentence() {
        List<String> reasons = reasons();
        List<String> doubts = doubts();
        return "suits those who need " + need() + unpromised()
                + (reasons.isEmpty() ? "" : " and " + listed(reasons, " and ")) + "; "
                + (doubts.isEmpty()
                        ? "nothing that was measured speaks against it"
                        : "not those who " + listed(doubts, " or "))
                + ".";
    }

    /** The strongest that is promised: what only held in these worlds is nothing to rely on. */
    private String need() {
        List<Model> promised = figure.promised().stream()
                .filter(model -> model != Model.CONVERGED)
                .filter(model -> figure.promised().stream().noneMatch(other -> other != model && other.implies(model)))
                .toList();
        if (!promised.isEmpty()) {
            return names(promised);
        }
        return figure.promised().contains(Model.CONVERGED) ? "replicas that agree in the end" : "no promise at all";
    }

    private String unpromised() {
        List<Model> more = figure.standing().strongest().stream()
                .filter(model -> !isPromised(model))
                .toList();
        return more.isEmpty() ? "" : ", and saw " + names(more) + " (not promised)";
    }

    private static String names(List<Model> models) {
        return models.stream().map(Model::id).collect(Collectors.joining(", "));
    }

    /** What holds in some worlds need not hold in others. */
    private boolean isPromised(Model model) {
        return figure.promised().stream().anyMatch(promised -> promised == model || promised.implies(model));
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        quick("writes", Figure::writes).ifPresent(reasons::add);
        quick("reads", Figure::reads).ifPresent(reasons::add);
        figure.worstFault()
                .filter(fault -> fault.during().value() >= NEARLY_ALL)
                .ifPresent(fault -> reasons.add("answers during each fault (" + percent(fault.during())
                        + (fault.during().value() < 1 ? " or more)" : ")")));
        return reasons;
    }

    private Optional<String> quick(String what, Function<Figure, Latencies> which) {
        Latencies own = which.apply(figure);
        return own.count() > 0
                        && all.size() > 1
                        && p99(figure, which) <= Math.max(ALIKE * quickest(which), quickest(which) + UNNOTICED)
                ? Optional.of(what + " as quick as any (p99 " + millis(own.percentile(99)) + ")")
                : Optional.empty();
    }

    private List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (!figure.standing().hasConverged()) {
            doubts.add("need replicas that agree in the end");
        }
        if (figure.stale() > 0) {
            doubts.add(String.format(
                    Locale.ROOT, "must see the newest write (%.1f %% of reads did not)", figure.stale() * 100));
        }
        slow("write", Figure::writes, Place::writes).ifPresent(doubts::add);
        slow("read", Figure::reads, Place::reads).ifPresent(doubts::add);
        worstOfAll().ifPresent(doubts::add);
        return doubts;
    }

    /** The fault that this protocol bears the worst, where another bears it better: what nobody bears tells nothing. */
    private Optional<String> worstOfAll() {
        return IntStream.range(0, figure.faults().size())
                .filter(i -> !during(figure, i).isEmpty()
                        && during(figure, i).value() < MOST
                        && during(figure, i).value() + BETTER < best(i))
                .boxed()
                .min(Comparator.comparingDouble(i -> during(figure, i).value()))
                .map(i -> "must go on during " + figure.faults().get(i).fault() + " (" + percent(during(figure, i))
                        + " answered)");
    }

    private static Share during(Figure of, int fault) {
        return of.faults().get(fault).during();
    }

    private double best(int fault) {
        return all.stream()
                .mapToDouble(other -> during(other, fault).value())
                .max()
                .orElse(0);
    }

    /** Where clients wait much longer than with the quickest protocol, and in which region the longest. */
    private Optional<String> slow(String what, Function<Figure, Latencies> which, Function<Place, Latencies> ofPlace) {
        Latencies own = which.apply(figure);
        if (own.count() == 0 || p99(figure, which) <= Math.max(MUCH * quickest(which), quickest(which) + HARDLY)) {
            return Optional.empty();
        }
        Optional<Place> worst = figure.places().stream()
                .filter(place -> !place.name().isEmpty() && ofPlace.apply(place).count() > 0)
                .max(Comparator.comparingDouble(place -> ofPlace.apply(place).percentile(50)));
        return Optional.of("cannot wait " + millis(own.percentile(99)) + " (p99) for a " + what
                + worst.map(place -> ", in " + place.name() + " "
                                + millis(ofPlace.apply(place).percentile(50)) + " (p50)")
                        .orElse(""));
    }

    private static double p99(Figure of, Function<Figure, Latencies> which) {
        return which.apply(of).percentile(99);
    }

    private double quickest(Function<Figure, Latencies> which) {
        return all.stream()
                .filter(other -> which.apply(other).count() > 0)
                .mapToDouble(other -> p99(other, which))
                .min()
                .orElse(0);
    }

    private static String listed(List<String> parts, String lastWord) {
        int last = parts.size() - 1;
        return last == 0 ? parts.get(0) : String.join(", ", parts.subList(0, last)) + lastWord + parts.get(last);
    }

    /** As the table shows it. */
    private static String percent(Share share) {
        return String.format(Locale.ROOT, "%.1f %%", share.value() * 100);
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
}

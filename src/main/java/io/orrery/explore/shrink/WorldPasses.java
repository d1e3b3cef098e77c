package io.orrery.explore.shrink;

import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.Selector;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A simpler world: fewer replicas, simpler links and conditions, rounder times, the usual names. */
final class WorldPasses {
    /** How long a message takes of which nothing is said. */
    static final Duration USUAL_DELAY = Duration.ofMillis(5);

    /** How long a sync takes that takes some time. */
    private static final Duration SYNC = Duration.ofMillis(2);

    /** Later than all else of a small scenario. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    private final Shrinker shrinker;

    WorldPasses(Shrinker shrinker) {
        this.shrinker = shrinker;
    }

    void simplify() {
        leaveReplicasOut();
        simplifyConditions();
        explainByOneRule();
        simplifyLinks();
        simplifyFaults();
        shortenTimes();
        rename();
    }

    private Scenario best() {
        return shrinker.best();
    }

    private Edit edit() {
        return Edit.of(best());
    }

    /** Disks in place of this one, the simplest first, whose syncs take the same time with each seed; at last itself. */
    static List<DiskModel> fixedDisks(DiskModel disk) {
        Delay sync = new Delay.Fixed(SYNC);
        DiskModel fixed =
                new DiskModel(sync, disk.policy(), disk.keptInCrash(), Delay.NONE, disk.valuesOver(), disk.retry());
        return disk.equals(DiskModel.INSTANT)
                ? List.of(disk)
                : List.of(DiskModel.INSTANT, DiskModel.syncing(sync), fixed, disk);
    }

    /** The same with one delay for all messages. */
    static Scenario withFixedDelay(Scenario scenario, Duration delay) {
        Fault.ChangeLinks all =
                new Fault.ChangeLinks(Optional.empty(), Optional.empty(), LinkChange.delay(new Delay.Fixed(delay)));
        return Edit.of(scenario).links(List.of(all)).scenario();
    }

    /** Leaves replicas out, or has another one do what one did. */
    private void leaveReplicasOut() {
        boolean isSmaller = best().replicas().size() > 1;
        while (isSmaller) {
            List<Scenario> candidates = new ArrayList<>();
            List<NodeId> replicas = best().replicas();
            for (int i = replicas.size() - 1; i >= 0; i--) {
                Map<NodeId, NodeId> left = new HashMap<>();
                replicas.forEach(id -> left.put(id, id));
                left.remove(replicas.get(i));
                addRenamed(candidates, left);
                for (NodeId other : replicas) {
                    if (!other.equals(replicas.get(i))) {
                        left.put(replicas.get(i), other);
                        addRenamed(candidates, left);
                    }
                }
            }
            candidates.removeIf(it -> it.steps().isEmpty());
            isSmaller = shrinker.take(candidates) >= 0 && best().replicas().size() > 1;
        }
    }

    private void addRenamed(List<Scenario> candidates, Map<NodeId, NodeId> names) {
        try {
            candidates.add(Renaming.ofReplicas(Map.copyOf(names)).apply(best()));
        } catch (IllegalArgumentException e) {
            // An option needs more replicas than these.
        }
    }

    private void simplifyConditions() {
        Conditions conditions = best().conditions();
        tryAlone(it -> it.conditions(Conditions.IDEAL));
        tryAlone(it -> it.conditions(conditions.withClients(ClientModel.NEAR)));
        tryAlone(it -> it.conditions(best().conditions().withEncoded(false)));
        tryAlone(it -> it.conditions(best().conditions().withMembership(false)));
        tryAlone(it -> it.conditions(best().conditions().withStart(Conditions.IDEAL.start())));
        tryAlone(it -> it.pace(PaceModel.IDEAL));
        tryAlone(it -> it.disk(DiskModel.INSTANT));
        tryAlone(it -> it.tuning(Tuning.DEFAULT));
        tryAlone(it -> it.limits(best().limits().withTimeout(USUAL_TIMEOUT)));
        tryAlone(it -> it.settle(Duration.ofMinutes(1)));
        tryAlone(it -> it.replicas(best().replicas(), ProtocolOptions.usual(best().replicas())));
    }

    private void tryAlone(UnaryOperator<Edit> change) {
        shrinker.isTaken(change.apply(edit()).scenario());
    }

    /** One rule that holds from the start says more to a reader than changes of links at times. */
    private void explainByOneRule() {
        List<Step> others = best().steps().stream()
                .filter(step -> !(step instanceof Step.Inject inject && inject.fault() instanceof Fault.ChangeLinks))
                .toList();
        if (others.size() == best().steps().size()) {
            return;
        }
        List<Fault.ChangeLinks> general =
                best().links().stream().filter(WorldPasses::isOfAll).toList();
        List<Selector> selectors = new ArrayList<>(List.of(Selector.ALL));
        others.stream()
                .filter(Step.Ask.class::isInstance)
                .map(step -> Selector.key(((Step.Ask) step).operation().key()))
                .distinct()
                .forEach(selectors::add);
        List<Scenario> candidates = new ArrayList<>();
        List<LinkChange> changes = new ArrayList<>(List.of(LinkChange.delay(new Delay.Fixed(LATE))));
        // A protocol may promise nothing where messages are lost.
        if (losesMessages()) {
            changes.add(LinkChange.CUT);
        }
        for (LinkChange change : changes) {
            for (Selector selector : selectors) {
                for (NodeId from : best().replicas()) {
                    for (NodeId to : best().replicas()) {
                        if (!from.equals(to)) {
                            List<Fault.ChangeLinks> links = new ArrayList<>(general);
                            links.add(new Fault.ChangeLinks(Optional.of(from), Optional.of(to), selector, change));
                            candidates.add(edit().links(links).steps(others).scenario());
                        }
                    }
                }
            }
        }
        shrinker.take(candidates);
    }

    private boolean losesMessages() {
        return best().steps().stream()
                .anyMatch(step -> step instanceof Step.Inject inject
                        && inject.fault() instanceof Fault.ChangeLinks link
                        && (link.change().loss().orElse(0.0) > 0
                                || link.change().cut().orElse(false)));
    }

    private void simplifyLinks() {
        // A change that holds from the start is no step.
        for (int i = 0; i < best().steps().size(); i++) {
            if (best().steps().get(i) instanceof Step.Inject inject
                    && inject.fault() instanceof Fault.ChangeLinks link) {
                List<Step> steps = new ArrayList<>(best().steps());
                steps.remove(i);
                List<Fault.ChangeLinks> links = new ArrayList<>(best().links());
                links.add(link);
                if (shrinker.isTaken(edit().steps(steps).links(links).scenario())) {
                    i--;
                }
            }
        }
        for (int i = best().links().size() - 1; i >= 0; i--) {
            List<Fault.ChangeLinks> links = new ArrayList<>(best().links());
            Fault.ChangeLinks link = links.remove(i);
            Scenario without = edit().links(links).scenario();
            boolean isSimpler = !isOfAll(link) && !shrinker.isTaken(without);
            while (isSimpler) {
                int index = i;
                isSimpler = shrinker.take(simpler(best().links().get(i)).stream()
                                .map(it -> edit().links(Times.replaced(best().links(), index, it))
                                        .scenario())
                                .toList())
                        >= 0;
            }
        }
        for (int i = 0; i < best().steps().size(); i++) {
            Step step = best().steps().get(i);
            if (step instanceof Step.Inject inject && inject.fault() instanceof Fault.ChangeLinks) {
                boolean isSimpler = true;
                while (isSimpler) {
                    Fault.ChangeLinks now =
                            (Fault.ChangeLinks) ((Step.Inject) best().steps().get(i)).fault();
                    List<Scenario> candidates = new ArrayList<>();
                    for (Fault.ChangeLinks simpler : simpler(now)) {
                        Step changed = new Step.Inject(inject.at(), inject.line(), simpler, inject.midStep());
                        candidates.add(edit().steps(Times.replaced(best().steps(), i, changed))
                                .scenario());
                    }
                    isSimpler = shrinker.take(candidates) >= 0;
                }
            }
        }
    }

    /** Without it delays are drawn, and what shows depends on the seed. */
    private static boolean isOfAll(Fault.ChangeLinks link) {
        return link.from().isEmpty() && link.to().isEmpty();
    }

    /** Leaves the delay of all messages out, where the usual delays, which are drawn, do as well. */
    void leaveUsualDelayOut() {
        List<Fault.ChangeLinks> links =
                best().links().stream().filter(link -> !isOfAll(link)).toList();
        Scenario candidate = edit().links(links).scenario();
        if (!candidate.equals(best()) && shrinker.showsAlways(candidate)) {
            shrinker.take(List.of(candidate));
        }
    }

    /** Fewer words, and a cut rather than a sure loss. */
    private static List<Fault.ChangeLinks> simpler(Fault.ChangeLinks link) {
        LinkChange change = link.change();
        List<LinkChange> changes = new ArrayList<>();
        Optional<Double> none = Optional.empty();
        changes.add(new LinkChange(change.delay(), none, none, change.cut()));
        changes.add(new LinkChange(change.delay(), change.loss(), none, change.cut(), change.runs()));
        changes.add(new LinkChange(change.delay(), none, change.duplicate(), change.cut()));
        changes.add(new LinkChange(Optional.empty(), change.loss(), change.duplicate(), change.cut(), change.runs()));
        if (change.loss().orElse(0.0) == 1 && change.cut().isEmpty()) {
            changes.add(new LinkChange(change.delay(), none, change.duplicate(), Optional.of(true)));
        }
        changes.removeIf(it -> it.equals(change) || it.equals(LinkChange.NOTHING));
        List<Fault.ChangeLinks> simpler = new ArrayList<>();
        for (Selector selector : moreGeneral(link.messages())) {
            simpler.add(new Fault.ChangeLinks(link.from(), link.to(), selector, change));
        }
        changes.stream()
                .distinct()
                .map(it -> new Fault.ChangeLinks(link.from(), link.to(), link.messages(), it))
                .forEach(simpler::add);
        return simpler;
    }

    private static List<Selector> moreGeneral(Selector messages) {
        return Stream.of(
                        Selector.ALL,
                        new Selector(messages.key(), Optional.empty()),
                        new Selector(Optional.empty(), messages.kind()))
                .distinct()
                .filter(it -> !it.equals(messages) && !messages.isAll())
                .toList();
    }

    private void simplifyFaults() {
        for (int i = 0; i < best().steps().size(); i++) {
            if (best().steps().get(i) instanceof Step.Inject inject
                    && inject.midStep().isPresent()) {
                List<Scenario> candidates = new ArrayList<>();
                candidates.add(struck(i, inject, OptionalInt.empty()));
                for (int points = 0; points < Math.min(20, inject.midStep().getAsInt()); points++) {
                    candidates.add(struck(i, inject, OptionalInt.of(points)));
                }
                shrinker.take(candidates);
            }
        }
    }

    private Scenario struck(int index, Step.Inject inject, OptionalInt points) {
        Step changed = new Step.Inject(inject.at(), inject.line(), inject.fault(), points);
        return edit().steps(Times.replaced(best().steps(), index, changed)).scenario();
    }

    private void shortenTimes() {
        for (int i = 0; i < Times.count(best()); i++) {
            int count = Times.count(best());
            if (shrinker.take(Times.withOtherPause(best(), i)) >= 0 && Times.count(best()) < count) {
                i--; // Two times have become one.
            }
        }
        shrinker.take(Times.rounded(best()));
        int places = Times.withOtherDelays(best()).size();
        for (int i = 0; i < places; i++) {
            shrinker.take(Times.withOtherDelays(best()).get(i));
        }
        List<Step> sorted = new ArrayList<>(best().steps());
        sorted.sort(Comparator.comparing(Step::at));
        tryAlone(it -> it.steps(sorted));
    }

    private void rename() {
        for (int i = 0; i < Renaming.usual(best()).size(); i++) {
            shrinker.isTaken(Renaming.usual(best()).get(i).apply(best()));
        }
    }
}

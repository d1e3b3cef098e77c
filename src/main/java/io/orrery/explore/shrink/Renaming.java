package io.orrery.explore.shrink;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.network.Selector;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Gives replicas, clients, keys and values other names, or leaves replicas out with all that is said of them. */
final class Renaming {
    private static final String[] REPLICAS = {"A", "B", "C", "D", "E", "F", "G", "H"};
    private static final String[] CLIENTS = {"alice", "bob", "carol", "dan", "erin", "finn", "gus", "hanna"};
    private static final String[] KEYS = {"x", "y", "z"};

    private final Map<NodeId, NodeId> replicas;
    private final Map<String, String> clients;
    private final Map<Key, Key> keys;
    private final Map<Value, Value> values;
    /** Of the replicas under their new names. */
    private final Comparator<NodeId> order;

    /** @param replicas the new name of each that stays; others stay as they are where they have no new name */
    Renaming(Map<NodeId, NodeId> replicas, Map<String, String> clients, Map<Key, Key> keys, Map<Value, Value> values) {
        this(replicas, clients, keys, values, (a, b) -> 0);
    }

    private Renaming(
            Map<NodeId, NodeId> replicas,
            Map<String, String> clients,
            Map<Key, Key> keys,
            Map<Value, Value> values,
            Comparator<NodeId> order) {
        this.order = order;
        this.replicas = replicas;
        this.clients = clients;
        this.keys = keys;
        this.values = values;
    }

    static Renaming ofReplicas(Map<NodeId, NodeId> replicas) {
        return new Renaming(replicas, Map.of(), Map.of(), Map.of());
    }

    /** @throws IllegalArgumentException when an option cannot be that among the replicas that stay */
    Scenario apply(Scenario scenario) {
        List<NodeId> all = scenario.replicas().stream()
                .map(replicas::get)
                .filter(Objects::nonNull)
                .distinct()
                .sorted(order)
                .toList();
        PaceModel pace = scenario.pace();
        Conditions conditions = scenario.conditions();
        return Edit.of(scenario)
                .replicas(all, scenario.options().among(all, replicas))
                .links(scenario.links().stream()
                        .map(this::link)
                        .flatMap(Optional::stream)
                        .toList())
                .pace(new PaceModel(named(pace.handling()), pace.late(), named(pace.clocks())))
                .conditions(conditions.withStart(conditions
                        .start()
                        .withAbsent(conditions.start().absent().stream()
                                .map(replicas::get)
                                .filter(Objects::nonNull)
                                .toList())))
                .steps(scenario.steps().stream()
                        .map(this::step)
                        .flatMap(Optional::stream)
                        .toList())
                .scenario();
    }

    private <T> Map<NodeId, T> named(Map<NodeId, T> map) {
        Map<NodeId, T> named = new TreeMap<>();
        map.forEach((id, it) -> {
            if (replicas.containsKey(id)) {
                named.put(replicas.get(id), it);
            }
        });
        return named;
    }

    /** Empty where a replica that goes is part of it. */
    private Optional<Step> step(Step step) {
        if (step instanceof Step.Ask ask) {
            NodeId via = replicas.get(ask.via());
            boolean isMissing = via == null
                    || ask.operation() instanceof Operation.HandMadeWrite made && !replicas.containsKey(made.from());
            return isMissing
                    ? Optional.empty()
                    : Optional.of(new Step.Ask(
                            ask.at(),
                            ask.line(),
                            clients.getOrDefault(ask.client(), ask.client()),
                            via,
                            operation(ask.operation()),
                            ask.expectation()));
        }
        Step.Inject inject = (Step.Inject) step;
        return fault(inject.fault()).map(it -> new Step.Inject(inject.at(), inject.line(), it, inject.midStep()));
    }

    private Operation operation(Operation operation) {
        Key key = keys.getOrDefault(operation.key(), operation.key());
        if (operation instanceof Operation.Write write) {
            return new Operation.Write(key, values.getOrDefault(write.value(), write.value()));
        }
        if (operation instanceof Operation.HandMadeWrite made) {
            return new Operation.HandMadeWrite(
                    key,
                    values.getOrDefault(made.value(), made.value()),
                    replicas.get(made.from()),
                    named(made.clock()),
                    made.version());
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return new Operation.CompareAndSet(key, cas.expected(), cas.value().map(it -> values.getOrDefault(it, it)));
        }
        return operation instanceof Operation.Read ? new Operation.Read(key) : new Operation.Delete(key);
    }

    private boolean isGone(Optional<NodeId> replica) {
        return replica.isPresent() && !replicas.containsKey(replica.get());
    }

    private Optional<Fault.ChangeLinks> link(Fault.ChangeLinks link) {
        Optional<NodeId> from = link.from().map(replicas::get);
        Optional<NodeId> to = link.to().map(replicas::get);
        if (isGone(link.from()) || isGone(link.to()) || from.isPresent() && from.equals(to)) {
            return Optional.empty();
        }
        Selector messages = new Selector(
                link.messages().key().map(it -> keys.getOrDefault(it, it)),
                link.messages().kind());
        return Optional.of(new Fault.ChangeLinks(from, to, messages, link.change()));
    }

    private Optional<? extends Fault> fault(Fault fault) {
        if (fault instanceof Fault.ChangeLinks link) {
            return link(link);
        }
        if (fault instanceof Fault.Partition partition) {
            List<Set<NodeId>> groups = new ArrayList<>();
            for (Set<NodeId> group : partition.groups()) {
                Set<NodeId> left = new LinkedHashSet<>();
                group.stream().map(replicas::get).filter(Objects::nonNull).forEach(left::add);
                if (!left.isEmpty()) {
                    groups.add(left);
                }
            }
            return Optional.of(new Fault.Partition(groups));
        }
        if (fault instanceof Fault.Heal heal) {
            boolean isMissing = isGone(heal.from()) || isGone(heal.to());
            return isMissing
                    ? Optional.empty()
                    : Optional.of(new Fault.Heal(
                            heal.from().map(replicas::get), heal.to().map(replicas::get)));
        }
        if (fault instanceof Fault.Isolate isolate) {
            return Optional.ofNullable(replicas.get(isolate.replica())).map(Fault.Isolate::new);
        }
        if (fault instanceof Fault.Reset reset) {
            return Optional.ofNullable(replicas.get(reset.replica())).map(Fault.Reset::new);
        }
        Fault.OfReplica ofReplica = (Fault.OfReplica) fault;
        return Optional.ofNullable(replicas.get(ofReplica.replica())).map(id -> of(ofReplica, id));
    }

    private static Fault of(Fault.OfReplica fault, NodeId id) {
        if (fault instanceof Fault.Crash) {
            return new Fault.Crash(id);
        } else if (fault instanceof Fault.Wipe) {
            return new Fault.Wipe(id);
        } else if (fault instanceof Fault.Restart) {
            return new Fault.Restart(id);
        } else if (fault instanceof Fault.Restore restore) {
            return new Fault.Restore(id, restore.to());
        } else if (fault instanceof Fault.Twin) {
            return new Fault.Twin(id);
        } else if (fault instanceof Fault.FailDisk fail) {
            return new Fault.FailDisk(id, fail.what());
        } else if (fault instanceof Fault.DamageDisk damage) {
            return new Fault.DamageDisk(id, damage.what());
        } else if (fault instanceof Fault.SlowDisk slow) {
            return new Fault.SlowDisk(id, slow.by());
        } else if (fault instanceof Fault.RepairDisk) {
            return new Fault.RepairDisk(id);
        } else if (fault instanceof Fault.CutPower) {
            return new Fault.CutPower(id);
        } else if (fault instanceof Fault.Slow slow) {
            return new Fault.Slow(id, slow.handling());
        } else if (fault instanceof Fault.ClockRate clock) {
            return new Fault.ClockRate(id, clock.rate());
        } else if (fault instanceof Fault.ClockJump jump) {
            return new Fault.ClockJump(id, jump.by(), jump.back());
        }
        return fault instanceof Fault.Pause ? new Fault.Pause(id) : new Fault.Resume(id);
    }

    /** The names that a person would take: replicas A, B, C, clients alice, bob, carol, keys x, y, z, values 1, 2, 3. */
    static List<Renaming> usual(Scenario scenario) {
        Map<NodeId, NodeId> same = new HashMap<>();
        scenario.replicas().forEach(id -> same.put(id, id));
        Map<NodeId, NodeId> replicas = new HashMap<>();
        scenario.replicas().forEach(id -> replicas.put(id, NodeId.of(name(REPLICAS, "R", replicas.size()))));
        Map<NodeId, NodeId> asMentioned = new HashMap<>();
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask) {
                asMentioned.computeIfAbsent(ask.via(), id -> NodeId.of(name(REPLICAS, "R", asMentioned.size())));
            }
        }
        scenario.replicas()
                .forEach(id ->
                        asMentioned.computeIfAbsent(id, it -> NodeId.of(name(REPLICAS, "R", asMentioned.size()))));
        Map<String, String> clients = new HashMap<>();
        Map<Key, Key> keys = new HashMap<>();
        Map<Value, Value> values = new HashMap<>();
        for (Step step : scenario.steps()) {
            if (step instanceof Step.Ask ask) {
                clients.computeIfAbsent(ask.client(), it -> name(CLIENTS, "client", clients.size()));
                keys.computeIfAbsent(ask.operation().key(), it -> Key.of(name(KEYS, "k", keys.size())));
                if (!(ask.operation() instanceof Operation.HandMadeWrite)) {
                    ask.operation()
                            .newValue()
                            .ifPresent(value -> values.computeIfAbsent(value, it -> Value.of(values.size() + 1L)));
                }
            }
        }
        boolean expectsValues = scenario.expectsOfSteps();
        return List.of(
                new Renaming(asMentioned, Map.of(), Map.of(), Map.of(), Comparator.naturalOrder()),
                new Renaming(replicas, clients, expectsValues ? Map.of() : keys, expectsValues ? Map.of() : values),
                new Renaming(replicas, Map.of(), Map.of(), Map.of()),
                new Renaming(same, clients, Map.of(), Map.of()),
                new Renaming(same, Map.of(), keys, Map.of()),
                new Renaming(same, Map.of(), Map.of(), expectsValues ? Map.of() : values));
    }

    private static String name(String[] names, String prefix, int index) {
        return index < names.length ? names[index] : prefix + (index + 1);
    }
}

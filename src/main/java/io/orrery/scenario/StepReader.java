package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.model.Durations;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.network.LinkReader;
import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the steps of a scenario file, one after the other. */
final class StepReader {
    private static final List<String> OPERATIONS = List.of("put", "get", "delete", "sync", "cas");
    private static final List<String> ONLY_OF_OPERATIONS =
            List.of("client", "via", "expect", "expect-one-of", "outcome", "status", "version", "within", "at-least");

    private static final String MID_STEP = "mid-step";

    /** A fault is to strike near its time. */
    private static final int MOST_POINTS = 10_000;

    private final Function<String, NodeId> replica;
    private final List<NodeId> replicas;
    private final FaultReader faults;
    /** Null if the file names no known protocol. */
    private final ProtocolType protocol;

    private Duration previous = Duration.ZERO;

    StepReader(ProtocolType protocol, List<NodeId> replicas, LinkReader links, Function<String, NodeId> replica) {
        this.protocol = protocol;
        this.replicas = replicas;
        this.replica = replica;
        this.faults = new FaultReader(links, replica);
    }

    /**
     * Reads the next step. A step without a time has the time of the step before.
     *
     * @return null if the step has a mistake, which has been noted
     */
    Step step(ConfigReader step) {
        List<String> keys = new ArrayList<>(List.of("at", MID_STEP));
        keys.addAll(ONLY_OF_OPERATIONS);
        keys.addAll(OPERATIONS);
        keys.addAll(FaultReader.KEYS);
        step.expect(keys.toArray(String[]::new));

        List<String> actions = new ArrayList<>(OPERATIONS);
        actions.addAll(FaultReader.KEYS);
        List<String> given = actions.stream().filter(step::has).toList();
        if (given.isEmpty() && step.unknownKey().isPresent()) {
            throw step.unknownKey().get();
        }
        if (given.size() != 1) {
            throw step.problem(
                    given.isEmpty()
                            ? "a step does one thing: " + String.join(", ", actions)
                            : "a step does one thing, not " + String.join(" and ", given));
        }
        String action = given.get(0);
        Duration before = previous;
        previous = step.attempt(() -> ScenarioLoader.time(step, "at", before), before);
        return OPERATIONS.contains(action) ? ask(step, action) : inject(step, action);
    }

    private Step inject(ConfigReader step, String action) {
        ONLY_OF_OPERATIONS.stream().filter(step::has).findFirst().ifPresent(key -> {
            throw step.problem(key, key + " belongs to " + named(OPERATIONS) + ", not to " + action);
        });
        Fault fault = faults.fault(step, action);
        if (fault instanceof Fault.Restore restore && restore.to().compareTo(previous) > 0) {
            throw step.problem(
                    action,
                    "a restored copy is older than this step, which is at " + Durations.format(previous)
                            + ", and not at " + Durations.format(restore.to()));
        }
        OptionalInt midStep =
                step.has(MID_STEP) ? OptionalInt.of(step.integer(MID_STEP, 0, 0, MOST_POINTS)) : OptionalInt.empty();
        return new Step.Inject(previous, step.line(), fault, midStep);
    }

    private Step ask(ConfigReader step, String action) {
        if (step.has(MID_STEP)) {
            throw step.problem(MID_STEP, MID_STEP + " belongs to a fault, not to " + action);
        }
        NodeId via = step.attempt(() -> step.get("via", replica), null);
        Operation operation = step.attempt(() -> operation(step, action), null);
        if (via == null || operation == null) {
            return null;
        }
        String client = step.get("client", "someone at " + via, text -> text);
        return new Step.Ask(previous, step.line(), client, via, operation, expectation(step, operation));
    }

    private Operation operation(ConfigReader step, String action) {
        return switch (action) {
            case "put" -> {
                ConfigReader put = step.object("put").expect("key", "value");
                yield new Operation.Write(put.get("key", Key::of), put.json("value"));
            }
            case "get" -> new Operation.Read(step.get("get", Key::of));
            case "cas" -> {
                requireComparing(step, protocol);
                ConfigReader cas = step.object("cas").expect("key", "value");
                yield new Operation.CompareAndSet(
                        cas.get("key", Key::of),
                        Optional.empty(),
                        cas.has("value") ? Optional.of(cas.json("value")) : Optional.empty());
            }
            case "sync" -> {
                requireHandmade(step);
                yield sync(step.object("sync").expect("key", "value", "from", "clock", "version"));
            }
            default -> new Operation.Delete(step.get("delete", Key::of));
        };
    }

    /** @param protocol null if the file names no known one */
    static void requireComparing(ConfigReader of, ProtocolType protocol) {
        if (protocol != null && !protocol.compares()) {
            throw of.problem("cas", Protocols.lackOfComparing(protocol));
        }
    }

    private void requireHandmade(ConfigReader step) {
        if (protocol != null && protocol.handmade() == HandMadeOrder.NONE) {
            throw step.problem(
                    "sync",
                    protocol + " takes no writes made by hand; there are some in "
                            + Protocols.all().stream()
                                    .filter(it -> it.handmade() != HandMadeOrder.NONE)
                                    .map(ProtocolType::name)
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** Requires the clock or the version that orders a write made by hand, as the protocol demands. */
    private void requireOrder(ConfigReader sync) {
        HandMadeOrder handMadeOrder = protocol == null ? null : protocol.handmade();
        if (handMadeOrder == HandMadeOrder.CLOCK && sync.has("version")) {
            throw sync.problem("version", "a sync of " + protocol + " has a clock, from which its version follows");
        }
        if ((handMadeOrder == HandMadeOrder.TIME || handMadeOrder == HandMadeOrder.VERSION) && sync.has("clock")) {
            throw sync.problem("clock", "a sync of " + protocol + " has a version, and no vector clock");
        }
        if (handMadeOrder == HandMadeOrder.TIME && !sync.has("version")) {
            throw sync.problem("\"version\" is missing: the Lamport time of the write");
        }
    }

    /** The clock may have an entry for each replica; a missing entry counts 0. */
    private Operation sync(ConfigReader sync) {
        requireOrder(sync);
        ConfigReader clock = sync.objectOrEmpty("clock")
                .expect(replicas.stream().map(NodeId::name).toArray(String[]::new));
        Map<NodeId, Long> counts = new TreeMap<>();
        for (NodeId node : replicas) {
            if (clock.has(node.name())) {
                counts.put(node, (long) clock.integer(node.name(), 0, 0, Integer.MAX_VALUE));
            }
        }
        return new Operation.HandMadeWrite(
                sync.get("key", Key::of),
                sync.json("value"),
                sync.get("from", replica),
                counts,
                sync.integer("version", 0, 1, Integer.MAX_VALUE));
    }

    private static Expectation expectation(ConfigReader step, Operation operation) {
        boolean isRead = operation instanceof Operation.Read;
        for (String key : List.of("expect", "expect-one-of")) {
            if (step.has(key) && !isRead) {
                throw step.problem(key, "only a get can expect a value; what a put or delete does is its outcome");
            }
        }
        if (step.has("expect") && step.has("expect-one-of")) {
            throw step.problem("expect-one-of", "a step has expect or expect-one-of, not both");
        }
        if (step.has("status") && isRead) {
            throw step.problem("status", "a get has no status that could differ: it reads what has been applied");
        }
        Optional<Expectation.Ending> ending =
                step.find("outcome", text -> oneOf("an outcome", text, Expectation.Ending.values()));
        if (ending.isPresent() && ending.get() != Expectation.Ending.OK) {
            requireNothingOfTheAnswer(step, ending.get());
        }
        Optional<Duration> within = step.find("within", Durations::parse);
        Optional<Duration> atLeast = step.find("at-least", Durations::parse);
        if (within.isPresent() && atLeast.isPresent() && within.get().compareTo(atLeast.get()) < 0) {
            throw step.problem(
                    "within",
                    "nothing takes at least " + Durations.format(atLeast.get()) + " and is done within "
                            + Durations.format(within.get()));
        }
        return new Expectation(
                values(step),
                ending,
                step.find("status", text -> oneOf("a status", text, Outcome.Status.values())),
                step.has("version")
                        ? Optional.of((long) step.integer("version", 1, 1, Integer.MAX_VALUE))
                        : Optional.empty(),
                within,
                atLeast);
    }

    private static void requireNothingOfTheAnswer(ConfigReader step, Expectation.Ending ending) {
        if (step.has("expect") || step.has("expect-one-of")) {
            throw step.problem("outcome", "a read that is " + ending + " has no value to expect");
        }
        for (String key : List.of("status", "version")) {
            if (step.has(key)) {
                throw step.problem("outcome", "an operation that is " + ending + " has no " + key + " to expect");
            }
        }
    }

    private static Optional<List<Value>> values(ConfigReader step) {
        if (step.has("expect")) {
            return Optional.of(List.of(step.json("expect")));
        }
        if (step.has("expect-one-of")) {
            List<Value> values = new ArrayList<>();
            step.json("expect-one-of").tree().forEach(item -> values.add(Value.parse(item.toString())));
            if (values.isEmpty()) {
                throw step.problem("expect-one-of", "expect-one-of is a list of the values that a read may see");
            }
            return Optional.of(values);
        }
        return Optional.empty();
    }

    private static <T> T oneOf(String what, String text, T[] values) {
        return Arrays.stream(values)
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(what + " is "
                        + Arrays.stream(values).map(T::toString).collect(Collectors.joining(", ")) + ", not " + text));
    }

    private static String named(List<String> names) {
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}

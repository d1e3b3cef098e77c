package io.orrery.scenario;

import io.orrery.check.Model;
import io.orrery.config.ConfigReader;
import io.orrery.config.IncludePolicy;
import io.orrery.config.NameSuggestion;
import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.model.Printable;
import io.orrery.model.Value;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkReader;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import io.orrery.simulation.oracle.Oracles;
import io.orrery.zoo.Zoo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Reads scenario files (HOCON). A file is checked as a whole before anything runs: an unknown key, an unknown replica,
 * or an expectation that can never be met is an error with file, line and suggestion.
 */
public final class ScenarioLoader {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String INVARIANTS = "invariants";
    static final Duration SETTLE = Duration.ofSeconds(60);

    private final ConfigReader file;
    private final ProtocolType protocol;
    private final List<NodeId> replicas;
    private final Conditions conditions;
    private final DiskModel disk;

    /** The longest time in a file: anti-entropy alone would make a longer run take too long. */
    private static final Duration LONGEST = Duration.ofDays(20);

    /** Whether the scenario is played under another protocol than the file's. */
    private final boolean isMoved;

    /**
     * @param file if its protocol or replicas are wrong, they are null or empty here, and all names are accepted
     * @param instead the protocol to play it under instead of the file's
     */
    private ScenarioLoader(ConfigReader file, Optional<ProtocolType> instead) {
        this.file = file.expect(ProtocolOptions.keysOf(
                "title",
                "protocol",
                "replicas",
                "links",
                "disk",
                "anti-entropy",
                "staggered",
                "patience",
                "slow",
                "timers",
                "start",
                "clients",
                "encoding",
                "membership",
                "timeout",
                "settle",
                "workload",
                "steps",
                "faults",
                INVARIANTS,
                "expect"));
        ProtocolType own = file.attempt(() -> file.get("protocol", ScenarioLoader::protocol), null);
        this.protocol = instead.orElse(own);
        this.isMoved = own != null && !own.name().equals(protocol.name());
        this.replicas = file.attempt(this::replicas, List.of());
        this.conditions =
                file.attempt(() -> new ConditionsReader(this::replica, protocol).conditions(file), Conditions.IDEAL);
        this.disk = file.attempt(() -> DiskReader.disk(file), DiskModel.INSTANT);
    }

    /** Reads an untrusted file, without warnings. */
    public static Scenario load(Path path) {
        return load(path, IncludePolicy.STRANGER, warning -> {});
    }

    /**
     * @param warnings takes a line for each probable mistake
     * @throws io.orrery.config.ConfigProblem if the file cannot be read or has mistakes; it has a line for each
     */
    public static Scenario load(Path path, IncludePolicy includePolicy, Consumer<String> warnings) {
        return load(path, includePolicy, warnings, Optional.empty());
    }

    /**
     * The same, played under another protocol than the file's: then what that promises is expected, and not what the file
     * expects of models.
     *
     * @param protocol empty for the file's own
     */
    public static Scenario load(
            Path path, IncludePolicy includePolicy, Consumer<String> warnings, Optional<ProtocolType> protocol) {
        return ConfigReader.readFile(
                path, includePolicy, warnings, file -> new ScenarioLoader(file, protocol).scenario(path));
    }

    /** Reads a text as if it were a file of this name. */
    public static Scenario parse(String name, String text) {
        return parse(name, text, warning -> {});
    }

    static Scenario parse(String name, String text, Consumer<String> warnings) {
        return parse(name, text, warnings, Optional.empty());
    }

    /**
     * The same, played under another protocol than the file's, as {@link #load(Path, IncludePolicy, Consumer, Optional)} does.
     *
     * @param protocol empty for the file's own
     */
    public static Scenario parse(String name, String text, Consumer<String> warnings, Optional<ProtocolType> protocol) {
        return ConfigReader.readText(
                name,
                text,
                IncludePolicy.STRANGER,
                warnings,
                file -> new ScenarioLoader(file, protocol).scenario(Path.of(name)));
    }

    private Scenario scenario(Path path) {
        String name = path.getFileName().toString().replaceFirst("\\.conf$", "");
        Duration timeout = file.attempt(() -> time(file, "timeout", TIMEOUT), TIMEOUT);
        Optional<Workload> workload = file.attempt(this::workload, Optional.empty());
        List<Step> steps = file.attempt(this::steps, List.of());
        Optional<RandomFaults> random = file.attempt(() -> random(workload, steps, timeout), Optional.empty());
        Scenario.Expected verdicts = file.attempt(this::verdicts, null);
        Scenario.Expected models =
                verdicts != null && isMoved ? Promised.of(protocol, workload, steps, random) : verdicts;
        return new Scenario(
                name,
                path.toString(),
                file.get("title", name, Printable::of),
                protocol,
                replicas,
                replicas.isEmpty() ? null : file.attempt(() -> ProtocolOptions.read(file, protocol, replicas), null),
                file.attempt(this::links, List.of()),
                disk,
                file.attempt(this::tuning, Tuning.DEFAULT),
                file.attempt(this::pace, PaceModel.IDEAL),
                ReplicaLimits.DEFAULT.withTimeout(timeout),
                file.attempt(() -> time(file, "settle", SETTLE), SETTLE),
                workload,
                steps,
                random,
                expected(models, file.attempt(this::invariants, List.of())),
                conditions);
    }

    /** @throws IllegalArgumentException when there is no protocol of this name that can be played: one that is broken on purpose can */
    public static ProtocolType protocol(String name) {
        return Zoo.protocol(name).orElseGet(() -> Protocols.named(name));
    }

    /** A time of the run. */
    static Duration time(ConfigReader reader, String key, Duration otherwise) {
        Duration time = reader.duration(key, otherwise);
        requireShort(reader, key, time);
        return time;
    }

    static void requireShort(ConfigReader reader, String key, Duration time) {
        if (time.compareTo(LONGEST) > 0) {
            throw reader.problem(
                    key, key + " is a time of at most " + LONGEST.toHours() + "h, not " + reader.text(key));
        }
    }

    private List<NodeId> replicas() {
        List<NodeId> ids = file.list("replicas", NodeId::of);
        if (ids.isEmpty()) {
            throw file.problem("replicas", "a scenario needs at least one replica");
        }
        if (new HashSet<>(ids).size() != ids.size()) {
            throw file.problem("replicas", "a replica is named twice in " + ids);
        }
        return ids;
    }

    private NodeId replica(String name) {
        NodeId id = NodeId.of(name);
        if (!replicas.contains(id) && !replicas.isEmpty()) {
            String meant = NameSuggestion.nearest(
                            name, replicas.stream().map(NodeId::name).toList())
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; there are " + replicas);
            throw new IllegalArgumentException("there is no replica " + name + meant);
        }
        return id;
    }

    private List<Fault.ChangeLinks> links() {
        return file.has("links")
                ? file.objects("links").stream()
                        .map(link -> file.attempt(() -> linkReader().relink(link), null))
                        .filter(Objects::nonNull)
                        .toList()
                : List.of();
    }

    private LinkReader linkReader() {
        return new LinkReader(kind -> protocol == null ? kind : protocol.requireKind(kind), this::replica);
    }

    private Tuning tuning() {
        Tuning usual = Tuning.DEFAULT;
        Duration antiEntropy = file.duration("anti-entropy", usual.antiEntropy());
        Duration patience = file.duration("patience", usual.patience());
        file.checked("anti-entropy", () -> new Tuning(antiEntropy, usual.patience(), 1, 1));
        return file.checked("patience", () -> new Tuning(antiEntropy, patience, usual.batch(), usual.buffer()))
                .withStaggered(file.flag("staggered", false));
    }

    private PaceModel pace() {
        ConfigReader slow = file.objectOrEmpty("slow").expect(names());
        ConfigReader timers = file.objectOrEmpty("timers").expect("late", "clocks");
        ConfigReader clocks = timers.objectOrEmpty("clocks").expect(names());
        Map<NodeId, Delay> handling = new TreeMap<>();
        Map<NodeId, Double> rates = new TreeMap<>();
        for (NodeId id : replicas) {
            if (slow.has(id.name())) {
                handling.put(id, slow.get(id.name(), Delay::parse));
            }
            if (clocks.has(id.name())) {
                rates.put(id, clocks.checked(id.name(), () -> PaceModel.checkClock(clocks.number(id.name(), 1))));
            }
        }
        return new PaceModel(handling, timers.get("late", Delay.NONE, Delay::parse), rates);
    }

    private String[] names() {
        return replicas.stream().map(NodeId::name).toArray(String[]::new);
    }

    private Optional<Workload> workload() {
        if (!file.has("workload")) {
            return Optional.empty();
        }
        ConfigReader load = file.object("workload")
                .expect(
                        "clients",
                        "operations",
                        "keys",
                        "reads",
                        "deletes",
                        "moves",
                        "think-time",
                        "redirects",
                        "values",
                        "cas");
        if (load.has("cas")) {
            StepReader.requireComparing(load, protocol);
        }
        return Optional.of(file.checked(
                "workload",
                () -> new Workload(
                        load.integer("clients", replicas.size(), 1, 10_000),
                        load.integer("operations", 100, 1, Integer.MAX_VALUE),
                        load.integer("keys", 10, 1, Integer.MAX_VALUE),
                        load.number("reads", 0.5),
                        load.number("deletes", 0),
                        load.number("moves", 0),
                        load.get("think-time", Delay.NONE, Delay::parse),
                        load.flag("redirects", false),
                        load.integer("values", 0, 1, Integer.MAX_VALUE),
                        load.number("cas", 0))));
    }

    private Optional<RandomFaults> random(Optional<Workload> workload, List<Step> steps, Duration timeout) {
        if (!file.has("faults")) {
            return Optional.empty();
        }
        Duration patience = timeout.plus(ScenarioPlayer.GRACE);
        return Optional.of(new RandomFaultsReader(file.object("faults"), replicas, steps, workload, patience).read());
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (file.has("steps")) {
            StepReader reader = new StepReader(protocol, replicas, linkReader(), this::replica);
            List<ConfigReader> items = file.objects("steps");
            items.forEach(step -> steps.add(file.attempt(() -> reader.step(step), null)));
            if (!steps.contains(null)) {
                checkTogether(items, steps);
            }
        }
        if (steps.isEmpty() && !file.has("workload")) {
            throw file.problem("a scenario needs steps or a workload; without either nothing happens");
        }
        return steps;
    }

    /** Checks the steps against each other; impossible if some are wrong. */
    private void checkTogether(List<ConfigReader> items, List<Step> steps) {
        for (int i = 0; i < items.size(); i++) {
            ConfigReader item = items.get(i);
            Step step = steps.get(i);
            file.attempt(
                    () -> {
                        requirePossible(item, step, steps);
                        requireOwnName(item, step);
                        requirePossibleFault(item, step);
                        return null;
                    },
                    null);
        }
        ScenarioWarnings.tell(items, steps, replicas, conditions.start().absent());
    }

    private void requirePossibleFault(ConfigReader item, Step step) {
        if (step instanceof Step.Inject inject) {
            DiskReader.requirePossible(item, inject.fault(), disk);
        }
    }

    /** A client of the steps may not have the name of a workload's client. */
    private void requireOwnName(ConfigReader item, Step step) {
        if (file.has("workload") && step instanceof Step.Ask ask && ask.client().matches(Workload.CLIENT + "\\d+")) {
            throw item.problem("client", ask.client() + " is the name of a client of the workload");
        }
    }

    /**
     * A value that no step writes can never be read, unless there is a workload, whose values are not known beforehand.
     */
    private void requirePossible(ConfigReader item, Step step, List<Step> all) {
        if (file.has("workload")
                || !(step instanceof Step.Ask ask)
                || ask.expectation().values().isEmpty()) {
            return;
        }
        Set<Value> possible = new LinkedHashSet<>(List.of(Value.NULL));
        for (Step other : all) {
            if (other instanceof Step.Ask it
                    && it.operation().key().equals(ask.operation().key())) {
                it.operation().newValue().ifPresent(possible::add);
            }
        }
        for (Value value : ask.expectation().values().get()) {
            if (possible.stream().noneMatch(value::isSameJsonAs)) {
                String key = item.has("expect") ? "expect" : "expect-one-of";
                throw item.problem(
                        key,
                        "nobody ever puts " + value + " into "
                                + ask.operation().key() + "; a read of it can see: "
                                + possible.stream().map(Value::json).collect(Collectors.joining(", ")));
            }
        }
    }

    private Scenario.Expected expected(Scenario.Expected verdicts, List<String> invariants) {
        return verdicts == null || invariants.isEmpty()
                ? verdicts
                : new Scenario.Expected(verdicts.verdicts(), verdicts.lines(), invariants, file.line(INVARIANTS));
    }

    /** The names of invariants: some, or {@code all}. */
    private List<String> invariants() {
        if (!file.has(INVARIANTS)) {
            return List.of();
        }
        List<String> known = protocol == null
                ? List.of()
                : Oracles.of(protocol).stream().map(NamedInvariant::name).toList();
        if (file.isList(INVARIANTS)) {
            List<String> names = file.list(INVARIANTS, name -> invariant(name, known));
            if (names.isEmpty()) {
                throw file.problem(INVARIANTS, "no invariant is named; there are: " + String.join(", ", known));
            }
            return names;
        }
        return file.get(INVARIANTS, word -> {
            if (!word.equals("all")) {
                throw new IllegalArgumentException(
                        "invariants is \"all\" or a list of names, not " + word + ": " + String.join(", ", known));
            }
            return known;
        });
    }

    private String invariant(String name, List<String> known) {
        if (protocol == null || known.contains(name)) {
            return name;
        }
        throw new IllegalArgumentException("no invariant of " + protocol + " is called " + name
                + NameSuggestion.nearest(name, known)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("")
                + " There are: " + String.join(", ", known));
    }

    private Scenario.Expected verdicts() {
        List<String> names = new ArrayList<>(List.of("causal"));
        for (Model model : Model.values()) {
            names.add(model.id());
        }
        ConfigReader expect = file.objectOrEmpty("expect").expect(names.toArray(String[]::new));
        Map<Model, Boolean> verdicts = new TreeMap<>();
        Map<Model, Integer> lines = new TreeMap<>();
        for (String name : expect.keys()) {
            if (!names.contains(name)) {
                continue; // It is said already.
            }
            Model model = Model.parse(name);
            if (verdicts.put(model, expect.flag(name, true)) != null) {
                throw expect.problem(name, "causal and " + model + " are the same model: one of them is enough");
            }
            lines.put(model, expect.line(name));
        }
        return new Scenario.Expected(verdicts, lines);
    }
}

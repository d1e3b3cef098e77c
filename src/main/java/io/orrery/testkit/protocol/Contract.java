package io.orrery.testkit.protocol;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.codec.Codec;
import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The contract of every protocol. Each method checks one clause, over worlds generated from numbers, so that a failure
 * names its world; a broken clause is an {@link AssertionError}. {@link ProtocolContract} is all of it as a JUnit test.
 */
public final class Contract {
    private static final CheckOptions OPTIONS = CheckOptions.DEFAULT.withStates(1_000_000);

    private final ProtocolType protocol;
    private final Supplier<Invariants> invariants;
    private final boolean outlivesLostMemory;

    public Contract(ProtocolType protocol) {
        this(protocol, () -> new Invariants(protocol));
    }

    /** @param invariants made anew for each world */
    public Contract(ProtocolType protocol, Supplier<Invariants> invariants) {
        this(protocol, invariants, true);
    }

    /** @param outlivesLostMemory whether worlds contain wipes, restored older disks and twins */
    public Contract(ProtocolType protocol, Supplier<Invariants> invariants, boolean outlivesLostMemory) {
        this.protocol = protocol;
        this.invariants = invariants;
        this.outlivesLostMemory = outlivesLostMemory;
    }

    /** Each promise is the full name of a model, is listed once, and is not implied by another. */
    public void promisesAreModels() {
        Set<Model> named = EnumSet.noneOf(Model.class);
        for (String name : protocol.promises().models()) {
            Model model = Model.parse(name);
            require(name.equals(model.id()), () -> "promises are named in full: " + model.id() + ", not " + name);
            require(named.add(model), () -> name + " is promised twice");
        }
        named.forEach(model -> named.forEach(
                other -> require(!model.implies(other), () -> model + " is promised, and implies " + other)));
    }

    /**
     * It keeps its promises under any loss, delay, duplication, partition, crash and pause. No replica is wiped,
     * because that loses writes under any protocol.
     */
    public void keepsItsPromises(int worlds) {
        Map<Model, Integer> undecided = new TreeMap<>();
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < worlds; number++) {
                keepsItsPromises(simulation, number).forEach(model -> undecided.merge(model, 1, Integer::sum));
            }
        }
        undecided.forEach((model, count) ->
                require(count <= worlds / 50, () -> model + " is undecided in " + count + " worlds of " + worlds));
    }

    /** Returns the models on which the verdict is undecided. */
    private Set<Model> keepsItsPromises(Simulation simulation, int number) {
        Set<Model> undecided = EnumSet.noneOf(Model.class);
        Run run = world(simulation, number);
        requireInvariants(run, number);
        boolean isToConverge = run.scenario().expected().verdicts().containsKey(Model.CONVERGED);
        for (Model model : promised()) {
            if (model == Model.CONVERGED && !isToConverge) {
                continue;
            }
            Verdict verdict = verdict(run, model);
            if (verdict instanceof Verdict.Violated violated) {
                throw new AssertionError(protocol + " broke its promise, " + model + ", in world " + number + ": "
                        + violated.witness().pattern() + ": " + violated.witness());
            }
            if (verdict instanceof Verdict.Undecided) {
                undecided.add(model);
            }
        }
        return undecided;
    }

    /**
     * How worlds break {@link #keepsItsPromises} or {@link #staysSound}: a line for each that does, by the number of the
     * world.
     *
     * @param first the number of the first world
     * @param end that after the last
     */
    public SortedMap<Integer, String> problems(int first, int end) {
        SortedMap<Integer, String> problems = new TreeMap<>();
        int number = first;
        while (number < end) {
            Optional<String> problem = Optional.empty();
            Simulation simulation = Simulation.start();
            while (number < end && problem.isEmpty()) {
                problem = problem(simulation, number++);
            }
            if (problem.isPresent()) {
                problems.put(number - 1, problem.get().lines().collect(Collectors.joining(" ")));
            }
            end(simulation, problem.isPresent());
        }
        return problems;
    }

    /** A world that was left in the middle of an event may not come to an end. */
    private static void end(Simulation simulation, boolean broken) {
        try {
            simulation.close();
        } catch (RuntimeException | AssertionError e) {
            if (!broken) {
                throw e;
            }
        }
    }

    /**
     * How one world breaks {@link #keepsItsPromises} or {@link #staysSound}; empty if it breaks neither.
     *
     * @param number the number of the world
     */
    private Optional<String> problem(Simulation simulation, int number) {
        try {
            staysSound(simulation, number);
            keepsItsPromises(simulation, number);
            return Optional.empty();
        } catch (AssertionError | RuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Its promises are maximal: each model that is neither promised nor implied is violated in some world. Otherwise
     * the protocol promises too little, or the worlds are too benign.
     */
    public void breaksWhatItDoesNotPromise(int worlds) {
        breaksWhatItDoesNotPromise(IntStream.range(0, worlds));
    }

    /**
     * The same, where some violations are so rare that it is known where they were seen.
     *
     * @param worlds the numbers of the worlds, in the order in which they are played
     */
    public void breaksWhatItDoesNotPromise(IntStream worlds) {
        Set<Model> unbroken = EnumSet.complementOf(EnumSet.copyOf(promised()));
        PrimitiveIterator.OfInt numbers = worlds.iterator();
        try (Simulation simulation = Simulation.start()) {
            while (numbers.hasNext() && !unbroken.isEmpty()) {
                int number = numbers.nextInt();
                Run run = run(simulation, withoutInvariants(within(number)), number, WorldObserver.NONE);
                unbroken.removeIf(model -> verdict(run, model) instanceof Verdict.Violated);
            }
        }
        require(
                unbroken.isEmpty(),
                () -> protocol + " could promise these too, or the worlds are too tame: " + unbroken);
    }

    /**
     * Under all faults, including wipes, restored disks and twins, the invariants hold after each event, and a
     * converging protocol converges.
     *
     * @param first the number of the first world
     * @param end that after the last
     */
    public void staysSound(int first, int end) {
        long checks = 0;
        try (Simulation simulation = Simulation.start()) {
            for (int number = first; number < end; number++) {
                checks += staysSound(simulation, number);
            }
        }
        long seen = checks;
        require(seen > 100L * (end - first), () -> "so few events that nothing was tested: " + seen);
    }

    /** Returns after how many events the invariants held. */
    private long staysSound(Simulation simulation, int number) {
        Invariants each = invariants.get();
        Run run = run(simulation, worst(protocol, number), number, each);
        require(run.unmet().isEmpty(), () -> protocol + ", world " + number + ": " + run.unmet());
        return each.checks();
    }

    /** A crash between any two events loses nothing acknowledged. */
    public void survivesACrashAtEachEvent(String diskSync) {
        survivesAtEachEvent(Fault.Crash::new, DiskModel.syncing(Delay.parse(diskSync)));
    }

    /** The same for a failing disk, also for one without sync time. */
    public void survivesAFailedDiskAtEachEvent(String diskSync) {
        int failures = survivesAtEachEvent(Fault.FailDisk::new, DiskModel.syncing(Delay.parse(diskSync)));
        require(failures > 50, () -> "so few disks failed: " + failures);
    }

    /**
     * The same for another fault after which a restarted replica has all that its disk confirmed.
     *
     * @return how many disks failed
     */
    public int survivesAtEachEvent(Function<NodeId, Fault> fault, DiskModel disk) {
        CrashStories stories = new CrashStories(protocol, disk, invariants);
        int told = stories.tell(fault);
        require(stories.acknowledged() > told, () -> "so few that nothing is tested: " + stories.acknowledged());
        return stories.diskFailures();
    }

    /**
     * Each message that is sent and each entry that is kept is read as it was written, says in words what it is, is in the
     * vocabulary, and is of a kind that the vocabulary names.
     *
     * @return the names of the classes that were met
     */
    public Set<String> isReadAsWritten(int worlds) {
        Codec<Message> messages = Codec.ofMessages(protocol);
        Codec<JournalEntry> entries = Codec.ofEntries(protocol);
        Set<String> met = new TreeSet<>();
        Set<String> problems = new LinkedHashSet<>();
        ProtocolType watched = protocol.variant(
                protocol.name(),
                protocol.summary(),
                (settings, effects) ->
                        protocol.create(settings, new Watched(effects, messages, entries, met, problems)));
        try (Simulation simulation = Simulation.start()) {
            for (int number = 0; number < worlds; number++) {
                run(simulation, worst(watched, number), number, WorldObserver.NONE);
                require(problems.isEmpty(), () -> String.join("; ", problems));
            }
        }
        require(!met.isEmpty(), () -> "nothing was sent, and nothing kept");
        return met;
    }

    /** Errors are recorded and reported later: an error thrown here would only end the replica. */
    private final class Watched extends ForwardingEffects {
        private final Codec<Message> messages;
        private final Codec<JournalEntry> entries;
        private final Set<String> met;
        private final Set<String> problems;

        Watched(
                Effects next,
                Codec<Message> messages,
                Codec<JournalEntry> entries,
                Set<String> met,
                Set<String> problems) {
            super(next);
            this.messages = messages;
            this.entries = entries;
            this.met = met;
            this.problems = problems;
        }

        @Override
        public void send(NodeId to, Message message) {
            if (!protocol.vocabulary().kinds().contains(message.kind())) {
                problems.add("the kind of " + message + " is not in the vocabulary: " + message.kind());
            }
            if (message.key()
                    .filter(key -> !message.toString().contains(key.name()))
                    .isPresent()) {
                problems.add(
                        message + " does not name its key, " + message.key().get());
            }
            lookAt(message, messages);
            super.send(to, message);
        }

        @Override
        public void persist(JournalEntry entry) {
            lookAt(entry, entries);
            super.persist(entry);
        }

        private <T> void lookAt(T object, Codec<T> codec) {
            met.add(object.getClass().getSimpleName());
            if (object.toString().isBlank()) {
                problems.add(object.getClass().getName() + " does not say what it is");
            }
            try {
                T read = codec.decode(codec.encode(object));
                if (!read.equals(object)) {
                    problems.add("it was written as " + object + " and read as " + read);
                }
            } catch (RuntimeException e) {
                problems.add("it cannot be written and read: " + object + ": " + e.getMessage());
            }
        }
    }

    private Set<Model> promised() {
        Set<Model> promised = EnumSet.noneOf(Model.class);
        for (String name : protocol.promises().models()) {
            Model model = Model.parse(name);
            promised.add(model);
            Arrays.stream(Model.values()).filter(model::implies).forEach(promised::add);
        }
        return promised;
    }

    private Run world(Simulation simulation, int number) {
        return run(simulation, within(number), number, WorldObserver.NONE);
    }

    private Scenario within(int number) {
        return outlivesLostMemory
                ? GeneratedScenarios.withinPromises(protocol, number)
                : GeneratedScenarios.withoutTwins(protocol, number);
    }

    /** Where only the clients' history counts. */
    private static Scenario withoutInvariants(Scenario scenario) {
        return scenario.with(scenario.protocol(), scenario.links(), scenario.workload(), scenario.steps());
    }

    private Scenario worst(ProtocolType type, int number) {
        return outlivesLostMemory ? GeneratedScenarios.of(type, number) : GeneratedScenarios.withoutTwins(type, number);
    }

    /** A failure of a replica ends the world, and is reported with the number of the world. */
    private Run run(Simulation simulation, Scenario scenario, int number, WorldObserver observer) {
        try {
            return ScenarioRunner.run(simulation, scenario, number, observer, Set.of(Model.CONVERGED));
        } catch (IllegalStateException | AssertionError e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new AssertionError(protocol + ", world " + number + ": " + cause.getMessage(), e);
        }
    }

    private void requireInvariants(Run run, int number) {
        run.unmet().stream()
                .filter(check -> check.model().isEmpty())
                .findFirst()
                .ifPresent(broken -> {
                    throw new AssertionError(
                            protocol + ", world " + number + ": " + broken.expected() + " " + broken.problem());
                });
    }

    private static Verdict verdict(Run run, Model model) {
        Verdict converged = run.verdicts().get(model);
        return converged != null ? converged : Checker.check(run.history(), model, OPTIONS);
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}

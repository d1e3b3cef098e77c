package io.orrery.bench.experiment;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.launch.FreePorts;
import io.orrery.launch.LaunchOptions;
import io.orrery.launch.Nodes;
import io.orrery.launch.ScratchDirectory;
import io.orrery.model.DaemonThreads;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * {@link Failover} with five JVMs on this machine: the one that leads is killed with SIGKILL under load, and started again when the
 * others have answered. Which one leads, the versions of writes tell. What clients saw in all is judged at the end.
 */
public final class KilledNodes {
    private static final List<NodeId> IDS =
            List.of("1", "2", "3", "4", "5").stream().map(NodeId::of).toList();

    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Between a start and the next kill: the node has caught up, and clients are answered. */
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final long LOOK_MILLIS = 2;
    private static final long THINK_MILLIS = 20;
    private static final int CLIENTS_OF_EACH = 3;
    private static final int KEYS = 20;

    /**
     * What followed the kills.
     *
     * @param figure as {@link Failover} has it
     * @param acknowledged how many writes were acknowledged in all
     * @param lost how many of the last acknowledged writes of their keys were not there at the end
     * @param verdict on all that clients saw, by the strongest model that is promised
     */
    public record Result(Failover.Figure figure, long acknowledged, long lost, Model model, Verdict verdict) {}

    private final ProtocolType protocol;
    private final int kills;
    private final Random random;
    private final Consumer<String> progress;
    private final List<Event> events = new ArrayList<>();
    private final Recorder recorder = new Recorder(events::add);
    private final AtomicLong values = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Map<Key, Long> lastAcknowledged = new ConcurrentHashMap<>();
    /** When each node first answered a write that was asked after the last kill. */
    private final Map<NodeId, Long> answered = new ConcurrentSkipListMap<>();

    private volatile NodeId leader = IDS.get(0);
    private volatile long killedAt = Long.MAX_VALUE;
    private volatile boolean ends;

    /** @param progress called after each kill */
    public KilledNodes(ProtocolType protocol, long seed, int kills, Consumer<String> progress) {
        this.protocol = protocol;
        this.kills = kills;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /** Starts the nodes, kills one after the other, and ends them. */
    public Result run() throws IOException {
        try (ScratchDirectory directory = ScratchDirectory.temporary()) {
            Path conf = Files.writeString(
                    directory.path().resolve("failover.conf"),
                    "protocol = " + protocol + "\n" + FreePorts.replicas(IDS) + "\n");
            Deployment deployment = DeploymentLoader.load(conf).withData(directory.path());
            try (Nodes nodes = new Nodes(conf, deployment, LaunchOptions.in(directory.path()))) {
                nodes.startAll();
                nodes.awaitReady(READY);
                return run(nodes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while nodes were killed", e);
        }
    }

    private Result run(Nodes nodes) throws InterruptedException {
        Latencies first = new Latencies();
        Latencies everywhere = new Latencies();
        int never = 0;
        Map<NodeId, String> urls = new TreeMap<>();
        IDS.forEach(id -> urls.put(id, nodes.node(id).url()));
        ScheduledExecutorService threads =
                Executors.newScheduledThreadPool(IDS.size() * CLIENTS_OF_EACH, DaemonThreads.named("client"));
        try {
            for (NodeId id : IDS) {
                for (int i = 1; i <= CLIENTS_OF_EACH; i++) {
                    Client client = new Client(id, urls.get(id), id + "-" + i, random.nextLong());
                    threads.scheduleWithFixedDelay(client, 0, THINK_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
            for (int kill = 0; kill < kills; kill++) {
                Thread.sleep(CALM.toMillis() + random.nextInt(200));
                NodeId victim = protocol.leadership() == ProtocolType.Leadership.ELECTED
                        ? leader
                        : IDS.get(random.nextInt(IDS.size()));
                answered.clear();
                nodes.node(victim).kill();
                killedAt = System.nanoTime();
                boolean all = await(() -> answered.keySet().stream()
                                .filter(id -> !id.equals(victim))
                                .count()
                        == IDS.size() - 1);
                answered.remove(victim);
                answered.values().stream().min(Long::compare).ifPresent(first::add);
                if (all) {
                    everywhere.add(answered.values().stream().max(Long::compare).orElseThrow());
                } else {
                    never++;
                }
                killedAt = Long.MAX_VALUE;
                nodes.start(victim);
                nodes.awaitReady(READY);
                progress.accept(protocol.name());
            }
            ends = true;
        } finally {
            threads.shutdown();
        }
        threads.awaitTermination(READY.toSeconds(), TimeUnit.SECONDS);
        long lost = lost(urls);
        Model model = protocol.promises().models().stream()
                .map(Model::parse)
                .findFirst()
                .orElse(Model.CONVERGED);
        Verdict verdict;
        synchronized (events) {
            verdict = Checker.check(History.of(events), model, CheckOptions.DEFAULT);
        }
        Failover.Figure figure = new Failover.Figure(protocol, first, everywhere, kills, never);
        return new Result(figure, acknowledged.get(), lost, model, verdict);
    }

    private static boolean await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Keys whose value is older than the last write of it that was acknowledged. Each client has keys of its own. */
    private long lost(Map<NodeId, String> urls) {
        return lastAcknowledged.entrySet().stream()
                .filter(last -> {
                    NodeId any = IDS.get(random.nextInt(IDS.size()));
                    Outcome found =
                            KeyCall.of(new Operation.Read(last.getKey())).send(new RestClient(urls.get(any)), "", "");
                    return !(found instanceof Outcome.Done done)
                            || done.value()
                                    .map(value -> Long.parseLong(value.json()) < last.getValue())
                                    .orElse(true);
                })
                .count();
    }

    /** Writes keys of its own, the values of which grow, and reads those of all. */
    private final class Client implements Runnable {
        private final NodeId via;
        private final RestClient node;
        private final String name;
        private final Recorder.Client recorded;
        private final Random draws;
        private String session = "";

        Client(NodeId via, String url, String name, long seed) {
            this.via = via;
            this.node = new RestClient(url, PATIENCE);
            this.name = name;
            this.draws = new Random(seed);
            synchronized (events) {
                this.recorded = recorder.client(name);
            }
        }

        @Override
        public void run() {
            if (ends) {
                return;
            }
            boolean reads = draws.nextInt(4) == 0;
            Key key = Key.of((reads ? IDS.get(draws.nextInt(IDS.size())) + "-1" : name) + "/" + draws.nextInt(KEYS));
            long value = values.incrementAndGet();
            Operation operation = reads ? new Operation.Read(key) : new Operation.Write(key, Value.of(value));
            Recorder.Asked asked;
            synchronized (events) {
                asked = recorded.asks(System.nanoTime(), via, operation);
            }
            long began = System.nanoTime();
            Outcome outcome = KeyCall.of(operation).send(node, session, name);
            long ended = System.nanoTime();
            synchronized (events) {
                asked.returns(ended, outcome);
            }
            session = outcome.session().isEmpty() ? session : outcome.session();
            if (!reads && outcome instanceof Outcome.Done done) {
                acknowledged.incrementAndGet();
                lastAcknowledged.merge(key, value, Long::max);
                done.version().ifPresent(version -> leader = version.origin().node());
                if (began >= killedAt) {
                    answered.putIfAbsent(via, ended - killedAt);
                }
            }
        }
    }
}

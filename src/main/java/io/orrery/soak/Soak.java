package io.orrery.soak;

import io.orrery.check.Audit;
import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Convergence;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.deployment.Deployment;
import io.orrery.history.History;
import io.orrery.launch.Directories;
import io.orrery.launch.LaunchFailure;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.soak.SoakResult.Round;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Injects random faults into the nodes of a deployment on this machine, and judges what clients saw. Each node is a
 * separate JVM behind a relay at its address. No node outlives this process.
 */
public final class Soak implements AutoCloseable {
    /** How long nodes may take to become ready, all at once on a busy machine. */
    private static final Duration READY = Duration.ofMinutes(2);
    /** How long replicas may take at the end to converge. */
    private static final Duration AGREEMENT = Duration.ofMinutes(2);

    /** The same after an interruption, when somebody waits for the end. */
    private static final Duration SHORT_AGREEMENT = Duration.ofSeconds(30);

    private static final Duration GLANCE = Duration.ofMillis(100);

    private final SoakSettings setting;
    private final Deployment deployment;
    private final Interruption interruption;
    private final SoakLog soakLog;
    private final NetworkConditions networkConditions = new NetworkConditions();
    private final Relays relays;
    private final NodeConfigurations nodeConfigurations;
    private final Map<NodeId, Host> hosts = new LinkedHashMap<>();
    private final ReplicaProbe replicaProbe;
    private final Optional<NodeId> onDisk;
    private final Optional<Path> disk;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * Binds the addresses without starting nodes.
     *
     * @param progress is told what happens
     * @throws io.orrery.config.ConfigProblem if this machine lacks a requirement; nothing has been changed then
     */
    public Soak(SoakSettings setting, Interruption interruption, Consumer<String> progress) throws IOException {
        SoakRequirements.check(setting);
        this.setting = setting;
        this.deployment = setting.deployment();
        this.interruption = interruption;
        this.onDisk =
                setting.disk().map(any -> deployment.ids().get(deployment.ids().size() - 1));
        this.relays = new Relays(networkConditions);
        try {
            relays(deployment);
        } catch (RuntimeException | IOException e) {
            relays.close();
            throw e;
        }
        this.disk = setting.disk().isPresent()
                ? Optional.of(Files.createTempDirectory(setting.disk().get(), "orrery-soak-"))
                : Optional.empty();
        this.soakLog = new SoakLog(setting.directory().resolve("nodes.log"), progress);
        this.nodeConfigurations = new NodeConfigurations(setting.conf(), deployment, setting.directory());
        Host.Site site = new Host.Site(nodeConfigurations, relays, soakLog, interruption, setting.flags());
        List<NodeId> ids = deployment.ids();
        for (NodeId id : ids) {
            Path home = disk.filter(any -> onDisk.equals(Optional.of(id)))
                    .orElse(setting.directory())
                    .resolve(id.name());
            Path clock = setting.directory().resolve("clocks").resolve(id.name());
            hosts.put(id, new Host(id, site, home, clock, Addresses.ofProcesses(deployment, id)));
        }
        this.replicaProbe = new ReplicaProbe(hosts, deployment.security());
    }

    private void relays(Deployment deployment) throws IOException {
        for (Deployment.Member member : deployment.replicas()) {
            for (InetSocketAddress process : Addresses.ofProcesses(deployment, member.id())) {
                relays.know(process.getAddress(), member.id());
            }
            relays.add(member.id(), Addresses.known(member));
        }
    }

    /**
     * Runs until its time is over or it is interrupted, and judges.
     *
     * @throws LaunchFailure if the nodes do not become ready at the beginning
     */
    public SoakResult run() throws IOException, InterruptedException {
        nodeConfigurations.deviation().ifPresent(soakLog::tell);
        soakLog.tell("starting " + hosts.size() + " nodes");
        hosts.values().forEach(Host::start);
        for (Host host : hosts.values()) {
            host.awaitReady(READY);
        }
        Path file = setting.directory().resolve("history.jsonl");
        SoakWorkload soakWorkload = new SoakWorkload(hosts, deployment, setting.seed(), file);
        FaultRunner faultRunner = new FaultRunner(
                hosts,
                replicaProbe,
                soakWorkload,
                networkConditions,
                nodeConfigurations,
                soakLog,
                interruption,
                deployment.protocol().acknowledgesAlone(deployment.options()),
                disk.map(DiskFiller::new).orElse(null));
        RecoveryMeter recoveryMeter = new RecoveryMeter(hosts, replicaProbe, soakWorkload, interruption);
        long began = System.nanoTime();
        soakLog.tell("clients write and read");
        try (soakWorkload) {
            soakWorkload.start();
            recoveryMeter.measure();
            play(soakWorkload, faultRunner, recoveryMeter, began);
            soakLog.tell("healing");
            recover(faultRunner);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return judge(soakWorkload.history(), took);
    }

    private void play(SoakWorkload soakWorkload, FaultRunner faultRunner, RecoveryMeter recoveryMeter, long began)
            throws IOException, InterruptedException {
        FaultPlan faultPlan = new FaultPlan(
                setting.seed(),
                setting.kinds(),
                new FaultPlan.Setting(
                        deployment.ids(),
                        deployment.options().get(ProtocolOptions.LEADER),
                        onDisk,
                        setting.longestFault()));
        while (rounds.size() < faultPlan.turn()
                || System.nanoTime() - began < setting.length().toNanos()) {
            PlannedFault fault = faultPlan.next();
            soakWorkload.beginRound(fault.round());
            if (interruption.await(fault.calm())) {
                return;
            }
            soakLog.tell("round " + fault.round() + ": " + fault);
            Duration at = Duration.ofNanos(System.nanoTime() - began);
            try {
                faultRunner.inflict(fault);
            } catch (LaunchFailure | IllegalStateException | IOException e) {
                if (!interruption.isDone()) {
                    soakLog.problem(fault + ": " + e.getMessage());
                }
            }
            Duration ended = Duration.ofNanos(System.nanoTime() - began);
            soakWorkload.avoidNone();
            hosts.values().forEach(Host::start);
            RecoveryMeter.Healed healed = recoveryMeter.measure();
            if (interruption.isDone()) {
                return;
            }
            rounds.add(new Round(fault, at, ended, healed.writes(), healed.everywhere()));
            if (healed.missing().isPresent()) {
                soakLog.problem("not healed within " + RecoveryMeter.LIMIT.toSeconds() + " s after " + fault + ": "
                        + healed.missing().get());
                restartAll();
            }
        }
    }

    /**
     * Restarts all nodes after a round that did not recover by itself, so that this problem does not hide later ones.
     */
    private void restartAll() throws InterruptedException {
        soakLog.tell("all nodes are killed and started again");
        hosts.values().forEach(Host::kill);
        hosts.values().forEach(Host::start);
        for (Host host : hosts.values()) {
            try {
                host.awaitReady(READY);
            } catch (LaunchFailure e) {
                soakLog.problem(e.getMessage());
            }
        }
    }

    /** Ends all faults and restarts all nodes, including those ended by a signal to the process group. */
    private void recover(FaultRunner faultRunner) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        do {
            faultRunner.endAll();
            Thread.sleep(GLANCE.toMillis());
        } while (!deployment.ids().stream().allMatch(replicaProbe::isReady) && System.nanoTime() < deadline);
    }

    private SoakResult judge(History history, Duration took) throws InterruptedException {
        boolean converges = deployment.protocol().converges();
        soakLog.tell("waiting until all replicas " + (converges ? "are equal" : "have all writes"));
        Verdict agree = awaitAgreement();
        if (!converges && !agree.equals(Verdict.HOLDS)) {
            soakLog.problem("not all replicas have all writes");
        }
        Optional<Map<Key, Convergence.Content>> contents = deployment.ids().stream()
                .flatMap(id -> replicaProbe.contents(id).stream())
                .findFirst();
        if (contents.isEmpty()) {
            soakLog.problem("no replica shows what it holds, so lost writes cannot be found");
        }
        Map<NodeId, Boolean> alive = new TreeMap<>();
        hosts.forEach((id, host) -> alive.put(id, host.runs()));
        soakLog.tell("judging " + history.ops().size() + " operations");
        Map<Model, Verdict> verdicts = new EnumMap<>(Model.class);
        deployment.protocol().promises().models().stream()
                .map(Model::parse)
                .filter(Model::judgesHistories)
                .forEach(model -> verdicts.put(model, Checker.check(history, model, CheckOptions.DEFAULT)));
        if (converges) {
            verdicts.put(Model.CONVERGED, agree);
        }
        return new SoakResult(
                deployment,
                setting.seed(),
                took,
                history,
                rounds,
                contents.map(held -> Audit.lost(history, held)).orElse(List.of()),
                contents.map(held -> Audit.invented(history, held)).orElse(List.of()),
                verdicts,
                alive,
                soakLog.problems(),
                interruption.isDone());
    }

    /** Reads the replicas one after another while they may still change, so a result counts only if two looks agree. */
    private Verdict awaitAgreement() throws InterruptedException {
        Duration patience = interruption.isDone() ? SHORT_AGREEMENT : AGREEMENT;
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Verdict verdict = replicaProbe.agree(deployment.protocol());
            if (verdict.equals(Verdict.HOLDS)) {
                Thread.sleep(GLANCE.toMillis());
                verdict = replicaProbe.agree(deployment.protocol());
            }
            if (verdict.equals(Verdict.HOLDS) || System.nanoTime() > deadline) {
                return verdict;
            }
            Thread.sleep(GLANCE.toMillis());
        }
    }

    /** Kills all nodes and releases the addresses. Keeps all files except those on the disk for disk-full faults. */
    @Override
    public void close() throws IOException {
        hosts.values().forEach(Host::kill);
        relays.close();
        soakLog.close();
        if (disk.isPresent()) {
            Directories.delete(disk.get());
        }
    }
}

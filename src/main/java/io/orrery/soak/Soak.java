package io.orrery.soak;

import io.orrery.check.Audit;
import io.orrery.check.Checker;
import io.orrery.check.Convergence;
import io.orrery.check.Model;
import io.orrery.check.Options;
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
 * Does to the nodes of a deployment on this machine what a hostile month does, and judges what clients saw. Each node is a JVM
 * of its own, behind a relay at its address. None outlives this.
 */
public final class Soak implements AutoCloseable {
    /** How long nodes may take until they are ready, all at once and on a busy machine. */
    private static final Duration READY = Duration.ofMinutes(2);
    /** How long replicas may take in the end until they hold the same. */
    private static final Duration AGREEMENT = Duration.ofMinutes(2);

    /** The same where somebody waits for the end. */
    private static final Duration SHORT_AGREEMENT = Duration.ofSeconds(30);

    private static final Duration GLANCE = Duration.ofMillis(100);

    private final SoakSetting setting;
    private final Deployment deployment;
    private final Interruption interruption;
    private final Chronicle chronicle;
    private final Weather weather = new Weather();
    private final Relays relays;
    private final Confs confs;
    private final Map<NodeId, Host> hosts = new LinkedHashMap<>();
    private final Replicas replicas;
    private final Optional<NodeId> onDisk;
    private final Optional<Path> disk;
    private final List<Round> rounds = new ArrayList<>();

    /**
     * Takes the addresses, and starts nothing yet.
     *
     * @param progress is told what happens
     * @throws io.orrery.config.ConfigProblem when this machine cannot do it; nothing has been changed then
     */
    public Soak(SoakSetting setting, Interruption interruption, Consumer<String> progress) throws IOException {
        SoakRequirements.check(setting);
        this.setting = setting;
        this.deployment = setting.deployment();
        this.interruption = interruption;
        this.onDisk =
                setting.disk().map(any -> deployment.ids().get(deployment.ids().size() - 1));
        this.relays = new Relays(weather);
        try {
            relays(deployment);
        } catch (RuntimeException | IOException e) {
            relays.close();
            throw e;
        }
        this.disk = setting.disk().isPresent()
                ? Optional.of(Files.createTempDirectory(setting.disk().get(), "orrery-soak-"))
                : Optional.empty();
        this.chronicle = new Chronicle(setting.directory().resolve("nodes.log"), progress);
        this.confs = new Confs(setting.conf(), deployment, setting.directory());
        Host.Site site = new Host.Site(confs, relays, chronicle, interruption, setting.flags());
        List<NodeId> ids = deployment.ids();
        for (NodeId id : ids) {
            Path home = disk.filter(any -> onDisk.equals(Optional.of(id)))
                    .orElse(setting.directory())
                    .resolve(id.name());
            Path clock = setting.directory().resolve("clocks").resolve(id.name());
            hosts.put(id, new Host(id, site, home, clock, Addresses.ofProcesses(deployment, id)));
        }
        this.replicas = new Replicas(hosts, deployment.security());
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
     * Runs to the end of its time, or until it is interrupted, and judges.
     *
     * @throws LaunchFailure when the nodes do not become ready at first
     */
    public SoakResult run() throws IOException, InterruptedException {
        chronicle.tell("starting " + hosts.size() + " nodes");
        hosts.values().forEach(Host::start);
        for (Host host : hosts.values()) {
            host.awaitReady(READY);
        }
        Path file = setting.directory().resolve("history.jsonl");
        Workload workload = new Workload(hosts, deployment, setting.seed(), file);
        Faults faults = new Faults(
                hosts,
                replicas,
                workload,
                weather,
                confs,
                chronicle,
                interruption,
                deployment.protocol().acknowledgesAlone(deployment.options()),
                disk.map(DiskFiller::new).orElse(null));
        Healing healing = new Healing(hosts, replicas, workload, interruption);
        long began = System.nanoTime();
        chronicle.tell("clients write and read");
        try (workload) {
            workload.start();
            healing.measure();
            play(workload, faults, healing, began);
            chronicle.tell("healing");
            recover(faults);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return judge(workload.history(), took);
    }

    private void play(Workload workload, Faults faults, Healing healing, long began)
            throws IOException, InterruptedException {
        Plan plan = new Plan(
                setting.seed(),
                setting.kinds(),
                new Plan.Setting(
                        deployment.ids(),
                        deployment.options().get(ProtocolOptions.LEADER),
                        onDisk,
                        setting.longestFault()));
        while (rounds.size() < plan.turn()
                || System.nanoTime() - began < setting.length().toNanos()) {
            PlannedFault fault = plan.next();
            workload.beginRound(fault.round());
            if (interruption.await(fault.calm())) {
                return;
            }
            chronicle.tell("round " + fault.round() + ": " + fault);
            Duration at = Duration.ofNanos(System.nanoTime() - began);
            try {
                faults.inflict(fault);
            } catch (LaunchFailure | IllegalStateException | IOException e) {
                if (!interruption.isDone()) {
                    chronicle.problem(fault + ": " + e.getMessage());
                }
            }
            Duration ended = Duration.ofNanos(System.nanoTime() - began);
            workload.avoidNone();
            hosts.values().forEach(Host::start);
            Healing.Healed healed = healing.measure();
            if (interruption.isDone()) {
                return;
            }
            rounds.add(new Round(fault, at, ended, healed.writes(), healed.everywhere()));
            if (healed.missing().isPresent()) {
                chronicle.problem("not healed within " + Healing.LIMIT.toSeconds() + " s after " + fault + ": "
                        + healed.missing().get());
                restartAll();
            }
        }
    }

    /** What does not heal by itself is a finding, and must not hide what comes after it. */
    private void restartAll() throws InterruptedException {
        chronicle.tell("all nodes are killed and started again");
        hosts.values().forEach(Host::kill);
        hosts.values().forEach(Host::start);
        for (Host host : hosts.values()) {
            try {
                host.awaitReady(READY);
            } catch (LaunchFailure e) {
                chronicle.problem(e.getMessage());
            }
        }
    }

    /** All faults end, and all nodes come back: also those that a signal to the whole group of processes has ended. */
    private void recover(Faults faults) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        do {
            faults.endAll();
            Thread.sleep(GLANCE.toMillis());
        } while (!deployment.ids().stream().allMatch(replicas::isReady) && System.nanoTime() < deadline);
    }

    private SoakResult judge(History history, Duration took) throws InterruptedException {
        boolean converges = deployment.protocol().converges();
        chronicle.tell("waiting until all replicas " + (converges ? "are equal" : "have all writes"));
        Verdict agree = awaitAgreement();
        if (!converges && !agree.equals(Verdict.HOLDS)) {
            chronicle.problem("not all replicas have all writes");
        }
        Optional<Map<Key, Convergence.Held>> contents = deployment.ids().stream()
                .flatMap(id -> replicas.contents(id).stream())
                .findFirst();
        if (contents.isEmpty()) {
            chronicle.problem("no replica shows what it holds, so nobody knows what is lost");
        }
        Map<NodeId, Boolean> alive = new TreeMap<>();
        hosts.forEach((id, host) -> alive.put(id, host.runs()));
        chronicle.tell("judging " + history.ops().size() + " operations");
        Map<Model, Verdict> verdicts = new EnumMap<>(Model.class);
        deployment.protocol().promises().models().stream()
                .map(Model::parse)
                .filter(Model::judgesHistories)
                .forEach(model -> verdicts.put(model, Checker.check(history, model, Options.DEFAULT)));
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
                chronicle.problems(),
                interruption.isDone());
    }

    /** Replicas are asked one after another, while they may still change: what two looks see is so. */
    private Verdict awaitAgreement() throws InterruptedException {
        Duration patience = interruption.isDone() ? SHORT_AGREEMENT : AGREEMENT;
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Verdict verdict = replicas.agree(deployment.protocol());
            if (verdict.equals(Verdict.HOLDS)) {
                Thread.sleep(GLANCE.toMillis());
                verdict = replicas.agree(deployment.protocol());
            }
            if (verdict.equals(Verdict.HOLDS) || System.nanoTime() > deadline) {
                return verdict;
            }
            Thread.sleep(GLANCE.toMillis());
        }
    }

    /** Kills all nodes, and leaves the addresses. Files stay, but for those on the disk that was handed over. */
    @Override
    public void close() throws IOException {
        hosts.values().forEach(Host::kill);
        relays.close();
        chronicle.close();
        if (disk.isPresent()) {
            Directories.delete(disk.get());
        }
    }
}

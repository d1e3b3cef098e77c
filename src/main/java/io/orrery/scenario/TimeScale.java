package io.orrery.scenario;

import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The factor by which all times of a scenario are stretched in real time, expected durations included, so that a slow
 * machine has more room for the overhead of requests and processes.
 *
 * @param factor 1 changes nothing, 2 makes each second two
 */
public record TimeScale(double factor) {
    private static final double LARGEST = 1_000;

    /** @throws IllegalArgumentException if the factor is not positive, or is too large */
    public TimeScale {
        if (!(factor > 0 && factor <= LARGEST)) {
            throw new IllegalArgumentException(
                    "a scale of time is a number above 0 and at most " + (int) LARGEST + ", not " + factor);
        }
    }

    public Duration apply(Duration duration) {
        return Duration.ofNanos(Math.round(duration.toNanos() * factor));
    }

    public LinkRule apply(LinkRule rule) {
        return rule.withDelay(apply(rule.delay()));
    }

    public Scenario apply(Scenario scenario) {
        return new Scenario(
                scenario.name(),
                scenario.file(),
                scenario.title(),
                scenario.protocol(),
                scenario.replicas(),
                scenario.options(),
                scenario.links().stream().map(this::apply).toList(),
                apply(scenario.disk()),
                apply(scenario.tuning()),
                scenario.pace(),
                scenario.limits().withTimeout(apply(scenario.timeout())),
                apply(scenario.settle()),
                scenario.workload().map(this::apply),
                apply(scenario.steps()),
                scenario.random().map(this::apply),
                scenario.expected(),
                apply(scenario.conditions()));
    }

    private Conditions apply(Conditions conditions) {
        ClientModel clients = conditions.clients();
        Map<String, Map<NodeId, Delay>> distances = new TreeMap<>();
        clients.distances().forEach((client, to) -> {
            Map<NodeId, Delay> scaled = new TreeMap<>(to);
            scaled.replaceAll((replica, delay) -> apply(delay));
            distances.put(client, scaled);
        });
        return conditions.withClients(new ClientModel(
                apply(clients.way()),
                clients.toldOfCrashes(),
                clients.timeout().map(this::apply),
                clients.retries(),
                apply(clients.retryAfter()),
                clients.requestIds(),
                distances));
    }

    private Delay apply(Delay delay) {
        if (delay instanceof Delay.Fixed fixed) {
            return new Delay.Fixed(apply(fixed.delay()));
        }
        if (delay instanceof Delay.Uniform uniform) {
            return new Delay.Uniform(apply(uniform.min()), apply(uniform.max()));
        }
        if (delay instanceof Delay.Exponential exponential) {
            return new Delay.Exponential(apply(exponential.mean()));
        }
        Delay.Normal normal = (Delay.Normal) delay;
        return new Delay.Normal(apply(normal.mean()), apply(normal.deviation()));
    }

    private DiskModel apply(DiskModel disk) {
        return new DiskModel(
                apply(disk.sync()),
                disk.policy(),
                disk.keptInCrash(),
                apply(disk.replay()),
                disk.valuesOver(),
                disk.retry().map(this::apply));
    }

    private Fault apply(Fault fault) {
        if (fault instanceof Fault.SlowDisk slow) {
            return new Fault.SlowDisk(slow.replica(), apply(slow.by()));
        }
        return fault instanceof Fault.ChangeLinks changeLinks ? apply(changeLinks) : fault;
    }

    private Fault.ChangeLinks apply(Fault.ChangeLinks changeLinks) {
        LinkChange change = changeLinks.change();
        return new Fault.ChangeLinks(
                changeLinks.from(),
                changeLinks.to(),
                changeLinks.messages(),
                new LinkChange(
                        change.delay().map(this::apply),
                        change.loss(),
                        change.duplicate(),
                        change.cut(),
                        change.runs()));
    }

    private Tuning apply(Tuning tuning) {
        return new Tuning(
                apply(tuning.antiEntropy()),
                apply(tuning.patience()),
                tuning.batch(),
                tuning.buffer(),
                tuning.storeBytes(),
                tuning.staggered());
    }

    private Workload apply(Workload workload) {
        return workload.withThinkTime(apply(workload.thinkTime()));
    }

    private RandomFaults apply(RandomFaults random) {
        return new RandomFaults(
                random.kinds(), apply(random.from()), apply(random.to()), random.rates(), random.line());
    }

    private List<Step> apply(List<Step> steps) {
        return steps.stream().map(this::apply).toList();
    }

    private Step apply(Step step) {
        if (step instanceof Step.Ask ask) {
            return new Step.Ask(
                    apply(ask.at()), ask.line(), ask.client(), ask.via(), ask.operation(), apply(ask.expectation()));
        }
        Step.Inject inject = (Step.Inject) step;
        return new Step.Inject(apply(inject.at()), inject.line(), apply(inject.fault()), inject.midStep());
    }

    private Expectation apply(Expectation expected) {
        return new Expectation(
                expected.values(),
                expected.ending(),
                expected.status(),
                expected.version(),
                expected.within().map(this::apply),
                expected.atLeast().map(this::apply));
    }
}

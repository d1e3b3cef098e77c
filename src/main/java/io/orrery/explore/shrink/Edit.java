package io.orrery.explore.shrink;

import io.orrery.journal.DiskModel;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.replica.ReplicaLimits;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.Step;
import io.orrery.scenario.Workload;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A scenario under change. */
final class Edit {
    private final Scenario base;
    private String name;
    private String title;
    private List<NodeId> replicas;
    private ProtocolOptions options;
    private List<Fault.ChangeLinks> links;
    private DiskModel disk;
    private Tuning tuning;
    private PaceModel pace;
    private ReplicaLimits limits;
    private Duration settle;
    private Optional<Workload> workload;
    private List<Step> steps;
    private Scenario.Expected expected;
    private Conditions conditions;

    private Edit(Scenario base) {
        this.base = base;
        name = base.name();
        title = base.title();
        replicas = base.replicas();
        options = base.options();
        links = base.links();
        disk = base.disk();
        tuning = base.tuning();
        pace = base.pace();
        limits = base.limits();
        settle = base.settle();
        workload = base.workload();
        steps = base.steps();
        expected = base.expected();
        conditions = base.conditions();
    }

    static Edit of(Scenario base) {
        return new Edit(base);
    }

    Edit named(String changedName, String changedTitle) {
        name = changedName;
        title = changedTitle;
        return this;
    }

    Edit replicas(List<NodeId> changed, ProtocolOptions changedOptions) {
        replicas = changed;
        options = changedOptions;
        return this;
    }

    Edit links(List<Fault.ChangeLinks> changed) {
        links = changed;
        return this;
    }

    Edit disk(DiskModel changed) {
        disk = changed;
        return this;
    }

    Edit tuning(Tuning changed) {
        tuning = changed;
        return this;
    }

    Edit pace(PaceModel changed) {
        pace = changed;
        return this;
    }

    Edit limits(ReplicaLimits changed) {
        limits = changed;
        return this;
    }

    Edit settle(Duration changed) {
        settle = changed;
        return this;
    }

    Edit workload(Optional<Workload> changed) {
        workload = changed;
        return this;
    }

    Edit steps(List<? extends Step> changed) {
        steps = List.copyOf(changed);
        return this;
    }

    Edit expected(Scenario.Expected changed) {
        expected = changed;
        return this;
    }

    Edit conditions(Conditions changed) {
        conditions = changed;
        return this;
    }

    /** What came of the changes. */
    Scenario scenario() {
        return new Scenario(
                name,
                base.file(),
                title,
                base.protocol(),
                replicas,
                options,
                links,
                disk,
                tuning,
                pace,
                limits,
                settle,
                workload,
                steps,
                base.random(),
                expected,
                conditions);
    }
}

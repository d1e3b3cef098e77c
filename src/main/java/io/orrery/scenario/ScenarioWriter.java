package io.orrery.scenario;

import io.orrery.journal.DiskModel;
import io.orrery.model.Durations;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.network.LossRun;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.PaceModel;
import io.orrery.simulation.StartModel;
import io.orrery.simulation.oracle.Oracles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Writes scenarios as files that a person could have written: in the order of the documentation, a line for each step, and
 * only what differs from what holds where it is left out. What it writes, {@link ScenarioLoader} reads back as the same
 * scenario, apart from the numbers of lines.
 */
public final class ScenarioWriter {
    private final Scenario scenario;
    private final List<String> lines = new ArrayList<>();

    private ScenarioWriter(Scenario scenario) {
        this.scenario = scenario;
    }

    /** The text of the file. Limits of replicas that no file can set are left out. */
    public static String write(Scenario scenario) {
        return write(scenario, List.of());
    }

    /** @param comment lines that stand above all, without their {@code #} */
    public static String write(Scenario scenario, Collection<String> comment) {
        return new ScenarioWriter(scenario).text(comment);
    }

    private String text(Collection<String> comment) {
        comment.forEach(line -> lines.add(("# " + line).stripTrailing()));
        if (!comment.isEmpty()) {
            lines.add("");
        }
        lines.add("title    = " + HoconText.quoted(scenario.title()));
        lines.add("protocol = " + scenario.protocol().name());
        lines.add("replicas = " + HoconText.list(scenario.replicas()));
        options();
        links();
        world();
        load();
        steps();
        judges();
        return String.join("\n", lines) + "\n";
    }

    private void add(String key, HoconText object) {
        if (!object.isEmpty()) {
            lines.add(key + " " + object);
        }
    }

    private <T> void differing(String key, T value, T usual, String text) {
        if (!value.equals(usual)) {
            lines.add(key + " = " + text);
        }
    }

    private void options() {
        HoconText options = new HoconText();
        scenario.options().given().forEach((name, text) -> {
            if (ProtocolOptions.mayStandAtTheTop(name)) {
                lines.add(name + " = " + HoconText.text(text));
            } else {
                options.put(name, HoconText.measure(text));
            }
        });
        add(ProtocolOptions.KEY, options);
    }

    private void links() {
        List<String> links = scenario.links().stream().map(StepWriter::link).toList();
        if (links.size() == 1) {
            lines.add("links    = [" + links.get(0) + "]");
        } else if (!links.isEmpty()) {
            lines.add("links = [");
            links.forEach(link -> lines.add("  " + link));
            lines.add("]");
        }
    }

    private void world() {
        DiskModel disk = scenario.disk();
        DiskModel usual = DiskModel.INSTANT;
        HoconText disks = new HoconText()
                .differing("sync", disk.sync(), usual.sync(), HoconText.measure(disk.sync()))
                .differing("sync-policy", disk.policy(), usual.policy(), DiskReader.word(disk.policy()))
                .differing("kept-in-crash", disk.keptInCrash(), 0.0, HoconText.number(disk.keptInCrash()))
                .differing("replay", disk.replay(), usual.replay(), HoconText.measure(disk.replay()))
                .differing("values-over", disk.valuesOver(), usual.valuesOver(), "" + disk.valuesOver());
        disk.retry().ifPresent(it -> disks.put("retry", Durations.format(it)));
        add("disk", disks);
        Tuning tuning = scenario.tuning();
        differing(
                "anti-entropy",
                tuning.antiEntropy(),
                Tuning.DEFAULT.antiEntropy(),
                Durations.format(tuning.antiEntropy()));
        differing("staggered", tuning.staggered(), false, "" + tuning.staggered());
        differing("patience", tuning.patience(), Tuning.DEFAULT.patience(), Durations.format(tuning.patience()));
        pace(scenario.pace());
        Conditions conditions = scenario.conditions();
        start(conditions.start());
        clients(conditions.clients());
        differing("encoding", conditions.encoded(), false, "true");
        differing("membership", conditions.membership(), false, "true");
        differing("timeout", scenario.timeout(), ScenarioLoader.TIMEOUT, Durations.format(scenario.timeout()));
        differing("settle", scenario.settle(), ScenarioLoader.SETTLE, Durations.format(scenario.settle()));
    }

    private void pace(PaceModel pace) {
        HoconText slow = new HoconText();
        pace.handling().forEach((id, delay) -> slow.put(HoconText.key(id.name()), HoconText.measure(delay)));
        add("slow", slow);
        HoconText clocks = new HoconText();
        pace.clocks().forEach((id, rate) -> clocks.put(HoconText.key(id.name()), HoconText.number(rate)));
        add(
                "timers",
                new HoconText()
                        .differing("late", pace.late(), Delay.NONE, HoconText.measure(pace.late()))
                        .object("clocks", clocks));
    }

    private void start(StartModel start) {
        add(
                "start",
                new HoconText()
                        .differing("over-links", start.overLinks(), false, "true")
                        .differing("absent", start.absent(), List.of(), HoconText.list(start.absent()))
                        .differing("incarnation", start.incarnation(), 0L, "" + start.incarnation()));
    }

    private void clients(ClientModel clients) {
        LinkRule way = clients.way();
        HoconText text = new HoconText().differing("delay", way.delay(), Delay.NONE, HoconText.measure(way.delay()));
        // A file may say nothing of what follows without this, even if it is 0.
        if (way.loss() > 0 || !way.lossRun().equals(LossRun.SINGLE)) {
            text.put("loss", HoconText.number(way.loss()));
        }
        text.differing("loss-run", way.lossRun(), LossRun.SINGLE, HoconText.measure(way.lossRun()))
                .differing("duplicate", way.duplicate(), 0.0, HoconText.number(way.duplicate()))
                .differing("told-of-crashes", clients.toldOfCrashes(), false, "true");
        clients.timeout().ifPresent(it -> text.put("timeout", Durations.format(it)));
        if (clients.retries() > 0 || !clients.retryAfter().equals(Delay.NONE)) {
            text.put("retries", "" + clients.retries());
        }
        text.differing("retry-after", clients.retryAfter(), Delay.NONE, HoconText.measure(clients.retryAfter()))
                .differing("request-ids", clients.requestIds(), false, "true");
        add("clients", text);
    }

    private void load() {
        scenario.workload()
                .ifPresent(load -> add(
                        "workload",
                        new HoconText()
                                .put("clients", "" + load.clients())
                                .put("operations", "" + load.operations())
                                .put("keys", "" + load.keys())
                                .put("reads", HoconText.number(load.reads()))
                                .differing("deletes", load.deletes(), 0.0, HoconText.number(load.deletes()))
                                .differing("moves", load.moves(), 0.0, HoconText.number(load.moves()))
                                .differing(
                                        "think-time", load.thinkTime(), Delay.NONE, HoconText.measure(load.thinkTime()))
                                .differing("redirects", load.redirects(), false, "true")
                                .differing("values", load.values(), 0, "" + load.values())
                                .differing("cas", load.cas(), 0.0, HoconText.number(load.cas()))));
    }

    private void steps() {
        if (!scenario.steps().isEmpty()) {
            lines.add("");
            lines.add("steps = [");
            StepWriter.lines(scenario.steps()).forEach(line -> lines.add("  " + line));
            lines.add("]");
        }
        scenario.random().ifPresent(random -> {
            HoconText rates = new HoconText();
            random.rates().forEach((kind, rate) -> rates.put(kind.toString(), "" + rate));
            String span = Durations.format(random.from()) + ".." + Durations.format(random.to());
            lines.add("");
            add(
                    "faults",
                    new HoconText()
                            .put("random", HoconText.list(List.copyOf(random.kinds())))
                            .put("span", HoconText.measure(span))
                            .object("rates", rates));
        });
    }

    private void judges() {
        Scenario.Expected expected = scenario.expected();
        HoconText verdicts = new HoconText();
        expected.verdicts().forEach((model, holds) -> verdicts.put(model.id(), "" + holds));
        if (!verdicts.isEmpty() || !expected.invariants().isEmpty()) {
            lines.add("");
        }
        if (!expected.invariants().isEmpty()) {
            List<String> all = Oracles.of(scenario.protocol()).stream()
                    .map(NamedInvariant::name)
                    .toList();
            lines.add("invariants = "
                    + (expected.invariants().equals(all) ? "all" : HoconText.list(expected.invariants())));
        }
        add("expect", verdicts);
    }
}

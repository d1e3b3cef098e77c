package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.explore.sweep.Sweep;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.loop.Strategy;
import io.orrery.model.FileProblem;
import io.orrery.report.Table;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.zoo.Zoo;
import io.orrery.zoo.kit.Exhibit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the protocols that are broken on purpose. */
@Command(
        name = "zoo",
        description = {
            "Lists protocols that are broken on purpose, by one mistake each, with what it violates.",
            "With a NAME it tells the mistake, and prints a scenario in which it shows."
        })
final class ZooCommand implements Callable<Integer> {
    private static final List<String> SCHEDULERS = List.of("random", "pos", "pct:3", "guided");

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "One of them.")
    private String name;

    @Option(names = "--out", paramLabel = "FILE", description = "With a NAME: write the scenario to this file.")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Play each, or the one that is named, with seeds 1 to N under each scheduler, and say in how many "
                            + "worlds its mistake shows.")
    private Integer seeds;

    @Option(
            names = "--rounds",
            paramLabel = "R",
            description =
                    "With --seeds: say how many worlds it takes until the mistake shows, the median of so many rounds of at "
                            + "most N worlds each.")
    private Integer rounds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "With --seeds: how many worlds are played at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (out != null && name == null) {
            throw wrong("--out writes the scenario of one: name it");
        }
        if (seeds == null) {
            IdleOptions.refuse(spec, "belongs to --seeds N, which plays worlds: give both", "--rounds", "--threads");
        }
        RoundsOption.atLeastOne("--threads", threads);
        List<Exhibit> exhibits = name == null ? Zoo.exhibits() : List.of(named());
        PrintWriter stdout = spec.commandLine().getOut();
        if (out != null) {
            write(exhibits.get(0));
        }
        if (seeds != null) {
            RoundsOption.atLeastOne("--seeds", seeds);
            if (rounds != null) {
                RoundsOption.atLeastOne("--rounds", rounds);
            }
            compareSchedulers(exhibits, stdout);
            return ExitCode.OK;
        }
        if (json) {
            ArrayNode all = new ObjectMapper().createArrayNode();
            exhibits.forEach(exhibit -> describe(exhibit, all.addObject()));
            stdout.println(all.toPrettyString());
        } else if (name == null) {
            list(exhibits, stdout);
        } else {
            tell(exhibits.get(0), stdout);
        }
        return ExitCode.OK;
    }

    private Exhibit named() {
        try {
            return Zoo.named(name);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private void write(Exhibit exhibit) {
        try {
            Files.writeString(out, exhibit.scenario());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }

    private static void list(List<Exhibit> exhibits, PrintWriter stdout) {
        Table table =
                new Table().column("NAME").column("VIOLATES").number("SEED").text("THE MISTAKE");
        exhibits.forEach(exhibit -> table.row(exhibit.name(), exhibit.shows(), exhibit.seed(), exhibit.story()));
        table.lines(Terminal.columns()).forEach(stdout::println);
        stdout.println();
        stdout.println("./run.sh zoo NAME tells one, and prints its scenario: run it with that seed, and it shows.");
    }

    /** How often a mistake shows under one scheduler. */
    private record Shown(String scheduler, long worlds, OptionalLong first) {
        @Override
        public String toString() {
            return worlds == 0 ? "-" : worlds + " (" + first.getAsLong() + ")";
        }
    }

    /**
     * How many worlds it took until a mistake showed under one scheduler.
     *
     * @param worlds by rounds, sorted; empty where it did not show
     */
    private record Until(List<OptionalLong> worlds, int most) {
        @Override
        public String toString() {
            OptionalLong median = worlds.get(worlds.size() / 2);
            return median.isEmpty() ? "> " + most : "" + median.getAsLong();
        }
    }

    private void compareSchedulers(List<Exhibit> exhibits, PrintWriter stdout) throws InterruptedException {
        Table table = new Table().column("NAME").column("VIOLATES");
        SCHEDULERS.forEach(table::number);
        ArrayNode all = new ObjectMapper().createArrayNode();
        try (ActivityLine activity = new ActivityLine(spec.commandLine().getErr())) {
            for (Exhibit exhibit : exhibits) {
                List<Object> row = new ArrayList<>(List.of(exhibit.name(), exhibit.shows()));
                ObjectNode node = all.addObject().put("name", exhibit.name()).put("violates", exhibit.shows());
                for (String scheduler : SCHEDULERS) {
                    activity.begin(() -> exhibit.name() + " under " + scheduler);
                    if (rounds == null) {
                        Shown shown = shown(exhibit, scheduler);
                        row.add(shown);
                        ObjectNode of = node.putObject(scheduler).put("worlds", shown.worlds());
                        shown.first().ifPresent(seed -> of.put("first", seed));
                    } else {
                        Until until = until(exhibit, scheduler);
                        row.add(until);
                        ArrayNode of = node.putArray(scheduler);
                        until.worlds().forEach(it -> it.ifPresentOrElse(of::add, of::addNull));
                    }
                }
                table.row(row.toArray());
            }
        }
        if (json) {
            stdout.println(all.toPrettyString());
        } else {
            Terminal.lines(table).forEach(stdout::println);
            stdout.println();
            stdout.println(
                    rounds == null
                            ? "In how many of " + seeds
                                    + " worlds the mistake shows under each scheduler, and the first "
                                    + "such seed; of guided the first such world."
                            : "After how many worlds the mistake shows under each scheduler: the median of " + rounds
                                    + " rounds of at most " + seeds + " worlds.");
        }
        stdout.flush();
    }

    private Shown shown(Exhibit exhibit, String scheduler) throws InterruptedException {
        SweepPlan plan = new SweepPlan(
                List.of(judged(exhibit)), 1, seeds, Optional.empty(), false, threads, Strategy.parse(scheduler));
        return new Sweep(plan)
                .run().tallies().get(0).rows().stream()
                        .filter(row -> row.kind().name().equals(exhibit.shows()))
                        .map(row -> new Shown(scheduler, row.violated(), row.firstViolated()))
                        .findFirst()
                        .orElseThrow();
    }

    private Until until(Exhibit exhibit, String scheduler) throws InterruptedException {
        List<OptionalLong> worlds = new ArrayList<>();
        for (long first = 1; worlds.size() < rounds; first += seeds) {
            SweepResult result = new Sweep(new SweepPlan(
                            List.of(judged(exhibit)),
                            first,
                            first + seeds - 1,
                            Optional.empty(),
                            true,
                            threads,
                            Strategy.parse(scheduler)))
                    .run();
            worlds.add(result.isViolated() ? OptionalLong.of(result.worlds()) : OptionalLong.empty());
        }
        worlds.sort(Comparator.comparingLong(it -> it.orElse(Long.MAX_VALUE)));
        return new Until(worlds, seeds);
    }

    /** Its scenario, in which nothing is expected but what its mistake violates. */
    private static Scenario judged(Exhibit exhibit) {
        Scenario scenario = ScenarioLoader.parse(exhibit.name() + ".conf", exhibit.scenario());
        Optional<Model> model = Model.find(exhibit.shows());
        return scenario.expecting(new Scenario.Expected(
                model.map(it -> Map.of(it, true)).orElse(Map.of()),
                Map.of(),
                model.isPresent() ? List.of() : List.of(exhibit.shows()),
                0));
    }

    private void tell(Exhibit exhibit, PrintWriter stdout) {
        stdout.println(exhibit.name());
        stdout.println("  the mistake     " + exhibit.story());
        if (!exhibit.source().isEmpty()) {
            stdout.println("  source          " + exhibit.source());
        }
        stdout.println("  a variant of    " + exhibit.sound().name() + ": "
                + exhibit.sound().summary());
        stdout.println("  it violates     " + exhibit.shows());
        String file = out == null ? exhibit.name() + ".conf" : out.toString();
        stdout.println("  to see it       ./run.sh sim " + file + " --seed " + exhibit.seed() + " --trace");
        if (out == null) {
            stdout.println("                  with this file (--out " + file + " writes it):");
            stdout.println();
            stdout.print(exhibit.scenario());
        }
    }

    private static void describe(Exhibit exhibit, ObjectNode into) {
        into.put("name", exhibit.name());
        into.put("protocol", exhibit.type().name());
        into.put("variantOf", exhibit.sound().name());
        into.put("violates", exhibit.shows());
        into.put("seed", exhibit.seed());
        into.put("story", exhibit.story());
        into.put("source", exhibit.source());
        into.put("scenario", exhibit.scenario());
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

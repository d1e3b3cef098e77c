package io.orrery.cli;

import io.orrery.bench.experiment.Availability;
import io.orrery.bench.experiment.Availability.Row;
import io.orrery.bench.experiment.AvailabilityReport;
import io.orrery.bench.experiment.StandardFault;
import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolType;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what each protocol goes on answering while something has failed. */
@Command(
        name = "availability",
        description = {
            "Which share of writes and reads each protocol answers in each of ten standard faults, in virtual time.",
            "Five replicas with clients beside each; a leader, a follower, a minority, a majority or a link fails for 6 seconds."
        })
final class BenchAvailabilityCommand implements Callable<Integer> {
    @Option(names = "--svg", paramLabel = "PICTURE", description = "Also draw the figures, to this file.")
    private Path svg;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "In how many worlds each fault strikes each protocol (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int rounds;

    @Mixin
    private ChosenProtocols chosenProtocols;

    @Mixin
    private SeededOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--rounds", rounds);
        List<ProtocolType> protocols = chosenProtocols.protocols();
        if (svg != null) {
            CsvFile.create(svg);
        }
        List<Row> rows = common.measure(
                protocols.size() * StandardFault.values().length,
                progress -> new Availability(common.seed(), rounds).run(protocols, progress));
        if (svg != null) {
            draw(rows);
        }
        return common.publish(
                "What each protocol answers in ten standard faults: percent of what replicas that could answer were asked",
                List.of(
                        "The faults: " + AvailabilityReport.legend() + ".",
                        "Where no replica leads, the first counts as the leader. Each fault lasts for 6 s; answered is what is"
                                + " done within 1 s, of what was asked in the first 5 s. Clients of replicas that are down or paused do not count: nobody could"
                                + " answer them. After it are the 3 s that follow."),
                AvailabilityReport.sheets(rows));
    }

    private void draw(List<Row> rows) throws IOException {
        try {
            Files.writeString(svg, AvailabilityReport.svg(rows));
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }
}

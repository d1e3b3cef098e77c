package io.orrery.cli;

import io.orrery.bench.WorldSearch;
import io.orrery.bench.experiment.Sheet;
import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether protocols keep their contract in many generated worlds. */
@Command(
        name = "worlds",
        description = {
            "Plays generated worlds with random faults, and says in which a protocol breaks its contract.",
            "It can be interrupted: what is done stands in a file, and the same command goes on from there."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no world broke it", "1:a world did"})
final class BenchWorldsCommand implements Callable<Integer> {
    @Option(names = "--protocol", paramLabel = "P", description = "The protocol (default: all that there are).")
    private String protocol;

    @Option(names = "--worlds", paramLabel = "N", description = "Worlds per protocol (default: 1000).")
    private int worlds = 1_000;

    @Option(names = "--first", paramLabel = "N", description = "The number of the first world (default: 0).")
    private int first;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many are played at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "Where what is done is written down (default: worlds.log).")
    private Path log = Path.of("worlds.log");

    @Mixin
    private BenchOptions common;

    @Override
    public Integer call() throws IOException {
        RoundsOption.atLeastOne("--worlds", worlds);
        RoundsOption.atLeastOne("--threads", threads);
        if (first < 0 || first > Integer.MAX_VALUE - worlds) {
            throw new IllegalArgumentException("worlds have numbers from 0 to " + Integer.MAX_VALUE);
        }
        List<ProtocolType> protocols = protocol == null ? Protocols.all() : List.of(Protocols.named(protocol));
        WorldSearch search = new WorldSearch(protocols, first, worlds, threads, log);
        List<WorldSearch.Result> results;
        try {
            results = common.measure(search.steps(), search::run);
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
        Sheet sheet = new Sheet()
                .text("protocol", "protocol")
                .count("worlds", "worlds")
                .count("broken", "broken");
        List<String> notes = new ArrayList<>(List.of("Each number is two worlds: one in which disks may be lost and the"
                + " invariants hold after each event, and one in which the promises are kept."));
        for (WorldSearch.Result result : results) {
            sheet.row()
                    .add(result.protocol().name())
                    .add(result.worlds())
                    .add(result.problems().size());
            notes.addAll(result.problems());
        }
        common.publish("Generated worlds from " + first + " on", notes, List.of(sheet));
        return results.stream().allMatch(result -> result.problems().isEmpty()) ? ExitCode.OK : ExitCode.NO;
    }
}

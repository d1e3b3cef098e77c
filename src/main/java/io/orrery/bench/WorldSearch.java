package io.orrery.bench;

import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.Contract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Plays many generated worlds of protocols, and tells in which the contract is broken. It can be interrupted: blocks of
 * worlds that are done stand in a file, and are not played again.
 */
public final class WorldSearch {
    /** A block takes seconds. */
    private static final int BLOCK = 200;

    private final List<ProtocolType> protocols;
    private final int first;
    private final int worlds;
    private final int threads;
    private final Path log;
    private final List<String> lines = new ArrayList<>();

    /** @param problems a line for each broken world */
    public record Result(ProtocolType protocol, int worlds, List<String> problems) {}

    /**
     * @param first the number of the first world of each protocol
     * @param worlds how many of each
     * @param log where done blocks and problems are written down; created if missing
     */
    public WorldSearch(List<ProtocolType> protocols, int first, int worlds, int threads, Path log) {
        this.protocols = List.copyOf(protocols);
        this.first = first;
        this.worlds = worlds;
        this.threads = threads;
        this.log = log;
    }

    private record Block(ProtocolType protocol, int from, int to) {
        String done() {
            return "done " + protocol + " " + from + " " + to;
        }
    }

    /** How many blocks there are in all. */
    public int steps() {
        return blocks().size();
    }

    /** Round by round, so that each protocol has had its share whenever this is interrupted. */
    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int from = first; from < first + worlds; from += BLOCK) {
            for (ProtocolType protocol : protocols) {
                blocks.add(new Block(protocol, from, Math.min(first + worlds, from + BLOCK)));
            }
        }
        return blocks;
    }

    /**
     * Plays all worlds that are not done yet.
     *
     * @param progress told of each block that is done, on any thread
     * @throws IOException when the log cannot be read or written
     */
    public List<Result> run(Consumer<String> progress) throws IOException {
        lines.addAll(Files.exists(log) ? Files.readAllLines(log) : List.of());
        Set<String> done = new HashSet<>(lines);
        List<Callable<Void>> tasks = blocks().stream()
                .<Callable<Void>>map(block -> () -> {
                    if (!done.contains(block.done())) {
                        write(play(block));
                    }
                    progress.accept(block.protocol().name());
                    return null;
                })
                .toList();
        try {
            Parallel.run(threads, tasks, "a world failed");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return protocols.stream().map(this::result).toList();
    }

    private static List<String> play(Block block) {
        List<String> said = new ArrayList<>();
        new Contract(block.protocol())
                .problems(block.from(), block.to())
                .forEach((number, problem) -> said.add(broken(block.protocol()) + number + ": " + problem));
        said.add(block.done());
        return said;
    }

    private static String broken(ProtocolType protocol) {
        return "broken " + protocol + " ";
    }

    private synchronized void write(List<String> said) {
        try {
            Files.write(log, said, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.addAll(said);
    }

    private Result result(ProtocolType protocol) {
        int count = 0;
        for (Block block : blocks()) {
            if (block.protocol().equals(protocol) && lines.contains(block.done())) {
                count += block.to() - block.from();
            }
        }
        String prefix = broken(protocol);
        return new Result(
                protocol,
                count,
                lines.stream()
                        .filter(line -> line.startsWith(prefix))
                        .filter(line -> isOfThis(line.substring(prefix.length())))
                        .distinct()
                        .toList());
    }

    private boolean isOfThis(String numberAndProblem) {
        int number = Integer.parseInt(numberAndProblem.substring(0, numberAndProblem.indexOf(':')));
        return number >= first && number < first + worlds;
    }
}

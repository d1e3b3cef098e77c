package io.orrery.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The histories named on a command line: files, pipes, {@code -} for standard input, and folders. */
final class HistoryFiles {
    static final Path STANDARD_INPUT = Path.of("-");

    /** The file names of histories of a run: Jepsen's, and those of sim --out. */
    private static final List<String> NAMES =
            List.of("history.jsonl", "history.edn", "history.json", "history.jsonl.gz", "history.edn.gz");

    /** Jepsen's rendering for people, beside {@code history.edn}. */
    private static final String FOR_PEOPLE = "history.txt";

    private HistoryFiles() {}

    /**
     * The history files; of a folder, those of all runs in it and below it. Skips symbolic links below a folder: {@code
     * latest} would yield one of the runs twice.
     *
     * @throws CommandFailure if a file does not exist or a folder has no histories
     */
    static List<Path> of(List<Path> named) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : named) {
            if (path.equals(STANDARD_INPUT)) {
                files.add(path);
            } else if (Files.isDirectory(path)) {
                int before = files.size();
                addRuns(path, files);
                if (files.size() == before) {
                    throw new CommandFailure(
                            ExitCode.USAGE,
                            path
                                    + ": this is a folder without histories: neither in it nor below it is a history.edn or a "
                                    + "history.jsonl; name the histories");
                }
            } else if (Files.exists(path)) {
                files.add(path);
            } else {
                throw new CommandFailure(ExitCode.USAGE, path + ": there is no such file");
            }
        }
        return files;
    }

    private static void addRuns(Path folder, List<Path> files) throws IOException {
        for (String name : NAMES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                files.add(folder.resolve(name));
                return;
            }
        }
        try (Stream<Path> below = Files.list(folder)) {
            for (Path path : below.sorted().toList()) {
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    addRuns(path, files);
                }
            }
        }
    }

    static InputStream open(Path file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return System.in;
        }
        // The stream of Files asks for its position, which a pipe does not have.
        return Files.isRegularFile(file) ? Files.newInputStream(file) : new FileInputStream(file.toFile());
    }

    /** In bytes; 0 if it is not a regular file. */
    static long size(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.size(file) : 0;
    }

    /** Adds the likely reason why a file cannot be read. */
    static String explained(Path file, String problem) {
        return file.endsWith(FOR_PEOPLE)
                ? file + ": Jepsen writes history.txt for people; name the history.edn beside it"
                : problem;
    }
}

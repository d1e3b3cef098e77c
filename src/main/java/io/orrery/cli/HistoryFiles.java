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

/** The histories that a command line names: files, pipes, {@code -} for the standard input, and folders. */
final class HistoryFiles {
    static final Path STANDARD_INPUT = Path.of("-");

    /** What a run is kept as: by Jepsen, and by sim --out. */
    private static final List<String> NAMES =
            List.of("history.jsonl", "history.edn", "history.json", "history.jsonl.gz", "history.edn.gz");

    /** Beside it is {@code history.edn}. */
    private static final String FOR_PEOPLE = "history.txt";

    private HistoryFiles() {}

    /**
     * The files: of a folder those of the runs in it and below it. Links below it are passed over, since such a link is
     * {@code latest}, one of the runs again.
     *
     * @throws CommandFailure when there is no such file, or a folder has no histories
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
        // Of a pipe the stream of Files asks where it stands in it, which a pipe cannot tell.
        return Files.isRegularFile(file) ? Files.newInputStream(file) : new FileInputStream(file.toFile());
    }

    /** In bytes; 0 of what is no file. */
    static long size(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.size(file) : 0;
    }

    /** Why a file cannot be read, where the reason is better known than its reader knows. */
    static String explained(Path file, String problem) {
        return file.endsWith(FOR_PEOPLE)
                ? file + ": Jepsen writes history.txt for people; name the history.edn beside it"
                : problem;
    }
}

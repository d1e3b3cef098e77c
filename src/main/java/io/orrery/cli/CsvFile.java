package io.orrery.cli;

import io.orrery.model.FileProblem;
import io.orrery.report.Csv;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file of an option {@code --csv}. */
final class CsvFile {
    private CsvFile() {}

    /**
     * Creates it, for commands that work long before they write: a wrong name must not cost the work. What is in it stays
     * until there is something new.
     *
     * @throws CommandFailure when it cannot be, such as where there is no such folder
     */
    static void create(Path file) throws IOException {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }

    /** @throws CommandFailure when it cannot be written */
    static void write(Path file, Csv figures) throws IOException {
        try {
            Files.writeString(file, figures.toString());
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }
}

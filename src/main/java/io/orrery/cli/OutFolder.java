package io.orrery.cli;

import io.orrery.model.FileProblem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of an option {@code --out}. */
final class OutFolder {
    private OutFolder() {}

    /**
     * Creates it, for commands that work long before they write: a wrong name must not cost the work.
     *
     * @throws CommandFailure when it cannot be, such as where a file has that name
     */
    static void create(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (FileSystemException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot write " + FileProblem.of(e));
        }
    }
}

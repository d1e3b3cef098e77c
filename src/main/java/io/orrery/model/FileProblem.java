package io.orrery.model;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Why a file cannot be used, in one line for people. */
public final class FileProblem {
    private FileProblem() {}

    /** {@code FILE: reason}, or just the reason if the failure names no file. */
    public static String of(IOException failure) {
        if (failure instanceof FileSystemException named && named.getFile() != null) {
            return named.getFile() + ": " + reason(named);
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /**
     * As {@link #of}, for code that creates the folders it needs: a missing folder means that it could not be created.
     */
    public static String ofFolder(IOException failure) {
        return failure instanceof NoSuchFileException missing
                ? missing.getFile() + ": no folder can be made here"
                : of(failure);
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            Path parent = Path.of(failure.getFile()).getParent();
            return parent == null || Files.exists(parent) ? "there is no such file" : "there is no folder " + parent;
        }
        if (failure instanceof NotDirectoryException) {
            return "there is no such folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "the user who runs this command may not read or write it";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "there is a file of this name already";
        }
        return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
    }
}

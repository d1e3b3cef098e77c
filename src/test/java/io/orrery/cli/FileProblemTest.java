package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.model.FileProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that cannot be used are named in one line, whichever command it is, with no stack trace. */
class FileProblemTest {
    @TempDir
    private Path folder;

    private static String refusal(Object... arguments) {
        StringWriter err = new StringWriter();
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int exitCode = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), words);
        assertEquals(2, exitCode, err.toString());
        return err.toString();
    }

    @Test
    void whatIsWrongIsSaidInWords() {
        assertEquals("f: there is no such file", FileProblem.of(new NoSuchFileException("f")));
        assertEquals(
                "f: the user who runs this command may not read or write it",
                FileProblem.of(new AccessDeniedException("f")));
        assertEquals("f: there is a file of this name already", FileProblem.of(new FileAlreadyExistsException("f")));
        assertEquals("f: full", FileProblem.of(new FileSystemException("f", null, "full")));
        assertEquals("broken", FileProblem.of(new IOException("broken")));
        assertEquals("java.io.IOException", FileProblem.of(new IOException()));
    }

    @Test
    void aFolderForAMeasurementThatThereIsNot() {
        Path missing = folder.resolve("missing");
        assertEquals(missing + ": there is no such folder\n", refusal("bench", "journal", "--data", missing));
    }

    @Test
    void aHistoryThatCannotBeRead() {
        Path unreadable = Path.of("/proc/self/mem");
        assumeTrue(Files.isRegularFile(unreadable));
        String said = refusal("check", unreadable, "--model", "causal");
        assertTrue(said.matches("/proc/self/mem: .*\\n"), said);
    }

    @Test
    void aFolderOfNodesThatIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String said = refusal("cluster", "conf/leader-quorum.conf", "--data", file);
        assertTrue(said.startsWith("node ") && said.contains(" cannot be started: " + file), said);
        assertEquals(1, said.lines().count());
    }

    @Test
    void aFolderOfNodesThatCannotBeMade() {
        Path proc = Path.of("/proc");
        assumeTrue(Files.isDirectory(proc));
        String said = refusal("cluster", "conf/leader-quorum.conf", "--data", proc.resolve("x"));
        assertTrue(said.endsWith(" cannot be started: /proc/x: no folder can be made here\n"), said);
    }

    @Test
    void aFolderOfDataThatCannotBeMade() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc")));
        Path conf = Files.writeString(
                folder.resolve("mine.conf"),
                "protocol = lamport-lww, journal = rocksdb, data = /proc/x, replicas = [{ id = A, http { port = 0 } }]");
        assertEquals(
                "the data directory /proc/x/replica-A cannot be used: /proc/x: no folder can be made here\n",
                refusal("serve", conf));
    }

    @Test
    void aHostThatThereIsNot() throws IOException {
        Path conf = Files.writeString(
                folder.resolve("mine.conf"),
                "protocol = lamport-lww, replicas = [{ id = A, http { host = nohost.invalid, port = 8001 } }]");
        assertEquals(
                "replica A cannot listen on nohost.invalid:8001: there is no host of this name\n",
                refusal("serve", conf));
    }

    @Test
    void aHostOfANodeThatThereIsNot() throws IOException {
        Path conf = Files.writeString(
                folder.resolve("mine.conf"),
                "protocol = lamport-lww, journal = memory, insecure = true, replicas = ["
                        + "{ id = A, http { port = 0 }, remoting { host = nohost.invalid, port = 8001 } }]");
        assertEquals(
                "replica A cannot listen on nohost.invalid:8001: there is no host of this name\n",
                refusal("node", conf, "--id", "A"));
    }

    @Test
    void aHistoryThatCannotBeWritten() throws IOException {
        Path conf = Files.writeString(
                folder.resolve("mine.conf"), "protocol = lamport-lww, replicas = [{ id = A, http { port = 0 } }]");
        Path file = folder.resolve("missing").resolve("h.jsonl");
        assertEquals(
                "the history cannot be written: " + file + ": there is no folder " + file.getParent() + "\n",
                refusal("serve", conf, "--history", file));
    }
}

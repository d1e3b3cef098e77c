package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command {@code soak} refuses: before anything is started. */
@Timeout(60)
class SoakCommandTest {
    private static final String TWO = """
            protocol = lamport-lww
            replicas = [
              { id = A, http { port = 0 }, remoting { port = 31998 } }
              { id = B, http { port = 0 }, remoting { port = 31999 } }
            ]
            """;

    @TempDir
    private Path directory;

    private void assertRefused(String problem, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = new ArrayList<>(List.of("soak"));
        words.addAll(List.of(arguments));
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
        assertEquals(problem, err.toString().lines().findFirst().orElse(""));
        assertEquals(ExitCode.USAGE, exitCode);
        assertEquals("", out.toString(), "nothing was started");
    }

    private String conf(String text) throws IOException {
        return Files.writeString(directory.resolve("two.conf"), text).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--sum | --sum needs the files that it adds up",
                "a.conf b.conf | a soak needs one deployment, not 2",
                "--minutes -1 | --minutes is from 0 to 43200, which is a month",
                "--minutes NaN | --minutes is from 0 to 43200, which is a month",
            })
    void wrongUsage(String arguments, String problem) {
        assertRefused(problem, arguments.split(" "));
    }

    @Test
    void faultsThatAreNoneOrNotPossible() throws IOException {
        String file = conf(TWO);
        assertRefused(
                "there is no fault \"kil\"; did you mean \"kill\"? There are kill, stop, restart, wipe, restore, twin, leader,"
                        + " disk-full, disk-fail, clock, cut, delay",
                file,
                "--faults",
                "kil");
        assertRefused("the fault leader is not possible: lamport-lww has no leader", file, "--faults", "leader");
        assertRefused(
                "the fault disk-full is not possible: it needs --disk DIR, on a small file system",
                file,
                "--faults",
                "disk-full");
        assertRefused(
                "--disk " + directory.resolve("none") + " cannot be used: " + directory.resolve("none")
                        + ": no folder can be made here",
                file,
                "--disk",
                directory.resolve("none").toString());
    }

    @Test
    void deploymentsThatAreNotOfThisMachineOrForgetAll() throws IOException {
        assertRefused(
                "replica B is at 192.0.2.1:31999, which is not an address of this machine: a soak starts and kills the processes"
                        + " of all replicas, so all must be here",
                conf(TWO.replace("{ port = 31999 }", "{ host = 192.0.2.1, port = 31999 }") + "insecure = true"),
                "--out",
                directory.resolve("out").toString());
        assertFalse(Files.exists(directory.resolve("out")), "nothing is changed");
        assertRefused(
                directory.resolve("two.conf")
                        + ": with journal = memory a replica forgets all when its process ends, and a soak ends processes",
                conf(TWO + "journal = memory"));
        assertRefused(
                directory.resolve("two.conf") + ": a soak needs two replicas or more: what one loses, the others have",
                conf("protocol = lamport-lww\nreplicas = [{ id = A, http { port = 0 } }]"));
    }

    @Test
    void anAddressThatIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    "the address 127.0.0.1:" + other.getLocalPort()
                            + ", which replica A needs, cannot be taken: Address already in use",
                    conf(TWO.replace("31998", "" + other.getLocalPort())));
        }
    }

    @Test
    void aFileThatIsNoResult() throws IOException {
        Path file = Files.writeString(directory.resolve("result.json"), "{}");
        assertRefused(
                file
                        + ": this is not the result of a soak, as soak --json prints it and soak --out keeps it in result.json",
                "--sum",
                file.toString());
        assertTrue(Files.exists(file));
    }
}

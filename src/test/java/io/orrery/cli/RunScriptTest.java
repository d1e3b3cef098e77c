package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run.sh} itself, in a directory of its own, with a Java and a Maven that only say what they were told. */
@Timeout(60)
class RunScriptTest {
    @TempDir
    private Path folder;

    private Path home;

    @BeforeEach
    void copy() throws IOException {
        home = Files.createDirectories(folder.resolve("somewhere/orrery")).toRealPath();
        Files.createDirectories(home.resolve("src/main"));
        Files.createFile(home.resolve("pom.xml"));
        Files.copy(Path.of("run.sh"), home.resolve("run.sh"), StandardCopyOption.COPY_ATTRIBUTES);
        program("java", "if [[ $1 == -version ]]; then echo 'openjdk version \"17.0.1\"' >&2; else echo \"$@\"; fi");
        program("mvn", "touch target/orrery.jar");
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\n" + text + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private record Ran(int exitCode, String said) {}

    private Ran bash(String text) throws Exception {
        ProcessBuilder bash =
                new ProcessBuilder(new ArrayList<>(List.of("bash", "-c", text))).redirectErrorStream(true);
        bash.directory(folder.toFile());
        bash.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        bash.environment().remove("JAVA_HOME");
        Process process = bash.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), said);
    }

    @Test
    void aLinkLeadsToWhereItIs() throws Exception {
        Ran ran =
                bash("ln -s somewhere/orrery/run.sh first; mkdir away; ln -s ../first away/orrery; away/orrery get x");
        assertEquals(0, ran.exitCode(), ran.said());
        assertTrue(ran.said().contains(" -Dorrery.home=" + home + " "), ran.said());
        String target = home.resolve("target").toString();
        assertTrue(
                ran.said().endsWith("-cp " + target + "/orrery.jar:" + target + "/lib/* io.orrery.cli.Main get x\n"),
                ran.said());
    }

    @Test
    void aBuildThatIsInterruptedSaysSo() throws Exception {
        // As where all is run in the background of a script: then no process below it can have it back.
        assumeFalse(bash("trap -p INT").said().contains("''"), "the interrupt signal is ignored here");
        // No command before the sleep: one that ends well just then would hide the signal from the shell that waits for
        // it.
        program("mvn", ": > " + folder.resolve("begun") + "; exec sleep 60");
        Ran ran = bash("set -m; somewhere/orrery/run.sh get x & until [[ -f begun ]]; do sleep 0.02; done;"
                + " kill -INT -- -$!; wait $!");
        assertEquals(130, ran.exitCode(), ran.said());
        assertTrue(ran.said().contains("The build was interrupted, and nothing is lost: the next command"), ran.said());
        program("mvn", "touch target/orrery.jar");
        assertEquals(0, bash("somewhere/orrery/run.sh get x").exitCode());
    }
}

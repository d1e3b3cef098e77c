package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shells that are told what {@code completion} prints complete commands and options. */
@Timeout(60)
class CompletionTest {
    /** Types each argument but the first in a zsh on a terminal, then the tab key, and has the line as it is then printed. */
    private static final String TYPIST = """
            zmodload zsh/zpty || exit 77
            zpty shell zsh -f -i
            zpty -w shell "PS1= ; autoload -Uz compinit; compinit -u -D; source $1; bindkey '^I' complete-word; stty cols 500"
            shift
            for line in "$@"; do zpty -n -w shell "$line"$'\\t\\x01print -r -- "<\\x05>"\\n'; done
            zpty -w shell exit
            while zpty -r shell said; do print -rn -- $said; done
            """;

    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void print() throws IOException {
        script = Files.writeString(folder.resolve("completion"), printed("completion"));
    }

    private static String printed(String... command) {
        StringWriter printed = new StringWriter();
        PrintWriter out = new PrintWriter(printed);
        assertEquals(0, Main.run(out, out, command));
        return printed.toString();
    }

    @Test
    void oneScriptIsForBothShells() {
        assertEquals(printed("completion", "zsh"), printed("completion", "bash"));
    }

    @Test
    void bashCompletes() throws Exception {
        assertEquals("check", inBash("run.sh", "chec"));
        assertEquals("latency", inBash("run.sh", "bench", "lat"));
        assertEquals("--initial", inBash("orrery", "check", "--ini"));
        assertEquals("", inBash("orrery", "nothin"));
    }

    private String inBash(String... words) throws Exception {
        String ask = "source " + script + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\";"
                + " _complete_orrery 2> /dev/null; echo ${COMPREPLY[@]}; complete -p run.sh > /dev/null";
        List<String> command = new ArrayList<>(List.of("bash", "-c", ask, "bash"));
        command.addAll(List.of(words));
        return said(command).strip();
    }

    @Test
    void zshCompletes() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "zsh"))),
                "there is no zsh");
        String said = said(List.of(
                "zsh",
                "-f",
                "-c",
                TYPIST,
                "typist",
                script.toString(),
                "orrery chec",
                "./run.sh bench lat",
                "run.sh check --ini",
                "orrery nothin"));
        for (String line :
                List.of("orrery check", "./run.sh bench latency", "run.sh check --initial", "orrery nothin")) {
            assertTrue(said.lines().anyMatch(("<" + line + ">")::equals), said);
        }
    }

    private static String said(List<String> command) throws Exception {
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
        assertEquals(0, shell.waitFor(), said);
        return said;
    }
}

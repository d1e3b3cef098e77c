package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimPicturesTest {
    private static final String FILE = "scenarios/lamport-delay.conf";

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String err) {}

    private static Ran run(String... arguments) {
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, err.toString());
    }

    @Test
    void theFolderOfARunHoldsThePictureThatSvgDraws() throws Exception {
        Path picture = folder.resolve("pictures").resolve("delay.svg");
        Ran ran = run("sim", FILE, "--svg", picture.toString(), "--out", folder.toString());
        assertEquals(new Ran(0, ""), ran);
        Path run = folder.resolve("lamport-delay").resolve("latest");
        assertEquals(Files.readString(picture), Files.readString(run.resolve("diagram.svg")));
        assertTrue(Files.readString(run.resolve("report.html")).startsWith("<!DOCTYPE html>"));
        assertTrue(Files.exists(run.resolve("trace.txt")));
    }

    @Test
    void onePictureIsOfOneScenario() {
        Ran two = run("sim", FILE, "scenarios/lamport-order.conf", "--svg", "x.svg");
        assertEquals(2, two.exitCode());
        assertTrue(two.err().startsWith("--svg draws one scenario, not 2: name one file"), two.err());
        Ran all = run("sim", "--svg", "x.svg");
        assertEquals(2, all.exitCode());
        assertTrue(all.err().startsWith("--svg draws one scenario, not all: name one file"), all.err());
    }

    @Test
    void whatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Ran ran = run("sim", FILE, "--svg", file.resolve("x.svg").toString());
        assertEquals(2, ran.exitCode());
        assertTrue(ran.err().startsWith("cannot write " + file), ran.err());
    }
}

package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.HistoryGenerator;
import io.orrery.check.CheckOptions;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.HistoryWriter;
import io.orrery.launch.JavaCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} does where there is too much for its time or its heap. */
class CheckEffortTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void whatWillNotFitTheHeapIsRefusedBeforeItIsFull() throws IOException {
        long[] read = {0};
        // Three bytes of heap for each of the file, as it is with many small operations.
        try (MeasuredInput input =
                new MeasuredInput(endless(read), "big.jsonl", 800 * MEGABYTE, () -> 3 * read[0], 1_000 * MEGABYTE)) {
            CommandFailure refused = assertThrows(CommandFailure.class, input::readAllBytes);
            assertEquals(ExitCode.UNKNOWN, refused.exitCode());
            assertTrue(refused.getMessage().startsWith("big.jsonl: the heap of "), refused.getMessage());
            assertTrue(read[0] < 120 * MEGABYTE, read[0] + " bytes read");
            assertEquals("reading big.jsonl: 13 %", input.progress());
        }
    }

    private static InputStream endless(long[] read) {
        return new InputStream() {
            @Override
            public int read() {
                read[0]++;
                return 'x';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                read[0] += length;
                return length;
            }
        };
    }

    @Test
    void whatFailsUnforeseenIsUndecided() {
        StringWriter err = new StringWriter();
        Verdict verdict = HistoryJudge.guarded(
                () -> {
                    throw new IllegalStateException("a bug");
                },
                new PrintWriter(err, true));
        Verdict.Undecided undecided = assertInstanceOf(Verdict.Undecided.class, verdict);
        assertEquals(Verdict.Cause.FAULT, undecided.cause());
        assertTrue(undecided.reason().contains("a bug"), undecided.reason());
        assertTrue(err.toString().startsWith("java.lang.IllegalStateException: a bug"), err.toString());
    }

    @Test
    void verdictsAreHandedOnAsTheyAreFound() {
        List<Model> found = new ArrayList<>();
        List<Model> models = List.of(Model.CAUSAL_CC, Model.LINEARIZABLE, Model.SEQUENTIAL);
        try (ActivityLine activityLine = new ActivityLine(new PrintWriter(new StringWriter()))) {
            new HistoryJudge(HistoryGenerator.convergent(400, 5, 3, 1), CheckOptions.DEFAULT, "", activityLine, null)
                    .by(models, (model, verdict) -> found.add(model));
            assertEquals(List.of(Model.LINEARIZABLE, Model.SEQUENTIAL, Model.CAUSAL_CC), found);
            found.clear();
            // What is undecided waits for the weaker ones, which might decide it.
            new HistoryJudge(
                            HistoryGenerator.convergent(400, 5, 3, 1),
                            CheckOptions.DEFAULT.withTime(Duration.ofNanos(1)),
                            "",
                            activityLine,
                            null)
                    .by(models, (model, verdict) -> found.add(model));
            assertEquals(List.of(Model.CAUSAL_CC, Model.LINEARIZABLE, Model.SEQUENTIAL), found);
        }
    }

    @Test
    void ofManyHistoriesItSaysWhichOneIsJudged() {
        HistoryJudge one = new HistoryJudge(
                HistoryGenerator.convergent(4, 2, 1, 1),
                CheckOptions.DEFAULT.withTime(Duration.ofMinutes(1)),
                "a.jsonl: ",
                null,
                null);
        assertEquals(
                "a.jsonl: judging by sequential: 3 s of at most 60 s",
                one.progress(Model.SEQUENTIAL, Duration.ofMillis(3_900)));
    }

    @Test
    void longWorkSaysWhatItIs() throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        PrintWriter err = new PrintWriter(new StringWriter()) {
            @Override
            public void println(String line) {
                lines.add(line);
            }
        };
        try (ActivityLine activityLine = new ActivityLine(err, false, 1, 1)) {
            activityLine.begin(() -> "reading run.jsonl: 40 %");
            assertEquals("reading run.jsonl: 40 %", lines.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void aLineOnATerminalIsTakenBack() throws InterruptedException {
        BlockingQueue<String> printed = new LinkedBlockingQueue<>();
        PrintWriter err = new PrintWriter(new StringWriter()) {
            @Override
            public void print(String text) {
                printed.add(text);
            }
        };
        try (ActivityLine activityLine = new ActivityLine(err, true, 1, 1)) {
            activityLine.begin(() -> "a\033[2J");
            String line = "\ra\\u001b[2J";
            assertEquals(line, printed.poll(30, TimeUnit.SECONDS));
            activityLine.end();
            printed.removeIf(line::equals);
            assertEquals(List.of("\r          \r"), List.copyOf(printed));
        }
    }

    /** One clock for each operation fits the heap, two do not: causal convergence needs both. */
    @Test
    @Tag("process")
    void aFullHeapTakesNoOtherVerdictWithIt(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("run.jsonl");
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            writer.append(HistoryGenerator.convergent(30_000, 300, 50, 1));
        }
        Process process = new ProcessBuilder(JavaCommand.of(
                        List.of("-XX:+UseSerialGC", "-Xmx80m"),
                        Main.class.getName(),
                        List.of("check", file.toString(), "--model", "monotonic-reads,causal-cc,causal-ccv")))
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(ExitCode.UNKNOWN, process.waitFor(), said);
            assertTrue(said.contains("\n  monotonic-reads  holds\n"), said);
            assertTrue(
                    said.contains("\n  causal-ccv       undecided\n    it needs more memory than the heap of "), said);
        } finally {
            process.destroyForcibly();
        }
    }
}

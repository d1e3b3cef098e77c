package io.orrery.report.served;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.report.export.ResultFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A kept run.
 *
 * @param path its folder, relative to that of all runs
 * @param at the time of the run; that of the file if the result does not contain it
 * @param problem why it cannot be read; empty if it can
 * @param asExpected whether all expectations were met
 * @param verdicts on each model, in words
 * @param files the names of the files to show, in order
 */
record KeptRun(
        Path path,
        Instant at,
        String problem,
        String scenario,
        String title,
        String protocol,
        String seed,
        boolean asExpected,
        String command,
        Map<String, String> verdicts,
        List<String> files) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<String> FILES = List.of(
            "report.html",
            "diagram.svg",
            "trace.txt",
            "trace.jsonl",
            "shiviz.log",
            "history.jsonl",
            "history.edn",
            ResultFolder.RESULT);

    /** The depth of a result below the folder of all runs. */
    private static final int DEPTH = 3;

    /** All runs in a folder, newest first. Does not follow symbolic links, so that each run is found once. */
    static List<KeptRun> in(Path all) throws IOException {
        List<KeptRun> runs = new ArrayList<>();
        Files.walkFileTree(all, Set.of(), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.endsWith(ResultFolder.RESULT) && Files.isRegularFile(file)) {
                    runs.add(read(all, file, attributes.lastModifiedTime().toInstant()));
                }
                return FileVisitResult.CONTINUE;
            }

            /** A run may be deleted meanwhile, or a folder may be unreadable; shows the others. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (file.equals(all)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        runs.sort(Comparator.comparing(KeptRun::at).reversed().thenComparing(KeptRun::path));
        return runs;
    }

    private static KeptRun read(Path all, Path file, Instant modified) {
        String problem = "";
        JsonNode result = MAPPER.createObjectNode();
        Instant at = modified;
        try {
            result = MAPPER.readTree(file.toFile());
            at = result.has("at") ? Instant.parse(result.get("at").asText()) : at;
        } catch (JsonProcessingException e) {
            problem = ResultFolder.RESULT + " is no JSON, from line "
                    + e.getLocation().getLineNr();
        } catch (IOException e) {
            problem = ResultFolder.RESULT + " cannot be read: " + e.getMessage();
        } catch (DateTimeParseException e) {
            problem = "at is no time in " + ResultFolder.RESULT + ": " + e.getParsedString();
        }
        Map<String, String> verdicts = new LinkedHashMap<>();
        result.path("verdicts")
                .forEach(it -> verdicts.put(
                        it.path("model").asText(), it.path("verdict").asText()));
        return new KeptRun(
                all.relativize(file.getParent()),
                at,
                problem,
                result.path("scenario").asText(),
                result.path("title").asText(),
                result.path("protocol").asText(),
                result.path("seed").asText(),
                result.path("holds").asBoolean(),
                result.path("command").asText(),
                verdicts,
                FILES.stream()
                        .filter(name -> Files.exists(file.resolveSibling(name)))
                        .toList());
    }
}

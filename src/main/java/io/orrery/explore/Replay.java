package io.orrery.explore;

import io.orrery.loop.Choices;
import io.orrery.loop.Schedule;
import io.orrery.loop.Strategy;
import io.orrery.scenario.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A run as a short text that replays it anywhere: the version of the form, a hash of the scenario, the seed, the strategy, and
 * the choices, with slashes between them. It is good for one scenario file under one protocol, as another one would make
 * something else of the same choices.
 *
 * @param hash of the scenario: {@link #hash}
 */
public record Replay(String hash, long seed, Schedule schedule) {
    /** Grows when a run would make something else of the same seed and choices. */
    private static final String VERSION = "1";

    private static final int PARTS = 5;
    private static final int BYTES_OF_HASH = 4;
    private static final String FORM = "a replay text is one that sweep printed, such as 1/5ca1ab1e/42/pct:3/s17=2";

    /** What replays a finding, whose scenario comes from a file. */
    public static Replay of(Finding finding) throws IOException {
        return new Replay(hash(finding.scenario()), finding.seed(), finding.schedule());
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when it is none, or of another version; the message says so
     */
    public static Replay parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length > 1 && parts[0].matches("\\d{1,9}") && !parts[0].equals(VERSION)) {
            throw new IllegalArgumentException("this replay text is of version " + parts[0] + ", and this is version "
                    + VERSION + ": replay it with the Orrery that printed it, or sweep again");
        }
        if (parts.length != PARTS) {
            throw new IllegalArgumentException(FORM + ", and not \"" + text + "\"");
        }
        try {
            Schedule schedule = new Schedule(Strategy.parse(parts[3]), Choices.parse(parts[4]));
            return new Replay(parts[1], Long.parseLong(parts[2]), schedule);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(FORM + ", and not \"" + text + "\"", e);
        }
    }

    /**
     * Checks that this is of a scenario.
     *
     * @throws IllegalArgumentException when it is of another one
     */
    public void requireOf(Scenario scenario) throws IOException {
        String found = hash(scenario);
        if (!hash.equals(found)) {
            throw new IllegalArgumentException(
                    "this replay text is of another scenario: its hash is " + hash + ", and that of "
                            + scenario.file() + " under " + scenario.protocol() + " is " + found
                            + ". Take the file as it was, and the same --protocol");
        }
    }

    /** Eight hexadecimal digits, from the text of the file and the name of the protocol. */
    static String hash(Scenario scenario) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(Path.of(scenario.file())));
            digest.update(scenario.protocol().name().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES_OF_HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return String.join(
                "/",
                VERSION,
                hash,
                "" + seed,
                schedule.strategy().toString(),
                schedule.choices().toString());
    }
}

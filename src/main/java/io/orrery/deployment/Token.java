package io.orrery.deployment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A bearer token (RFC 6750): who shows it may use the routes that it stands for. Its value is in no {@link #toString}
 * and in no error.
 */
public final class Token {
    private static final int SHORTEST = 16;
    private static final int LONGEST = 1024;
    private static final Pattern LETTERS = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final String value;
    private final byte[] digest;

    private Token(String value) {
        this.value = value;
        this.digest = digest(value);
    }

    /** @throws IllegalArgumentException when the text is no token; the message does not tell the text */
    public static Token of(String text) {
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a token has from " + SHORTEST + " to " + LONGEST + " letters, not " + text.length());
        }
        if (!LETTERS.matcher(text).matches()) {
            throw new IllegalArgumentException("a token is made of letters, digits and - . _ ~ + /, with = at its end");
        }
        return new Token(text);
    }

    /**
     * The content of a file, without the space around it.
     *
     * @throws IllegalArgumentException when it cannot be read, or is no token; a file that does not exist is not named, as
     *     it may be the token itself that somebody gave in its place
     */
    public static Token ofFile(Path file) {
        if (!Files.exists(file)) {
            throw noSuchFile();
        }
        try {
            return of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read as a text", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the file " + file + " holds no token: " + e.getMessage(), e);
        }
    }

    /** What is wrong with a file that holds a token and that others than its owner can read; empty where they cannot. */
    public static Optional<String> exposure(Path file) {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            boolean exposed = view != null
                    && !Collections.disjoint(
                            view.readAttributes().permissions(),
                            EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));
            return exposed
                    ? Optional.of("others on this machine can read the token in " + file + "; chmod 600 closes it")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The problem with the name of a file that does not exist, or cannot be a name: it does not tell the name. */
    static IllegalArgumentException noSuchFile() {
        return new IllegalArgumentException(
                "there is no such file; it is the name of a file that holds the token, not the token itself");
    }

    /**
     * Whether this is the token that somebody shows. The time it takes tells nothing of the value.
     *
     * @param shown the {@link #digest} of what is shown
     */
    public boolean matches(byte[] shown) {
        return MessageDigest.isEqual(digest, shown);
    }

    /** What is compared in place of a text: as long for each, and unlike those of all others. */
    public static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The token itself, for a client to show; not for a log. */
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return "(a token)";
    }
}

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
 * A bearer token (RFC 6750): it grants access to routes. Its value never appears in {@link #toString} or in an error.
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

    /** @throws IllegalArgumentException if the text is not a token; the message does not contain the text */
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
     * The token in a file, without surrounding white space.
     *
     * @throws IllegalArgumentException if it cannot be read or is not a token; a missing file is not named, because its
     *     name may be a token given by mistake
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

    /** A warning if others than the owner can read a token file; otherwise empty. */
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

    /** The problem of a file that does not exist; it does not contain the name. */
    static IllegalArgumentException noSuchFile() {
        return new IllegalArgumentException(
                "there is no such file; it is the name of a file that holds the token, not the token itself");
    }

    /**
     * Whether this is the token that was shown. Compares in constant time.
     *
     * @param shown the {@link #digest} of the shown text
     */
    public boolean matches(byte[] shown) {
        return MessageDigest.isEqual(digest, shown);
    }

    /** The SHA-256 digest that is compared instead of the text, so that all have the same length. */
    public static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The token itself, for a client to send; never to be logged. */
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return "(a token)";
    }
}

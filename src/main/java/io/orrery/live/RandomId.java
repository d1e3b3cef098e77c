package io.orrery.live;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Ids of 128 random bits, as 32 hexadecimal digits: no two that were drawn are the same. */
public final class RandomId {
    private static final int BYTES = 16;
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    private RandomId() {}

    public static String draw() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    /** @throws IllegalArgumentException when a text is no such id */
    public static void require(String id) {
        if (!FORM.matcher(id).matches()) {
            throw new IllegalArgumentException("not an id of 32 hexadecimal digits");
        }
    }
}

package io.orrery.model;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/**
 * The identity of one start of a replica. It differs from that of every other start of any replica, whatever clocks
 * say, whatever disks were copied or restored, and however many processes run under one id.
 *
 * @param incarnation a short random number by which people tell starts apart; 0 is not shown; not necessarily unique
 * @param id 128 random bits
 */
public record Start(long incarnation, UUID id) {
    /** For data that was written before starts had ids, and for tests that need none. */
    public static final UUID NO_ID = new UUID(0, 0);

    private static final int ID_BYTES = 16;

    public Start {
        CounterLimits.require("an incarnation", incarnation, 0);
        Objects.requireNonNull(id, "id");
    }

    /** The bits of an id as 22 letters, digits, '-' and '_'. */
    static String textOf(UUID id) {
        byte[] bits = ByteBuffer.allocate(ID_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** @throws IllegalArgumentException when the text is not what {@link #textOf} writes */
    static UUID idOf(String text) {
        byte[] bits = Base64.getUrlDecoder().decode(text);
        UUID id = bits.length == ID_BYTES
                ? new UUID(
                        ByteBuffer.wrap(bits).getLong(), ByteBuffer.wrap(bits).getLong(Long.BYTES))
                : NO_ID;
        if (!textOf(id).equals(text)) {
            throw new IllegalArgumentException("not the id of a start: \"" + text + "\"");
        }
        return id;
    }
}

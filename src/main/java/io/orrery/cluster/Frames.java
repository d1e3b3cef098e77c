package io.orrery.cluster;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The frames of a connection: length of the rest (4 bytes), kind (1 byte), content. A frame takes memory only as its
 * content arrives, because anybody can claim a large length.
 */
final class Frames {
    /** What a frame holds. */
    enum Kind {
        /** A heartbeat. */
        BEAT,
        /** A {@link NodeMessage}. */
        WIRE,
        /** A message of the replica. */
        MESSAGE
    }

    /** A frame that has come. */
    record Frame(Kind kind, byte[] content) {}

    /** How a frame begins: what is to come, which anybody can claim. */
    record Head(Kind kind, int length) {}

    /** The other side sends what is no frame, or too large a one. */
    static final class Malformed extends IOException {
        Malformed(String message) {
            super(message);
        }
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int BUFFER = 64 << 10;
    private static final int PIECE = 64 << 10;

    private final DataInputStream in;
    private final DataOutputStream out;

    Frames(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
    }

    /** Bytes ahead of all frames. */
    DataInputStream in() {
        return in;
    }

    DataOutputStream out() {
        return out;
    }

    /** Writes a frame, which leaves at the next {@link #flush} at the latest. */
    void write(Kind kind, byte[] content) throws IOException {
        out.writeInt(1 + content.length);
        out.writeByte(kind.ordinal());
        out.write(content);
    }

    void flush() throws IOException {
        out.flush();
    }

    /**
     * Waits for the next frame.
     *
     * @param most the size of its content
     * @throws EOFException when the connection has ended
     * @throws Malformed when what comes is no frame, or its content is too large
     */
    Frame read(int most) throws IOException {
        return rest(head(), most);
    }

    /** As {@link #read}, up to the content. */
    Head head() throws IOException {
        int length = in.readInt() - 1;
        int kind = in.readUnsignedByte();
        if (kind >= KINDS.length) {
            throw new Malformed("a frame of an unknown kind, " + kind);
        }
        return new Head(KINDS[kind], length);
    }

    /** As {@link #read}, from the content on. */
    Frame rest(Head head, int most) throws IOException {
        int length = requireSize(head, most);
        byte[] content = new byte[Math.min(length, PIECE)];
        int filled = 0;
        while (true) {
            in.readFully(content, filled, content.length - filled);
            filled = content.length;
            if (filled == length) {
                return new Frame(head.kind(), content);
            }
            content = Arrays.copyOf(content, (int) Math.min(length, 2L * filled));
        }
    }

    /** As {@link #read}, past the content. */
    void skip(Head head, int most) throws IOException {
        in.skipNBytes(requireSize(head, most));
    }

    private static int requireSize(Head head, int most) throws Malformed {
        if (head.length() < 0 || head.length() > most) {
            throw new Malformed("a frame of " + head.length() + " bytes, above the limit of " + most);
        }
        return head.length();
    }
}

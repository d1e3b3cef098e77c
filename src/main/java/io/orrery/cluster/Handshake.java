package io.orrery.cluster;

import io.orrery.codec.Codec;
import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The handshake of two nodes on a new connection. The side that opened it sends its preamble and its {@link
 * NodeMessage.Hello}, and the other answers with its own, so both decide by the same information. Then the first sends
 * {@link NodeMessage.Welcome}.
 *
 * <p>The preamble is the same in all versions from this one on: {@code ORRERY}, the number of the format of all that
 * follows (2 bytes), and the node's id (1 byte for its length). So nodes of versions that do not understand each other
 * know at least who it is.
 */
final class Handshake {
    /** Incremented when formats become incompatible. The first was Pekko's remoting. */
    static final int FORMAT = 2;

    private static final byte[] MAGIC = "ORRERY".getBytes(StandardCharsets.US_ASCII);
    /** What is said before it is known who speaks. */
    private static final int MOST = 64 << 10;
    /** Where the first message of an older node names its address. */
    private static final int FIRST_MESSAGE = 1 << 10;

    /** A node that cannot be talked to. */
    static final class NotUnderstood extends IOException {
        private final transient Optional<NodeId> node;

        NotUnderstood(Optional<NodeId> node, String why) {
            super(why);
            this.node = node;
        }

        /** Who it is, as far as that can be known. */
        Optional<NodeId> node() {
            return node;
        }
    }

    private final Codec<NodeMessage> codec = NodeMessage.codec();
    private final NodeId self;
    private final Map<NodeId, Address> addresses;

    /** @param addresses where nodes are expected, by which those of older versions are known */
    Handshake(NodeId self, Map<NodeId, Address> addresses) {
        this.self = self;
        this.addresses = addresses;
    }

    /** What a side has said. */
    record Meeting(Frames frames, NodeMessage.Hello theirs) {}

    /** On a connection that this side has opened. */
    Meeting dialled(Socket socket, NodeMessage.Hello ours) throws IOException {
        Frames frames = new Frames(socket.getInputStream(), socket.getOutputStream());
        say(frames, ours);
        return new Meeting(frames, hear(frames));
    }

    /** On a connection that the other side has opened. It waits for an {@link #answer}. */
    Meeting accepted(Socket socket) throws IOException {
        Frames frames = new Frames(socket.getInputStream(), socket.getOutputStream());
        return new Meeting(frames, hear(frames));
    }

    /** Answers who has opened a connection. */
    void answer(Meeting meeting, NodeMessage.Hello ours) throws IOException {
        say(meeting.frames(), ours);
    }

    private void say(Frames frames, NodeMessage.Hello ours) throws IOException {
        DataOutputStream out = frames.out();
        out.write(MAGIC);
        out.writeShort(FORMAT);
        out.writeByte(self.name().length());
        out.write(self.name().getBytes(StandardCharsets.US_ASCII));
        frames.write(Frames.Kind.WIRE, codec.encode(ours));
        frames.flush();
    }

    private NodeMessage.Hello hear(Frames frames) throws IOException {
        DataInputStream in = frames.in();
        byte[] first = new byte[MAGIC.length];
        in.readFully(first);
        if (!Arrays.equals(first, MAGIC)) {
            throw stranger(first, in);
        }
        int format = in.readUnsignedShort();
        byte[] name = new byte[in.readUnsignedByte()];
        in.readFully(name);
        Optional<NodeId> node = node(name);
        if (node.isEmpty()) {
            throw new NotUnderstood(node, "its name is not a replica id");
        }
        if (format != FORMAT) {
            throw new NotUnderstood(
                    node,
                    "it speaks format " + format + ", like another version of Orrery; this node speaks " + FORMAT);
        }
        try {
            Frames.Frame frame = frames.read(MOST);
            if (frame.kind() == Frames.Kind.WIRE
                    && codec.decode(frame.content()) instanceof NodeMessage.Hello hello
                    && hello.from().equals(node.get())) {
                return hello;
            }
        } catch (IllegalArgumentException e) {
            throw new NotUnderstood(node, "its hello cannot be read: " + e.getMessage());
        }
        throw new NotUnderstood(node, "it does not say who it is");
    }

    private static Optional<NodeId> node(byte[] name) {
        try {
            return Optional.of(NodeId.of(new String(name, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private NotUnderstood stranger(byte[] first, DataInputStream in) {
        if (Sockets.isTls(first)) {
            return new NotUnderstood(Optional.empty(), "it speaks TLS, and this node has no tls in its file");
        }
        if (Sockets.isFirstVersion(first)) {
            return new NotUnderstood(
                    ofFirstVersion(in),
                    "it speaks format 1, like an older version of Orrery; this node speaks " + FORMAT);
        }
        return new NotUnderstood(Optional.empty(), "it is not a node of Orrery");
    }

    /** A node of the first format does not give its id: its first message holds its address, as Protocol Buffers. */
    private Optional<NodeId> ofFirstVersion(DataInputStream in) {
        byte[] message = new byte[FIRST_MESSAGE];
        int filled = 0;
        try {
            for (int read = 0; read >= 0 && filled < message.length; filled += Math.max(read, 0)) {
                read = in.read(message, filled, message.length - filled);
                int have = filled + Math.max(read, 0);
                for (Map.Entry<NodeId, Address> known : addresses.entrySet()) {
                    if (indexOf(message, have, inFirstFormat(known.getValue())) >= 0) {
                        return Optional.of(known.getKey());
                    }
                }
            }
        } catch (IOException e) {
            // It has said no more.
        }
        return Optional.empty();
    }

    /** The fields 3, a text, and 4, a number, which follow each other: host and port. */
    private static byte[] inFirstFormat(Address address) {
        byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
        byte[] field = Arrays.copyOf(new byte[] {0x1a, (byte) host.length}, host.length + 6);
        System.arraycopy(host, 0, field, 2, host.length);
        int end = host.length + 2;
        field[end++] = 0x20;
        int port = address.port();
        while (port > 0x7f) {
            field[end++] = (byte) (port & 0x7f | 0x80);
            port >>= 7;
        }
        field[end++] = (byte) port;
        return Arrays.copyOf(field, end);
    }

    private static int indexOf(byte[] text, int length, byte[] part) {
        for (int i = 0; i + part.length <= length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}

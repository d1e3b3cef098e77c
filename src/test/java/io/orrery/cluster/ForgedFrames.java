package io.orrery.cluster;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.deployment.Deployment;
import io.orrery.live.RandomId;
import io.orrery.model.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What somebody says at the address for the other nodes who wants to fill the memory of one, as bytes. */
public final class ForgedFrames {
    private ForgedFrames() {}

    /** Of somebody who does not say who he is to its end. */
    public static byte[] ofAStranger() {
        return "ORRERY\0\2\1B\177\177\177\177\1half".getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Of a process that says it is a node of the deployment: a message of so many bytes, but for its last byte. */
    public static byte[] withoutEnd(Deployment deployment, NodeId node, int bytes) {
        byte[] whole = whole(deployment, node, bytes);
        return Arrays.copyOf(whole, whole.length - 1);
    }

    /** The same, with its end. */
    public static byte[] whole(Deployment deployment, NodeId node, int bytes) {
        try {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(said);
            out.write("ORRERY".getBytes(StandardCharsets.US_ASCII));
            out.writeShort(2);
            out.writeByte(node.name().length());
            out.write(node.name().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Frames frames = new Frames(InputStream.nullInputStream(), said);
            frames.write(
                    Frames.Kind.WIRE,
                    NodeMessage.codec()
                            .encode(new NodeMessage.Hello(
                                    node,
                                    RandomId.draw(),
                                    "127.0.0.1:1",
                                    Optional.empty(),
                                    SharedSettings.of(deployment))));
            frames.write(Frames.Kind.WIRE, NodeMessage.codec().encode(new NodeMessage.Welcome()));
            frames.write(
                    Frames.Kind.MESSAGE,
                    new CBORMapper()
                            .writeValueAsBytes(Map.of(
                                    "@type",
                                    "update",
                                    "write",
                                    Map.of("key", "x", "value", '"' + "v".repeat(bytes) + '"'))));
            frames.flush();
            return said.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

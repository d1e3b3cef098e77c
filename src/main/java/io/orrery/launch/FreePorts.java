package io.orrery.launch;

import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds ports for nodes whose addresses must be known before they start. They lie outside the range that systems assign
 * to outgoing connections, one of which could otherwise take a port before its node does.
 */
public final class FreePorts {
    static final int FIRST = 20_000;
    static final int LAST = 31_999;
    private static final int TRIES = 1_000;

    /** One after the other from anywhere, so that two callers are not given the same before either has bound it. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LAST + 1 - FIRST));

    private FreePorts() {}

    /**
     * Distinct ports that are free on loopback now.
     *
     * @throws IOException if there are too few
     */
    public static List<Integer> of(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int left = TRIES; ports.size() < count; left--) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), LAST + 1 - FIRST);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(probe.getLocalPort());
            } catch (IOException inUse) {
                if (left == 0) {
                    throw new IOException(
                            "this machine has no " + count + " free ports from " + FIRST + " to " + LAST, inUse);
                }
            }
        }
        return List.copyOf(ports);
    }

    /** The line of a deployment file that has replicas of these ids, each at free ports of this machine. */
    public static String replicas(List<NodeId> ids) throws IOException {
        List<Integer> ports = of(2 * ids.size());
        List<String> replicas = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            replicas.add("{ id = %s, http { port = %d }, remoting { port = %d } }"
                    .formatted(ids.get(i), ports.get(2 * i), ports.get(2 * i + 1)));
        }
        return "replicas = [" + String.join(", ", replicas) + "]";
    }
}

package io.orrery.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of this machine for nodes whose addresses must be known before they start. They are none of those that a system
 * gives to outgoing connections, one of which could take them before the nodes do.
 */
public final class FreePorts {
    static final int FIRST = 20_000;
    static final int LAST = 31_999;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /**
     * Ports that are free on loopback now, no two the same.
     *
     * @throws IOException when so many cannot be found
     */
    public static List<Integer> of(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int left = TRIES; ports.size() < count; left--) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
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
}

package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Overrides of a node's addresses, for nodes behind a relay.
 *
 * @param bind where it listens; empty for the address in the file
 * @param from the local address from which it calls the others; empty for any
 */
record NodeAddress(Optional<Address> bind, Optional<String> from) {
    static final NodeAddress OF_FILE = new NodeAddress(Optional.empty(), Optional.empty());

    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z0-9.-]{1,255}|\\[[0-9A-Fa-f:.]{2,64}]):([0-9]{1,5})");
    private static final int LAST_PORT = 0xffff;

    /** By the system properties {@code orrery.remoting.bind}, a host and a port, and {@code orrery.remoting.from}, a host. */
    static NodeAddress ofProperties() {
        return new NodeAddress(
                Optional.ofNullable(System.getProperty("orrery.remoting.bind")).map(NodeAddress::address),
                Optional.ofNullable(System.getProperty("orrery.remoting.from")));
    }

    /** The host on which the node listens. */
    String host(Deployment deployment, NodeId self) {
        return bind.orElseGet(() -> deployment.member(self).orElseThrow().requireRemoting())
                .host();
    }

    /** What a node says of its own address, or another where it says none. */
    static Address address(String text, Address otherwise) {
        try {
            return address(text);
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    /** @throws IllegalArgumentException when it is no host and port */
    static Address address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
            throw new IllegalArgumentException("not a host and a port: " + text);
        }
        return new Address(parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2)));
    }
}

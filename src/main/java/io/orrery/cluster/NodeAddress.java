package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.util.Optional;

/**
 * Overrides of a node's addresses, for nodes behind a relay.
 *
 * @param bind where it listens; empty for the address in the file
 * @param from the local address from which it calls the others; empty for any
 */
record NodeAddress(Optional<Address> bind, Optional<String> from) {
    static final NodeAddress OF_FILE = new NodeAddress(Optional.empty(), Optional.empty());

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
        return Address.parse(text);
    }
}

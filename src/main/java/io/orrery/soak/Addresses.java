package io.orrery.soak;

import io.orrery.config.ConfigProblem;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.List;

/** The public addresses of replicas, and the addresses of their processes behind the relays. */
final class Addresses {
    private Addresses() {}

    /** The address at which the other replicas know a replica: its relay listens there. */
    static InetSocketAddress known(Deployment.Member member) {
        Address address = member.requireRemoting();
        return new InetSocketAddress(address.host(), address.port());
    }

    /** Two addresses for the processes of a replica, on loopback hosts that only this replica uses as callers. */
    static List<InetSocketAddress> ofProcesses(Deployment deployment, NodeId id) {
        int number = deployment.ids().indexOf(id) + 1;
        int port = deployment.member(id).orElseThrow().requireRemoting().port();
        return List.of(
                new InetSocketAddress("127.0.1." + number, port), new InetSocketAddress("127.0.2." + number, port));
    }

    /** @throws ConfigProblem if the address is not one of this machine */
    static void requireHere(NodeId id, Address address) {
        try {
            InetAddress host = InetAddress.getByName(address.host());
            if (host.isLoopbackAddress() || NetworkInterface.getByInetAddress(host) != null) {
                return;
            }
        } catch (IOException e) {
            // An unknown name is not a name of this machine.
        }
        throw new ConfigProblem(
                "replica " + id + " is at " + address + ", which is not an address of this machine: a soak"
                        + " starts and kills the processes of all replicas, so all must be here");
    }

    /** @throws ConfigProblem if the address is in use or not available */
    static void requireFree(NodeId id, InetSocketAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        } catch (IOException e) {
            throw new ConfigProblem("the address " + address.getAddress().getHostAddress() + ":" + address.getPort()
                    + ", which replica " + id + " needs, cannot be taken: " + e.getMessage());
        }
    }
}

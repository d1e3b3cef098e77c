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

/** The public addresses of replicas, and where their processes listen behind the relays. */
final class Addresses {
    private Addresses() {}

    /** The address at which the other replicas know one: a relay stands there. */
    static InetSocketAddress known(Deployment.Member member) {
        Address address = member.requireRemoting();
        return new InetSocketAddress(address.host(), address.port());
    }

    /** Two addresses for the processes of a replica, on loopback; from the host of each, nobody else calls. */
    static List<InetSocketAddress> ofProcesses(Deployment deployment, NodeId id) {
        int number = deployment.ids().indexOf(id) + 1;
        int port = deployment.member(id).orElseThrow().requireRemoting().port();
        return List.of(
                new InetSocketAddress("127.0.1." + number, port), new InetSocketAddress("127.0.2." + number, port));
    }

    /** @throws ConfigProblem when an address is of another machine */
    static void requireHere(NodeId id, Address address) {
        try {
            InetAddress host = InetAddress.getByName(address.host());
            if (host.isLoopbackAddress() || NetworkInterface.getByInetAddress(host) != null) {
                return;
            }
        } catch (IOException e) {
            // An unknown name is nothing of this machine either.
        }
        throw new ConfigProblem("replica " + id + " is at " + address + ", which is no address of this machine: a soak"
                + " starts and kills the processes of all replicas, and so wants them all here");
    }

    /** @throws ConfigProblem when an address is in use, or is not to be had */
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

package io.orrery.simulation;

import java.util.Objects;

/**
 * What a world may share with live replicas, beyond its links and disks.
 *
 * @param encoded whether each message is encoded by its sender and decoded by its receiver, as between nodes, so that
 *     replicas share no objects
 * @param membership whether replicas are told that another has stopped, or is back, as nodes of a cluster are
 */
public record Conditions(ClientModel clients, StartModel start, boolean encoded, boolean membership) {
    /** The simplest: see the constants of the parts. */
    public static final Conditions IDEAL = new Conditions(ClientModel.NEAR, StartModel.MET, false, false);

    public Conditions {
        Objects.requireNonNull(clients, "clients");
        Objects.requireNonNull(start, "start");
    }

    public Conditions withClients(ClientModel changed) {
        return new Conditions(changed, start, encoded, membership);
    }

    public Conditions withStart(StartModel changed) {
        return new Conditions(clients, changed, encoded, membership);
    }

    public Conditions withEncoded(boolean changed) {
        return new Conditions(clients, start, changed, membership);
    }

    public Conditions withMembership(boolean changed) {
        return new Conditions(clients, start, encoded, changed);
    }
}

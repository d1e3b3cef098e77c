package io.orrery.cluster;

import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.net.BindException;

/** An address cannot be bound. The message is one line for people, with the address. */
public final class CannotBind extends Exception {
    public CannotBind(NodeId replica, Address address, Throwable cause) {
        super(message(replica, address, cause), cause);
    }

    private static String message(NodeId replica, Address address, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && !(root instanceof BindException)) {
            root = root.getCause();
        }
        return root instanceof BindException
                        && String.valueOf(root.getMessage()).contains("in use")
                ? "port " + address.port() + " is in use: replica " + replica + " cannot listen on " + address
                : "replica " + replica + " cannot listen on " + address + ": " + root.getMessage();
    }
}

package io.orrery.live;

import io.orrery.deployment.Deployment.Address;
import io.orrery.model.NodeId;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** An address cannot be bound. The message is one line for people, with the address. */
public final class BindFailure extends Exception {
    public BindFailure(NodeId replica, Address address, Throwable cause) {
        super(message(replica, address, cause), cause);
    }

    private static String message(NodeId replica, Address address, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && !(root instanceof BindException)) {
            root = root.getCause();
        }
        if (root instanceof UnresolvedAddressException || root instanceof UnknownHostException) {
            return "replica " + replica + " cannot listen on " + address + ": there is no host of this name";
        }
        return root instanceof BindException
                        && String.valueOf(root.getMessage()).contains("in use")
                ? "port " + address.port() + " is in use: replica " + replica + " cannot listen on " + address
                : "replica " + replica + " cannot listen on " + address + ": " + root.getMessage();
    }
}

package io.orrery.launch;

import io.orrery.model.NodeId;
import java.time.Duration;

/**
 * Receives events of nodes, on several threads. A node's end is its last event; a log line may be reported after the
 * node is ready although it was written before. A slow listener delays the node that it is called for, and no other.
 */
public interface NodeListener {
    NodeListener NONE = new NodeListener() {};

    /** A node has written a line to its log, which is its standard error stream, or reports what it waits for. */
    default void line(NodeId node, String line) {}

    /** A node has recovered and accepts requests; it may still wait for others to become ready. */
    default void listens(NodeId node) {}

    /**
     * A node is ready.
     *
     * @param url the address for clients
     * @param after the time since its JVM was started
     */
    default void ready(NodeId node, String url, Duration after) {}

    /** A ready node has caught up with another that it had lost contact with. */
    default void caughtUp(NodeId node) {}

    /** A node's JVM has ended for whatever reason; all of its lines have been reported. */
    default void ended(NodeId node, int exitCode) {}
}

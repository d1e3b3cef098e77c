package io.orrery.launch;

import io.orrery.model.NodeId;
import java.time.Duration;

/**
 * Is told what happens to nodes. Calls come from several threads; those about one node come in order, except that the end
 * of the start may overtake a line of the log. A node waits while its listener is slow.
 */
public interface NodeListener {
    NodeListener NONE = new NodeListener() {};

    /** A node has written a line to its log, which is its standard error stream. */
    default void line(NodeId node, String line) {}

    /**
     * A node serves clients.
     *
     * @param url where they reach it
     * @param after the time since its JVM was started
     */
    default void ready(NodeId node, String url, Duration after) {}

    /** The JVM of a node has ended, whatever the reason: all its lines have been told. */
    default void ended(NodeId node, int exitCode) {}
}

package io.orrery.launch;

import io.orrery.model.NodeId;
import java.time.Duration;

/**
 * Is told what happens to nodes, by several threads. What comes last of a node is its end; a line of its log may be told after
 * it is ready although it was written before. A node waits while its listener is slow; a listener waits for no node.
 */
public interface NodeListener {
    NodeListener NONE = new NodeListener() {};

    /** A node has written a line to its log, which is its standard error stream, or says what it waits for. */
    default void line(NodeId node, String line) {}

    /** A node has recovered and takes requests; it may have to wait for others before it is ready. */
    default void listens(NodeId node) {}

    /**
     * A node is ready.
     *
     * @param url where they reach it
     * @param after the time since its JVM was started
     */
    default void ready(NodeId node, String url, Duration after) {}

    /** A node that is ready has caught up with another that it reached again. */
    default void caughtUp(NodeId node) {}

    /** The JVM of a node has ended, whatever the reason: all its lines have been told. */
    default void ended(NodeId node, int exitCode) {}
}

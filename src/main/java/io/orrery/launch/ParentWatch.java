package io.orrery.launch;

import io.orrery.model.DaemonThreads;
import java.io.IOException;

/**
 * Ends a node when the process that launched it ends. The node's standard input is a pipe from that process that
 * carries no data; it closes when the process ends, even by a kill.
 */
public final class ParentWatch {
    private static final String PROPERTY = "orrery.lifeline";

    /** The JVM flag that marks a launched node. */
    static final String FLAG = "-D" + PROPERTY + "=true";

    private ParentWatch() {}

    /**
     * In a launched process: exits with code 0, through the shutdown hooks, as soon as the launching process has ended.
     * In any other process: does nothing.
     */
    public static void exitWhenCut() {
        if (Boolean.getBoolean(PROPERTY)) {
            DaemonThreads.start("lifeline", ParentWatch::watch);
        }
    }

    private static void watch() {
        try {
            while (System.in.read() >= 0) {
                // The pipe carries no data; discards any.
            }
        } catch (IOException e) {
            // The pipe is broken: the launching process has ended.
        }
        System.exit(0);
    }
}

package io.orrery.launch;

import io.orrery.model.DaemonThreads;
import java.io.IOException;

/**
 * Ends a node with the process that launched it. The node's standard input is a pipe from that process, on which
 * nothing is sent; it closes when the process ends, even by a kill.
 */
public final class ParentWatch {
    private static final String PROPERTY = "orrery.lifeline";

    /** The flag of the JVM by which a node knows that it was launched. */
    static final String FLAG = "-D" + PROPERTY + "=true";

    private ParentWatch() {}

    /**
     * In a process that was launched from here: exits with code 0, by way of the shutdown hooks, as soon as the launching
     * process has ended. In any other process this does nothing.
     */
    public static void exitWhenCut() {
        if (Boolean.getBoolean(PROPERTY)) {
            DaemonThreads.start("lifeline", ParentWatch::watch);
        }
    }

    private static void watch() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said on this line that matters.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        System.exit(0);
    }
}

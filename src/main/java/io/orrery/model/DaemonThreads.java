package io.orrery.model;

import java.util.concurrent.ThreadFactory;

/** Named threads that do not keep a process alive: it ends when all other threads have ended. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** One that has not been started. */
    public static Thread create(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One that runs. */
    public static Thread start(String name, Runnable task) {
        Thread thread = create(name, task);
        thread.start();
        return thread;
    }

    /** For an executor: all of its threads have the same name. */
    public static ThreadFactory named(String name) {
        return task -> create(name, task);
    }
}

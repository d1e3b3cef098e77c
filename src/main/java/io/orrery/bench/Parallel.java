package io.orrery.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks in parallel. */
public final class Parallel {
    private Parallel() {}

    /**
     * Runs tasks and waits for all of them.
     *
     * @param threads how many run at a time
     * @param failed the message if a task fails
     * @return the results in the order of the tasks
     * @throws IllegalStateException if a task fails; the other tasks are then interrupted
     */
    public static <T> List<T> run(int threads, List<? extends Callable<T>> tasks, String failed) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(pool.submit(task)));
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(failed + ": " + e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}

package io.orrery.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * Measures how full the heap is with live objects. A garbage collector that frees hardly anything can take minutes to
 * fail; a check gives up before that.
 */
final class HeapGuard {
    /** The pool of long-lived objects; null if the collector has none. */
    private final MemoryPoolMXBean old = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
            .findFirst()
            .orElse(null);

    /** The bytes that seem to be held by live objects. */
    long kept() {
        Runtime runtime = Runtime.getRuntime();
        return old == null
                ? runtime.totalMemory() - runtime.freeMemory()
                : old.getUsage().getUsed();
    }

    /** The bytes available to live objects. */
    long room() {
        long most = old == null ? -1 : old.getUsage().getMax();
        return most < 0 ? Runtime.getRuntime().maxMemory() : most;
    }

    /** The size of the whole heap in MiB. */
    static long size() {
        return Runtime.getRuntime().maxMemory() >> 20;
    }
}

package io.orrery.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * How full the heap is with what stays. A collector that finds hardly anything to free takes minutes to give up; it is kinder
 * to give up before.
 */
final class HeapGuard {
    /** Where objects are that have outlived some collections; null where the collector has no such place. */
    private final MemoryPoolMXBean old = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().contains("Old") || pool.getName().contains("Tenured"))
            .findFirst()
            .orElse(null);

    /** How many bytes hold what seems to stay. */
    long kept() {
        Runtime runtime = Runtime.getRuntime();
        return old == null
                ? runtime.totalMemory() - runtime.freeMemory()
                : old.getUsage().getUsed();
    }

    /** How many bytes there are for what stays. */
    long room() {
        long most = old == null ? -1 : old.getUsage().getMax();
        return most < 0 ? Runtime.getRuntime().maxMemory() : most;
    }

    /** The size of the whole heap in MiB. */
    static long size() {
        return Runtime.getRuntime().maxMemory() >> 20;
    }
}

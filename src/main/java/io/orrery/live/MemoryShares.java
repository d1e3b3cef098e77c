package io.orrery.live;

import io.orrery.deployment.Deployment;

/**
 * How the replicas of a process share the heap: stores, caches, and data in flight (bodies, answers, messages, past
 * updates).
 *
 * @param storeBytes what the store of one replica may take
 * @param cacheBytes what one replica may take for values that are on disk too
 */
record MemoryShares(long storeBytes, long cacheBytes) {
    private static final int STORES = 4;
    private static final int LARGEST_STORES = 2;
    private static final int CACHES = 16;

    /**
     * A quarter of the heap for the stores, unless the deployment says otherwise, and a sixteenth for the caches.
     *
     * @param replicas how many live in this process
     * @param heap the most that it may grow to, in bytes
     * @throws IllegalArgumentException when the stores that the deployment wants have no room
     */
    static MemoryShares of(Deployment.Limits limits, int replicas, long heap) {
        long storeBytes = limits.storeBytes().orElse(heap / STORES / replicas);
        if (storeBytes > heap / LARGEST_STORES / replicas) {
            throw new IllegalArgumentException("store-size is " + storeBytes + " bytes for each of " + replicas
                    + (replicas == 1 ? " replica" : " replicas") + " in this process, whose heap is " + heap
                    + " bytes: the stores may take half of it. Lower store-size, or make the heap larger (-Xmx; --heap of"
                    + " cluster)");
        }
        return new MemoryShares(storeBytes, heap / CACHES / replicas);
    }
}

package io.orrery.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.deployment.Deployment;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemorySharesTest {
    private static final long HEAP = 256 << 20;

    private static Deployment.Limits withStore(long bytes) {
        Deployment.Limits usual = Deployment.Limits.DEFAULT;
        return new Deployment.Limits(
                usual.valueBytes(),
                usual.openRequests(),
                usual.mailbox(),
                usual.requestTimeout(),
                usual.events(),
                usual.connections(),
                Optional.of(bytes));
    }

    @Test
    void theReplicasOfAProcessShareItsHeap() {
        assertEquals(new MemoryShares(64 << 20, 16 << 20), MemoryShares.of(Deployment.Limits.DEFAULT, 1, HEAP));
        assertEquals(new MemoryShares(16 << 20, 4 << 20), MemoryShares.of(Deployment.Limits.DEFAULT, 4, HEAP));
    }

    @Test
    void aStoreIsAsLargeAsTheDeploymentWantsIfItHasRoom() {
        assertEquals(new MemoryShares(128 << 20, 16 << 20), MemoryShares.of(withStore(128 << 20), 1, HEAP));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> MemoryShares.of(withStore(128 << 20), 2, HEAP));
        assertEquals(
                "store-size is 134217728 bytes for each of 2 replicas in this process, whose heap is 268435456 bytes: the"
                        + " stores may take half of it. Lower store-size, or make the heap larger (-Xmx; --heap of cluster)",
                refused.getMessage());
    }
}

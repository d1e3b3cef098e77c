/**
 * Pekko made deterministic: one thread, virtual time, and every step a choice.
 *
 * <p>Runs unchanged actors; knows nothing of replicas or of the store. What may come in: what any simulated actor system
 * needs, such as dispatcher, scheduler and choosers. Links, disks and clients are in {@code simulation}. Start at {@link
 * io.orrery.loop.EventLoop} and {@link io.orrery.loop.Chooser}.
 */
package io.orrery.loop;

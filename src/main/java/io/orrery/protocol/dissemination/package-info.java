/**
 * How every write reaches every replica exactly once: dots, digests, catch-up, causal buffer.
 *
 * <p>What the families share to spread and store writes. Which write wins is for the family to say. Start at {@link
 * io.orrery.protocol.dissemination.Replication}.
 */
package io.orrery.protocol.dissemination;

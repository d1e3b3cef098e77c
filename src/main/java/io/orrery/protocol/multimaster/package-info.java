/**
 * The family in which every replica takes writes: {@code lamport-lww}, {@code vector-causal}, {@code cops}.
 *
 * <p>What is the same for all protocols without a leader, and one class per protocol. Start at {@link
 * io.orrery.protocol.multimaster.MultiMaster}.
 */
package io.orrery.protocol.multimaster;

/**
 * The family in which one leader orders writes: the four {@code primary-*} levels, {@code leader-quorum}.
 *
 * <p>Ordering, acknowledgement and forwarding of writes. A protocol of the family is one level. Start at {@link
 * io.orrery.protocol.singleleader.SingleLeader} and {@link io.orrery.protocol.singleleader.Level}.
 */
package io.orrery.protocol.singleleader;

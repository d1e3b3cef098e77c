/**
 * A causally consistent store in which each replica takes writes, and its broken variants.
 *
 * <p>Start at {@link io.orrery.zoo.gossip.Gossip}; the mistakes are in {@link io.orrery.zoo.gossip.GossipExhibits}.
 */
package io.orrery.zoo.gossip;

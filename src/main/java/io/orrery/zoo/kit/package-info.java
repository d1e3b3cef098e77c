/**
 * What the small protocols of the zoo have in common: a replica that keeps all in a map, and what is told of a mistake.
 *
 * <p>Start at {@link io.orrery.zoo.kit.SmallReplica}.
 */
package io.orrery.zoo.kit;

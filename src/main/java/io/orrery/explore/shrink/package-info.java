/**
 * Makes what a run did wrong small: fewer operations, clients, faults and replicas, shorter and rounder times, while the
 * wrong stays of the same kind.
 *
 * <p>Start at {@link io.orrery.explore.shrink.Shrinker}.
 */
package io.orrery.explore.shrink;

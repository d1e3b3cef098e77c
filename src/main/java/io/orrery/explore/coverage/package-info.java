/**
 * How thorough many worlds were: what came in where, what replicas made of it, in which orders messages arrived, and how much of
 * that is still unseen.
 *
 * <p>Looks at replicas from outside. Start at {@link io.orrery.explore.coverage.Coverage}.
 */
package io.orrery.explore.coverage;

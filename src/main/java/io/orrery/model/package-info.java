/**
 * Values that everything else speaks about: node, key, value, version, operation, outcome.
 *
 * <p>A type that at least two packages need and that has no behaviour of its own. Imports nothing of Orrery. Start at
 * {@link io.orrery.model.Operation}, {@link io.orrery.model.Outcome} and {@link io.orrery.model.Version}.
 */
package io.orrery.model;

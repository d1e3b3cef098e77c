/**
 * Protocols that are broken on purpose: three small sound ones, one package each, and variants of them with one mistake.
 *
 * <p>The mistakes are those that papers warn of and that somebody has really made: an example for lectures, and a measure for
 * whatever looks for trouble. They are only simulated: no deployment finds them. What may come in: a protocol with its
 * exhibits, never what a real store would run. Start at {@link io.orrery.zoo.Zoo}.
 */
package io.orrery.zoo;

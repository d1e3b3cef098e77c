/**
 * Protocols that are broken on purpose, each by one mistake that somebody has really made: what sweeps, shrinking and
 * schedulers are measured by, and a lecture's worth of examples.
 *
 * <p>Small protocols, one package each, that fit on a few screens and keep their promises; and variants of them that differ in
 * one method. They are only simulated: no deployment finds them. What may come in: a protocol with its exhibits, never what
 * a real store would run. Start at {@link io.orrery.zoo.Zoo}.
 */
package io.orrery.zoo;

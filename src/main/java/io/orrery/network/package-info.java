/**
 * Link rules and faults as data, and the links that apply them.
 *
 * <p>What simulation and live replicas share about delay, loss, duplication and cuts. Sockets are in {@code cluster}.
 * Start at {@link io.orrery.network.Links}.
 */
package io.orrery.network;

/**
 * The testkit for protocols: the contract as a JUnit test, worlds with faults, replicas stepped by hand.
 *
 * <p>What an outside project needs to test its protocol. Only this package may import JUnit. Start at {@link
 * io.orrery.testkit.protocol.ProtocolContract} and {@link io.orrery.testkit.protocol.ProtocolNet}.
 */
package io.orrery.testkit.protocol;

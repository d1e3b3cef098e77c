/**
 * The testkit for protocols: the contract as a JUnit test, worlds with faults, replicas stepped by hand or in virtual time.
 *
 * <p>What an outside project needs to test its protocol. Only this package may import JUnit. Start at {@link
 * io.orrery.testkit.protocol.ProtocolContract}, {@link io.orrery.testkit.protocol.ProtocolNet} and {@link
 * io.orrery.testkit.protocol.TimedNet}.
 */
package io.orrery.testkit.protocol;

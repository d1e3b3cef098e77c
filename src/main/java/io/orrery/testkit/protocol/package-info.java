/**
 * For whoever writes a protocol: the contract that every protocol is held to, as a JUnit test to extend ({@link
 * io.orrery.testkit.protocol.ProtocolContract}) and clause by clause ({@link io.orrery.testkit.protocol.Contract}); worlds made
 * from numbers; invariants that hold after each event; and a net of protocols that a test steps by hand ({@link
 * io.orrery.testkit.protocol.ProtocolNet}).
 */
package io.orrery.testkit.protocol;

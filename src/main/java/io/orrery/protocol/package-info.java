/**
 * The contract of a replication protocol, and the registry that finds protocols.
 *
 * <p>What every protocol must know, and nothing that only one family needs. Imports no family. Start at {@link
 * io.orrery.protocol.Protocol} and {@link io.orrery.protocol.Effects}.
 */
package io.orrery.protocol;

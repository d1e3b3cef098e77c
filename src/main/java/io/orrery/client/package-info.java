/**
 * Requests to the HTTP address of a replica.
 *
 * <p>What commands, benches and soaks share to talk to replicas. Start at {@link io.orrery.client.RestClient}.
 */
package io.orrery.client;

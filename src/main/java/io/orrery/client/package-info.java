/**
 * Requests to the HTTP address of a replica, and what the answers mean.
 *
 * <p>Commands, scenarios, soaks and experiments use {@link io.orrery.client.RestClient}. Benchmarks of load use {@link
 * io.orrery.client.ClientConnection}, which does less for each request.
 */
package io.orrery.client;

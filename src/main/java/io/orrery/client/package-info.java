/**
 * HTTP requests to a replica and the meaning of the answers.
 *
 * <p>Commands, scenarios, soaks and experiments use {@link io.orrery.client.RestClient}. Load benchmarks use {@link
 * io.orrery.client.ClientConnection}, which does less work for each request.
 */
package io.orrery.client;

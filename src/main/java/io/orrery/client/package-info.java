/**
 * Requests to a replica's HTTP address, and what their answers mean: the one client that commands, scenarios, soaks and
 * experiments use, {@link io.orrery.client.RestClient}. Load is measured with one that does less for each request, {@link
 * io.orrery.client.ClientConnection}.
 */
package io.orrery.client;

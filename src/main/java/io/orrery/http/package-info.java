/**
 * The HTTP routes of a replica.
 *
 * <p>Whatever a request meets before it reaches a replica: limits, tokens, routes, answers. Start at {@link
 * io.orrery.http.Server} and {@link io.orrery.http.ClientRoutes}.
 */
package io.orrery.http;

/**
 * The HTTP routes of a replica.
 *
 * <p>Everything that a request passes before it reaches a replica: limits, tokens, routes, answers. Start at {@link
 * io.orrery.http.Server} and {@link io.orrery.http.ClientRoutes}.
 */
package io.orrery.http;

/**
 * What clients invoked and what they saw: events, operations, and the files that hold them (JSON lines, EDN).
 *
 * <p>Whatever a verdict needs to know. Shares nothing with the protocols. Start at {@link io.orrery.history.History}
 * and {@link io.orrery.history.HistoryReader}.
 */
package io.orrery.history;

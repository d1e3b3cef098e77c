/**
 * Nodes under random faults and load, judged at the end.
 *
 * <p>Faults by a plan, proxies before the nodes, clients that write and read, and the report. Start at {@link
 * io.orrery.soak.Soak}.
 */
package io.orrery.soak;

/**
 * The nodes of a deployment as JVMs on this machine, and scenarios played on them.
 *
 * <p>Starts, watches and ends processes. Start at {@link io.orrery.launch.Nodes} and {@link
 * io.orrery.launch.ScenarioCluster}.
 */
package io.orrery.launch;

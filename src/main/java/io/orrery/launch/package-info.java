/**
 * Starts the nodes of a deployment on this machine, each as a JVM of its own, and ends them: see
 * {@link io.orrery.launch.Nodes}. Plays scenarios on them: see {@link io.orrery.launch.ScenarioCluster}.
 */
package io.orrery.launch;

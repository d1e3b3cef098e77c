/**
 * Starts the nodes of a deployment on this machine, each as a JVM of its own, and ends them. Start at
 * {@link io.orrery.launch.Nodes}.
 */
package io.orrery.launch;

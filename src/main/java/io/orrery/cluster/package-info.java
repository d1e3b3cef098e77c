/**
 * What joins JVMs, each with one replica, to a cluster: connections between them, who belongs together, and the laboratory
 * of all of them. Start at {@link io.orrery.cluster.Node}. How a replica lives in its JVM is in {@link io.orrery.live}.
 */
package io.orrery.cluster;

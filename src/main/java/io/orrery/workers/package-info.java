/**
 * A sweep on several machines: hands out seeds to worker processes, by Pekko Cluster and its work pulling.
 *
 * <p>What is played, judged and added up is in {@code explore.sweep}, the same as on one machine. Start at {@link
 * io.orrery.workers.ClusterSweep}, the side that hands out, and {@link io.orrery.workers.Worker}, the side that plays.
 */
package io.orrery.workers;

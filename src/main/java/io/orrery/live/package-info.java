/**
 * What runs replicas in one JVM in real time: their actor system, links, journals and memory, the way of a client's request
 * to a replica and back, and whether a replica is ready. Start at {@link io.orrery.live.LocalReplicas}. Of other JVMs it
 * knows that there may be {@linkplain io.orrery.live.Ways ways} to them, and nothing else.
 */
package io.orrery.live;

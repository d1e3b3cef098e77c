/**
 * Benchmarks of the simulation, the checkers, the journal, the cluster and HTTP.
 *
 * <p>One class per benchmark, and the load that they share. Commands are in {@code cli}. Start at {@link
 * io.orrery.bench.SimulationBenchmark}.
 */
package io.orrery.bench;

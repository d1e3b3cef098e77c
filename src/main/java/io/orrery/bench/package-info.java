/**
 * Benchmarks of the simulation, the checkers, the journal, the cluster and HTTP.
 *
 * <p>One class per benchmark, and their common load generator. The commands are in {@code cli}. Start at {@link
 * io.orrery.bench.SimulationBenchmark}.
 */
package io.orrery.bench;

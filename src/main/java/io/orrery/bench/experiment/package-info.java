/**
 * The experiments of the course labs: the cost of each consistency level as tables and plots.
 *
 * <p>Experiments run in virtual time or against live servers and fill sheets. Start at {@link
 * io.orrery.bench.experiment.LatencyExperiment}.
 */
package io.orrery.bench.experiment;

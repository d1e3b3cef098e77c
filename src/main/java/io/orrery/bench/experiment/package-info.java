/**
 * The course labs' experiments: what each consistency level costs, as tables and plots.
 *
 * <p>Experiments in virtual time or against live servers, and the sheets that they fill. Start at {@link
 * io.orrery.bench.experiment.LatencyExperiment}.
 */
package io.orrery.bench.experiment;

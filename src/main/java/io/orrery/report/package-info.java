/**
 * Runs and verdicts as text: tables and traces.
 *
 * <p>Texts that more than one command prints. The text of a single command is in {@code cli}. Start at {@link
 * io.orrery.report.RunReport} and {@link io.orrery.report.TraceText}.
 */
package io.orrery.report;

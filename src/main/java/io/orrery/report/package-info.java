/**
 * Tables and stories: what a run or a verdict looks like as text.
 *
 * <p>Texts that more than one command prints. A text of one command is in {@code cli}. Start at {@link
 * io.orrery.report.RunReport} and {@link io.orrery.report.TraceText}.
 */
package io.orrery.report;

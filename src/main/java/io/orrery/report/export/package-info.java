/**
 * The files of a run that {@code sim --out} keeps: histories, traces, verdicts.
 *
 * <p>One class per file format. Start at {@link io.orrery.report.export.ResultFolder}.
 */
package io.orrery.report.export;

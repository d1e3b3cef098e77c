/**
 * Verdicts: does a history satisfy a consistency model, and if not, which few operations show it.
 *
 * <p>Start at {@link io.orrery.check.Checker}. Nothing here knows a protocol: a checker that shared code with what it
 * judges would share its mistakes.
 */
package io.orrery.check;

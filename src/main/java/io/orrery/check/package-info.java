/**
 * Verdicts: whether a history satisfies a consistency model, and if not, the few operations that show it.
 *
 * <p>Checkers and witnesses. Nothing here knows a protocol: a checker that shared code with what it judges would share
 * its mistakes. Start at {@link io.orrery.check.Checker}.
 */
package io.orrery.check;

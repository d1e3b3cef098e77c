/**
 * The commands.
 *
 * <p>One class per command: options, output, exit code. The work is done by the packages above. Start at {@link
 * io.orrery.cli.Main}.
 */
package io.orrery.cli;

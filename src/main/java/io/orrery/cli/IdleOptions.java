package io.orrery.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that would change nothing beside the others. Who gives one expects something of it, and is told. */
final class IdleOptions {
    private IdleOptions() {}

    /**
     * Refuses options of a command.
     *
     * @param why follows the name of the option, and says what would be right
     * @throws ParameterException for the first of them that was given
     */
    static void refuse(CommandSpec spec, String why, String... options) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " " + why);
            }
        }
    }
}

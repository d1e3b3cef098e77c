package io.orrery.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the shell's completion script. */
@Command(
        name = "completion",
        description = "Prints a script for completion of commands and options in bash and zsh.",
        footer = {
            "",
            "source <(./run.sh completion) enables it in this shell, for run.sh and for a link",
            "to it that is named orrery. In zsh, compinit must be loaded first."
        })
final class CompletionCommand implements Callable<Integer> {
    private enum ForShell {
        BASH,
        ZSH
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash or zsh; the script is the same.")
    private ForShell shell;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("orrery", spec.root().commandLine()));
        out.println("complete -F _complete_orrery -o default run.sh");
        return ExitCode.OK;
    }
}

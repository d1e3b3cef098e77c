package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.client.RestClient.Answer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a running server. */
@Command(mixinStandardHelpOptions = false)
abstract class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--node",
            paramLabel = "URL",
            defaultValue = "http://localhost:8000",
            description = "The replica to ask (${DEFAULT-VALUE}).")
    private String node;

    @Option(names = "--json", description = "Prints the server's answer as it is.")
    private boolean json;

    RestClient server() {
        return new RestClient(node);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    boolean json() {
        return json;
    }

    /** Prints an answer: as it is with {@code --json}, else in words. Problems become failures. */
    int print(Answer answer, Words words) {
        answer.requireSuccess();
        if (json) {
            out().println(answer.body());
        } else {
            words.print(Document.parse(answer.body()), out());
        }
        return ExitCode.OK;
    }

    /** Prints a document for people. */
    @FunctionalInterface
    interface Words {
        void print(Document document, PrintWriter out);
    }
}

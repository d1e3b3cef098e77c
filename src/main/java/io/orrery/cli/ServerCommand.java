package io.orrery.cli;

import io.orrery.client.Addresses;
import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.client.RestClient.Answer;
import io.orrery.deployment.Token;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that sends requests to a running server. */
@Command(mixinStandardHelpOptions = false)
abstract class ServerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--node",
            paramLabel = "URL",
            defaultValue = "${env:ORRERY_NODE:-localhost:8000}",
            description = "The replica to ask, or ORRERY_NODE (${DEFAULT-VALUE}); with --ca, an https:// address. "
                    + "put, get, delete, data and status take several, separated by commas, and ask the next where "
                    + "one is not reached.")
    private String node;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the token, if the replica requires one (default: ORRERY_TOKEN in the environment).")
    private Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "For a replica at https: the authority that signed its certificate, in PEM form.")
    private Path authority;

    @Option(names = "--json", description = "Prints the server's answer as it is.")
    private boolean json;

    /** Asks a replica of those that {@code --node} lists, and the next one where that does not serve the request. */
    Answer ask(String method, String path, String body, String session, String client) {
        return addresses().send(method, path, body, session, client);
    }

    /** The replicas that {@code --node} lists. */
    Addresses addresses() {
        return new Addresses(Stream.of(node.split(",", -1))
                .map(address -> server(address.strip()).withHeaders(headers()))
                .toList());
    }

    /** Further headers of the request. */
    Map<String, String> headers() {
        return Map.of();
    }

    Answer ask(String path) {
        return ask("GET", path, "", "", "");
    }

    RestClient server() {
        return server(node);
    }

    RestClient server(String node) {
        if (authority == null) {
            return withToken(new RestClient(node));
        }
        if (node.startsWith("http://")) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--ca needs a replica at https://, and --node is " + node + ", which is not encrypted");
        }
        return withToken(new RestClient(node.contains("://") ? node : "https://" + node).trusting(authority));
    }

    private RestClient withToken(RestClient server) {
        return token().map(server::withToken).orElse(server);
    }

    /** The token is never an argument, since the process list would show it to everyone. */
    private Optional<Token> token() {
        String variable = System.getenv("ORRERY_TOKEN");
        try {
            return tokenFile != null
                    ? Optional.of(ofFile(tokenFile))
                    : Optional.ofNullable(variable).filter(it -> !it.isEmpty()).map(Token::of);
        } catch (IllegalArgumentException e) {
            String given = tokenFile != null ? "--token-file" : "ORRERY_TOKEN";
            throw new CommandFailure(ExitCode.USAGE, given + ": " + e.getMessage());
        }
    }

    private Token ofFile(Path file) {
        Token token = Token.ofFile(file);
        Token.exposure(file).ifPresent(spec.commandLine().getErr()::println);
        return token;
    }

    /** The address of the replica, as given by the user. */
    String node() {
        return node;
    }

    /** Whether the user gave the address. */
    boolean isNodeGiven() {
        return spec.commandLine().getParseResult().hasMatchedOption("--node");
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    boolean json() {
        return json;
    }

    /** Prints an answer: unchanged with {@code --json}, otherwise in words. Throws if the server refused. */
    int print(Answer answer, Words words) {
        answer.requireSuccess();
        if (json) {
            out().println(answer.body());
        } else {
            words.print(Document.parse(answer.body()), out());
        }
        return ExitCode.OK;
    }

    /** Renders a document for people. */
    @FunctionalInterface
    interface Words {
        void print(Document document, PrintWriter out);
    }
}

package io.orrery.cli;

import io.orrery.client.Addresses;
import io.orrery.client.Document;
import io.orrery.client.Headers;
import io.orrery.client.RestClient;
import io.orrery.client.RestClient.Answer;
import io.orrery.model.Key;
import io.orrery.model.Printable;
import io.orrery.model.RequestId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that read and write one key. */
final class StoreCommands {
    private StoreCommands() {}

    private abstract static class KeyCommand extends ServerCommand {
        @Parameters(paramLabel = "KEY", description = "1 to 1024 bytes of UTF-8.")
        private String key;

        @Option(
                names = "--session",
                paramLabel = "TOKEN",
                defaultValue = "",
                description = "The session token of the last answer, if the protocol has sessions.")
        private String session;

        @Option(
                names = "--client",
                paramLabel = "NAME",
                defaultValue = "",
                description = "The client's name in the history of serve --history.")
        private String client;

        Answer send(String method, String body) {
            Key.of(key); // fails here for text that is no key; the server would read it as another key
            if (key.equals(".") || key.equals("..")) {
                throw new CommandFailure(ExitCode.USAGE, "the keys . and .. cannot stand in a path of HTTP");
            }
            Addresses addresses = addresses();
            return addresses.send(method, RestClient.keyPath(key), body, session, client, requestId(addresses));
        }

        /** The id of a write, so that it can be sent again; empty for none. */
        Optional<RequestId> requestId(Addresses addresses) {
            return Optional.empty();
        }

        int print(Answer answer) {
            print(withSession(answer), KeyCommand::words);
            if (!json()) {
                printSession(answer);
            }
            return ExitCode.OK;
        }

        void printSession(Answer answer) {
            if (!answer.session().isEmpty()) {
                out().println("session: " + answer.session());
            }
        }

        static Answer withSession(Answer answer) {
            if (answer.session().isEmpty() || !answer.body().startsWith("{")) {
                return answer;
            }
            String member = "{\"session\":" + Value.of(answer.session()) + ",";
            return new Answer(answer.status(), member + answer.body().substring(1), answer.session());
        }

        private static void words(Document answer, PrintWriter out) {
            String key = Printable.of(answer.text("key"));
            String what = answer.has("value") ? key + " = " + answer.text("value") : key + " deleted";
            // A forwarded write has no version yet.
            String version = answer.has("version") ? "version " + answer.text("version") + ", " : "";
            out.println(what + "  (" + version + answer.text("status") + " at " + answer.text("node") + ")");
        }
    }

    /** A command that may depend on what the key has, and may be given again. */
    private abstract static class WriteCommand extends KeyCommand {
        @Option(
                names = "--request-id",
                paramLabel = "ID",
                description =
                        "The command's own id: given again with it, the write is carried out once. With several addresses, one is "
                                + "made if the protocol remembers ids.")
        private String requestId;

        @Override
        Optional<RequestId> requestId(Addresses addresses) {
            if (requestId == null) {
                return addresses.requestId();
            }
            try {
                return Optional.of(RequestId.parse(requestId));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.USAGE, "--request-id: " + e.getMessage());
            }
        }

        @ArgGroup
        private Condition condition;

        /** One of them. */
        private static final class Condition {
            @Option(
                    names = "--if-version",
                    paramLabel = "V",
                    description = "Only if the key still has this version, as put and get print it.")
            private String version;

            @Option(names = "--if-absent", description = "Only if the key has no value.")
            private boolean absent;
        }

        @Override
        Map<String, String> headers() {
            if (condition == null) {
                return Map.of();
            }
            try {
                return Headers.comparing(Optional.ofNullable(condition.version).map(Version::parse));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(ExitCode.USAGE, "--if-version: " + e.getMessage());
            }
        }
    }

    @Command(
            name = "put",
            description = {
                "Writes a value.",
                "VALUE is JSON; anything else is taken as a string: put x lost is put x '\"lost\"'."
            })
    static final class Put extends WriteCommand {
        @Parameters(
                index = "1",
                paramLabel = "VALUE",
                description = "JSON, or a string. After -- it may begin with a minus.")
        private String value;

        @Override
        public Integer call() {
            return print(send("PUT", asJson(value)));
        }

        static String asJson(String value) {
            try {
                return Value.parse(value).json();
            } catch (IllegalArgumentException e) {
                return Value.of(value).json();
            }
        }
    }

    @Command(name = "get", description = "Reads a value. Exit code 1 when the key is absent.")
    static final class Get extends KeyCommand {
        @Override
        public Integer call() {
            Answer answer = send("GET", "");
            if (!isAbsent(answer)) {
                return print(answer);
            }
            if (json()) {
                out().println(withSession(answer).body());
                return ExitCode.NO;
            }
            printSession(answer);
            throw new CommandFailure(ExitCode.NO, answer.failure().getMessage());
        }

        /** Whether a 404 means an absent key. A server without this route also answers 404, but names no key. */
        private static boolean isAbsent(Answer answer) {
            try {
                return answer.status() == 404 && Document.parse(answer.body()).has("key");
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    @Command(name = "delete", description = "Deletes a key. Deleting an absent key succeeds.")
    static final class Delete extends WriteCommand {
        @Override
        public Integer call() {
            return print(send("DELETE", ""));
        }
    }
}

package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.model.Value;
import io.orrery.report.Table;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Link faults. Each command prints the resulting links. */
final class LinkCommands {
    private LinkCommands() {}

    private abstract static class LinkCommand extends ServerCommand {
        int send(String method, String path, String body) {
            return print(server().send(method, path, body), LinkCommand::words);
        }

        private static void words(Document answer, PrintWriter out) {
            Table table = new Table();
            Stream.of("FROM", "TO", "DELAY", "LOSS", "DUPLICATE", "STATE", "UNDER WAY")
                    .forEach(table::column);
            table.text(isSpecial(answer) ? "FOR" : "");
            for (Document link : answer.objects("links")) {
                row(table, link, link, link.text("underWay"), "");
                for (Document rule : link.objects("special")) {
                    row(table, link, rule, "", messages(rule));
                }
            }
            Terminal.lines(table).forEach(out::println);
        }

        private static boolean isSpecial(Document answer) {
            return answer.objects("links").stream()
                    .anyMatch(link -> !link.objects("special").isEmpty());
        }

        /** Adds a row for a special rule; a property that the rule does not set stays empty. */
        private static void row(Table table, Document link, Document rule, String underWay, String messages) {
            table.row(
                    link.text("from"),
                    link.text("to"),
                    textOrNothing(rule, "delay"),
                    losses(rule),
                    textOrNothing(rule, "duplicate"),
                    state(rule),
                    underWay,
                    messages);
        }

        private static String textOrNothing(Document rule, String name) {
            return rule.has(name) ? rule.text(name) : "";
        }

        private static String losses(Document rule) {
            String run = textOrNothing(rule, "lossRun");
            return (textOrNothing(rule, "loss") + (run.isEmpty() ? "" : " in runs of " + run)).strip();
        }

        private static String state(Document rule) {
            boolean partitioned =
                    rule.has("partitioned") && rule.text("partitioned").equals("true");
            return !rule.has("cut")
                    ? ""
                    : rule.text("cut").equals("true") ? "cut" : partitioned ? "partitioned" : "open";
        }

        private static String messages(Document rule) {
            return Stream.of("key", "kind")
                    .filter(rule::has)
                    .map(name -> name + " " + rule.text(name))
                    .collect(Collectors.joining(", "));
        }

        static void requireTo(String command, String to) {
            if (to == null) {
                throw new CommandFailure(
                        ExitCode.USAGE, command + " takes FROM and TO, or neither; '*' stands for all");
            }
        }

        static String text(String name, String value) {
            return Value.of(name) + ":" + Value.of(value);
        }
    }

    @Command(
            name = "link",
            description = {
                "Changes the link from one replica to another; '*' (in quotes) stands for all. What is not given stays.",
                "With --key or --kind only for some messages; the more special rule decides. Without arguments it shows "
                        + "all links."
            })
    static final class ChangeLink extends LinkCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "A replica, or '*'.")
        private String from;

        @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "A replica, or '*'.")
        private String to;

        @Option(
                names = "--delay",
                paramLabel = "TIME",
                description = "3s, 1ms..5ms, exponential(20ms) or normal(20ms, 5ms).")
        private String delay;

        @Option(names = "--loss", paramLabel = "CHANCE", description = "The chance that a message is lost, 0 to 1.")
        private Double loss;

        @Option(
                names = "--loss-run",
                paramLabel = "MESSAGES",
                description = "How many messages in a row are lost where one is: 5, or 3..20.")
        private String lossRun;

        @Option(
                names = "--duplicate",
                paramLabel = "CHANCE",
                description = "The chance that a message is duplicated, 0 to 1.")
        private Double duplicate;

        @Option(names = "--cut", negatable = true, description = "Cuts the link, or ends the cut.")
        private Boolean cut;

        @Option(names = "--key", paramLabel = "KEY", description = "Only for updates of this key.")
        private String key;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description =
                        "Only for messages of this kind, such as update; an unknown kind is answered with a list.")
        private String kind;

        @Override
        public Integer call() {
            if (from == null) {
                return send("GET", "/lab/links", "");
            }
            requireTo("link", to);
            StringJoiner body = new StringJoiner(",", "{", "}");
            body.add(text("from", from)).add(text("to", to));
            if (key != null) {
                body.add(text("key", key));
            }
            if (kind != null) {
                body.add(text("kind", kind));
            }
            if (delay != null) {
                body.add(text("delay", delay));
            }
            if (loss != null) {
                body.add("\"loss\":" + finite(loss));
            }
            if (lossRun != null) {
                body.add(text("lossRun", lossRun));
            }
            if (duplicate != null) {
                body.add("\"duplicate\":" + finite(duplicate));
            }
            if (cut != null) {
                body.add("\"cut\":" + cut);
            }
            return send("PUT", "/lab/links", body.toString());
        }

        private static Double finite(Double chance) {
            if (!Double.isFinite(chance)) {
                throw new CommandFailure(ExitCode.USAGE, "a chance is between 0 and 1, not " + chance);
            }
            return chance;
        }
    }

    @Command(
            name = "partition",
            description = {
                "Splits the replicas into groups between which nothing passes: partition A B,C.",
                "A replica in no group is alone. A new partition takes the place of the old one."
            })
    static final class Partition extends LinkCommand {
        @Parameters(
                arity = "1..*",
                paramLabel = "GROUP",
                description = "Replicas with commas between them, without spaces.")
        private List<String> groups;

        @Override
        public Integer call() {
            String body = groups.stream()
                    .map(group -> Arrays.stream(group.split(",", -1))
                            .map(replica -> Value.of(replica).json())
                            .collect(Collectors.joining(",", "[", "]")))
                    .collect(Collectors.joining(",", "{\"groups\":[", "]}"));
            return send("POST", "/lab/partition", body);
        }
    }

    @Command(name = "isolate", description = "Cuts a replica off from all others.")
    static final class Isolate extends LinkCommand {
        @Parameters(paramLabel = "ID", description = "A replica.")
        private String id;

        @Override
        public Integer call() {
            return send("POST", "/lab/isolate", "{" + text("replica", id) + "}");
        }
    }

    @Command(
            name = "heal",
            description = "Ends partitions and cuts: all of them, or on one link. Delays and losses stay.")
    static final class Heal extends LinkCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "A replica, or '*'.")
        private String from;

        @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "A replica, or '*'.")
        private String to;

        @Override
        public Integer call() {
            if (from == null) {
                return send("POST", "/lab/heal", "{}");
            }
            requireTo("heal", to);
            return send("POST", "/lab/heal", "{" + text("from", from) + "," + text("to", to) + "}");
        }
    }
}

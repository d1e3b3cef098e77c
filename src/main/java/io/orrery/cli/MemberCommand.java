package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.model.Value;
import io.orrery.report.Table;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who the replicas of a running deployment are, and how that changes. */
@Command(
        name = "member",
        description = {
            "Shows who the replicas are, adds one, removes one for good, or has one lead.",
            "With protocols that elect their leader (raft); each other answers with the reason why not."
        },
        subcommands = {
            MemberCommand.ListMembers.class,
            MemberCommand.Add.class,
            MemberCommand.Remove.class,
            MemberCommand.Lead.class
        })
final class MemberCommand {
    private abstract static class Changing extends ServerCommand {
        int change(String method, String path, String body) {
            return print(server().send(method, path, body), (answer, out) -> {
                out.println(answer.text("done"));
                hint(out);
            });
        }

        void hint(PrintWriter out) {}
    }

    @Command(name = "list", description = "Shows the members; asked of the leader, also how many entries each lacks.")
    static final class ListMembers extends ServerCommand {
        @Override
        public Integer call() {
            return print(ask("/members"), ListMembers::words);
        }

        private static void words(Document answer, PrintWriter out) {
            Table table = new Table()
                    .text("NODE")
                    .text("ROLE")
                    .text("HTTP")
                    .text("REMOTING")
                    .text("REACHED")
                    .column("LACKS");
            for (Document member : answer.objects("members")) {
                String node = member.text("node");
                boolean isAsked = node.equals(answer.text("node"));
                boolean leads = answer.has("leader") && node.equals(answer.text("leader"));
                table.row(
                        node,
                        leads ? "leader" : member.text("role"),
                        textOrNothing(member, "http"),
                        textOrNothing(member, "remoting"),
                        isAsked ? "asked" : member.text("reachable").equals("true") ? "yes" : "no",
                        textOrNothing(member, "lacks"));
            }
            Terminal.lines(table).forEach(out::println);
            if (!answer.has("leader")) {
                out.println("no leader is known there now");
            }
            if (answer.text("committed").equals("false")) {
                out.println("the last change is not committed yet");
            }
        }

        private static String textOrNothing(Document member, String name) {
            return member.has(name) ? member.text(name) : "";
        }
    }

    @Command(
            name = "add",
            description = "Adds a replica: a learner at first, which votes when it has caught up. Then start it with "
                    + "node CONF --id ID --join URL.")
    static final class Add extends Changing {
        @Parameters(paramLabel = "ID", description = "The name of the new replica.")
        private String id;

        @Option(
                names = "--http",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Where clients will reach it.")
        private String http;

        @Option(
                names = "--remoting",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Where the other replicas will reach it.")
        private String remoting;

        @Override
        public Integer call() {
            String body = "{\"node\":" + Value.of(id).json() + ",\"http\":"
                    + Value.of(http).json() + ",\"remoting\":"
                    + Value.of(remoting).json() + "}";
            return change("POST", "/members", body);
        }

        @Override
        void hint(PrintWriter out) {
            out.println("start it: ./run.sh node CONF --id " + id + " --join " + server().node());
        }
    }

    @Command(name = "remove", description = "Removes a replica for good: it ends, and is refused when it comes back.")
    static final class Remove extends Changing {
        @Parameters(paramLabel = "ID", description = "A member.")
        private String id;

        @Override
        public Integer call() {
            return change("DELETE", "/members/" + RestClient.segment(id), "");
        }
    }

    @Command(name = "lead", description = "Has a replica lead, as before maintenance of the one that does.")
    static final class Lead extends Changing {
        @Parameters(paramLabel = "ID", description = "A member that votes.")
        private String id;

        @Override
        public Integer call() {
            return change("POST", "/members/" + RestClient.segment(id) + "/lead", "");
        }
    }
}

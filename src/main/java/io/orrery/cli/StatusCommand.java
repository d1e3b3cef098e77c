package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.report.Table;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Prints a replica's status. */
@Command(name = "status", description = "Shows a replica's clock, store, buffered writes, and the lag of its peers.")
final class StatusCommand extends ServerCommand {
    private static final int PERCENT = 100;

    @Override
    public Integer call() {
        return print(ask("/status"), StatusCommand::words);
    }

    private static void words(Document status, PrintWriter out) {
        Table table = new Table()
                .column("")
                .text("")
                .row("replica", status.text("node"))
                .row("protocol", status.text("protocol"))
                .row("state", state(status));
        if (status.has("clock")) {
            table.row("clock", status.text("clock"));
            table.row(
                    "vector",
                    status.members("vector").entrySet().stream()
                            .map(entry -> entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining(", ", "{", "}")));
            status.members("facts").forEach((name, value) -> table.row(name, String.valueOf(value)));
            table.row("keys", status.text("keys") + " (and " + status.text("tombstones") + " deleted)");
            long share =
                    PERCENT * Long.parseLong(status.text("storeBytes")) / Long.parseLong(status.text("storeLimit"));
            table.row("memory", share + " % of what the store may take");
            if (status.text("lacksRoom").equals("true")) {
                table.row("lacks", "room for what peers have: delete something, or raise store-size");
            }
            for (Document peer : status.objects("peers")) {
                String lag = peer.text("lag");
                table.row(
                        "peer " + peer.text("node"),
                        lag.equals("0") ? "has all" : "lacks " + lag + " when last heard of");
            }
            for (Document held : status.objects("held")) {
                table.row(
                        "holds back",
                        held.text("key") + " " + held.text("version") + ", waits for " + held.text("waitsFor"));
            }
        }
        Terminal.lines(table).forEach(out::println);
    }

    /** A running replica may still be catching up or waiting for others. */
    static String state(Document status) {
        String state = status.text("state");
        boolean isReady = !status.has("readiness") || status.text("readiness").equals("ready");
        return isReady ? state : status.text("readiness");
    }
}

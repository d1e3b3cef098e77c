package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.report.Table;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/** Prints the contents of a replica. */
@Command(name = "data", description = "Shows everything that a replica holds.")
final class DataCommand extends ServerCommand {
    @Override
    public Integer call() {
        return print(ask("/kv"), DataCommand::words);
    }

    private static void words(Document answer, PrintWriter out) {
        List<Document> data = answer.objects("data");
        if (data.isEmpty()) {
            out.println("replica " + answer.text("node") + " is empty");
            return;
        }
        Table table = new Table().text("KEY").text("VALUE").column("VERSION");
        data.forEach(item -> table.row(item.text("key"), item.text("value"), item.text("version")));
        Terminal.lines(table).forEach(out::println);
    }
}

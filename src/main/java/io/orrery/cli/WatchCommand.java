package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.model.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Follows the events of a replica. */
@Command(name = "watch", description = "Shows each update as a replica applies it, until Ctrl-C.")
final class WatchCommand extends ServerCommand {
    @Option(names = "--count", paramLabel = "N", description = "Ends after this many updates.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Begins after the event with this id, if still kept; ids are in /events.")
    private String after;

    private String type = "";

    @Override
    public Integer call() {
        Map<String, String> headers = after == null ? Map.of() : Map.of("Last-Event-ID", after);
        try (BufferedReader events = new BufferedReader(
                new InputStreamReader(server().stream("/events", headers), StandardCharsets.UTF_8))) {
            String line;
            while (count > 0 && (line = events.readLine()) != null) {
                take(line);
            }
        } catch (IOException e) {
            throw ended(": " + e.getMessage());
        }
        if (count > 0) {
            throw ended("");
        }
        return ExitCode.OK;
    }

    private CommandFailure ended(String why) {
        return new CommandFailure(ExitCode.USAGE, "the connection to " + node() + " has ended" + why);
    }

    private void take(String line) {
        if (line.isEmpty()) {
            type = "";
        } else if (line.startsWith("event: ")) {
            type = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
            String data = line.substring("data: ".length());
            out().println(json() ? data : words(Document.parse(data)));
            count -= type.isEmpty() ? 1 : 0;
        }
    }

    private String words(Document event) {
        if (type.equals("missed")) {
            return event.text("missed") + " earlier updates are not kept any more";
        }
        String key = Printable.of(event.text("key"));
        String what = event.has("value") ? key + " = " + event.text("value") : key + " deleted";
        return what + "  (version " + event.text("version") + ", applied at " + event.text("node") + ")";
    }
}

package io.orrery.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.client.RestClient.Answer;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Faults of one replica. Each command prints the replica's new state, and exits with 1 if it is not the one asked for:
 * a replica that is down can neither pause nor resume.
 */
final class ReplicaCommands {
    private ReplicaCommands() {}

    private abstract static class ReplicaCommand extends ServerCommand {
        private final String action;
        private final Set<String> wanted;

        @Parameters(paramLabel = "ID", description = "A replica.")
        private String id;

        /** @param wanted the states that count as success */
        ReplicaCommand(String action, String... wanted) {
            this.action = action;
            this.wanted = Set.of(wanted);
        }

        /** JSON; empty if there is nothing to say. */
        String body() {
            return "";
        }

        @Override
        public Integer call() {
            String path = "/lab/replicas/" + RestClient.segment(id) + "/" + action;
            Answer answer = server().send("POST", path, body());
            int printed = print(
                    answer, (it, out) -> out.println("replica " + it.text("replica") + " is " + it.text("state")));
            return wanted.contains(Document.parse(answer.body()).text("state")) ? printed : ExitCode.NO;
        }
    }

    @Command(name = "crash", description = "Stops a replica at once. What it has synced survives.")
    static final class Crash extends ReplicaCommand {
        Crash() {
            super("crash", "down");
        }
    }

    @Command(name = "wipe", description = "Stops a replica at once, and its disk is lost.")
    static final class Wipe extends ReplicaCommand {
        Wipe() {
            super("wipe", "down");
        }
    }

    @Command(name = "restart", description = "Restarts a replica with what it has synced.")
    static final class Restart extends ReplicaCommand {
        Restart() {
            super("restart", "running", "recovering");
        }
    }

    @Command(name = "pause", description = "Pauses a replica until it is resumed. Messages and requests wait.")
    static final class Pause extends ReplicaCommand {
        Pause() {
            super("pause", "paused");
        }
    }

    @Command(name = "slow-disk", description = "Makes each sync of a replica's disk take longer, until repair-disk.")
    static final class SlowDisk extends ReplicaCommand {
        @Parameters(paramLabel = "TIME", description = "By how much, such as 50ms; at most 1m.")
        private String by;

        SlowDisk() {
            super("slow-disk", "running", "recovering", "paused", "down");
        }

        @Override
        String body() {
            return JsonNodeFactory.instance.objectNode().put("by", by).toString();
        }
    }

    @Command(name = "repair-disk", description = "Makes a slow disk of a replica as fast as it was.")
    static final class RepairDisk extends ReplicaCommand {
        RepairDisk() {
            super("repair-disk", "running", "recovering", "paused", "down");
        }
    }

    @Command(name = "resume", description = "Resumes a paused replica.")
    static final class Resume extends ReplicaCommand {
        Resume() {
            super("resume", "running", "recovering");
        }
    }
}

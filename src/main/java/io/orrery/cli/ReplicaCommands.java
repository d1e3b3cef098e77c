package io.orrery.cli;

import io.orrery.client.RestClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Faults of one replica. Each prints the replica's state after it. */
final class ReplicaCommands {
    private ReplicaCommands() {}

    private abstract static class ReplicaCommand extends ServerCommand {
        private final String action;

        @Parameters(paramLabel = "ID", description = "A replica.")
        private String id;

        ReplicaCommand(String action) {
            this.action = action;
        }

        @Override
        public Integer call() {
            String path = "/lab/replicas/" + RestClient.segment(id) + "/" + action;
            return print(
                    server().send("POST", path, ""),
                    (answer, out) -> out.println("replica " + answer.text("replica") + " is " + answer.text("state")));
        }
    }

    @Command(name = "crash", description = "Stops a replica at once. What it had made durable survives.")
    static final class Crash extends ReplicaCommand {
        Crash() {
            super("crash");
        }
    }

    @Command(name = "wipe", description = "Stops a replica at once, and its disk is lost.")
    static final class Wipe extends ReplicaCommand {
        Wipe() {
            super("wipe");
        }
    }

    @Command(name = "restart", description = "Starts a replica again with what it had made durable.")
    static final class Restart extends ReplicaCommand {
        Restart() {
            super("restart");
        }
    }

    @Command(name = "pause", description = "Has a replica do nothing until it is resumed. What reaches it waits.")
    static final class Pause extends ReplicaCommand {
        Pause() {
            super("pause");
        }
    }

    @Command(name = "resume", description = "Lets a paused replica go on.")
    static final class Resume extends ReplicaCommand {
        Resume() {
            super("resume");
        }
    }
}

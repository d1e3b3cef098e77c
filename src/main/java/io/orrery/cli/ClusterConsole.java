package io.orrery.cli;

import io.orrery.client.RequestFailure;
import io.orrery.config.NameSuggestion;
import io.orrery.deployment.Security;
import io.orrery.launch.LaunchFailure;
import io.orrery.launch.NodeListener;
import io.orrery.launch.Nodes;
import io.orrery.model.NodeId;
import io.orrery.report.DurationText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Help.Ansi;

/** The console of {@code cluster}: shows what happens to the nodes and carries out the user's commands. */
final class ClusterConsole implements NodeListener {
    private static final List<String> COLOURS = List.of("cyan", "yellow", "green", "magenta", "blue");
    private static final List<String> COMMANDS = List.of("status", "verify", "start", "help", "stop");
    private static final String HELP = String.join(
            System.lineSeparator(),
            "status     a table of all nodes",
            "verify     whether all nodes hold the same, or which keys differ and how",
            "start ID   starts a node that has ended, or one that has not started yet",
            "stop       ends all nodes in order, as Ctrl-C does");

    /** Commands that act on all nodes and so take no node. */
    private static final Map<String, String> ALONE = Map.of(
            "status",
            "shows all nodes",
            "verify",
            "compares all nodes",
            "help",
            "shows all commands",
            "stop",
            "ends all nodes");

    /**
     * The exit codes of an orderly stop: by the node itself, or by SIGINT or SIGTERM before the node could handle it.
     */
    private static final Set<Integer> STOPPED = Set.of(0, 128 + 2, 128 + 15);

    private final List<NodeId> ids;
    private final Security security;
    private final PrintWriter out;
    /** Takes coloured output. */
    private final PrintWriter coloured;

    private final Ansi ansi;
    private final int width;
    private final Set<NodeId> awaited;
    /** Nodes that run or have yet to be started. */
    private final Set<NodeId> running;

    private final CompletableFuture<Void> noneIsLeft = new CompletableFuture<>();
    private boolean anyCameUp;
    private Runnable onCatchUp = () -> {};
    private boolean stopping;
    private boolean stoppedInOrder = true;

    /**
     * @param security the access that the nodes' status requires
     * @param coloured the same as {@code out}, or a writer that keeps colour codes when {@code out} does not
     */
    ClusterConsole(List<NodeId> ids, Security security, PrintWriter out, PrintWriter coloured, Ansi ansi) {
        this.ids = ids;
        this.security = security;
        this.out = out;
        this.coloured = coloured;
        this.ansi = ansi;
        this.width = ids.stream().mapToInt(id -> id.name().length()).max().orElse(0);
        this.awaited = new HashSet<>(ids);
        this.running = new HashSet<>(ids);
    }

    /** @param action runs each time a node has caught up, at its start or later, once all nodes have been ready */
    synchronized void onCatchUp(Runnable action) {
        onCatchUp = action;
    }

    /** Completes when the last node has ended by itself. */
    CompletionStage<Void> noneIsLeft() {
        return noneIsLeft;
    }

    /** Whether any node has come up. */
    synchronized boolean anyCameUp() {
        return anyCameUp;
    }

    @Override
    public void line(NodeId node, String line) {
        String colour = COLOURS.get(ids.indexOf(node) % COLOURS.size());
        String name = node + " ".repeat(width - node.name().length());
        coloured.println(ansi.string("@|" + colour + " " + name + "|@") + " | " + Terminal.line(line));
    }

    @Override
    public synchronized void listens(NodeId node) {
        anyCameUp = true;
    }

    @Override
    public synchronized void ready(NodeId node, String url, Duration after) {
        line(node, "ready after " + DurationText.rounded(after) + " at " + url);
        if (awaited.remove(node) && awaited.isEmpty()) {
            out.println("All nodes are ready. Type status, help or stop; Ctrl-C stops them too.");
        }
        caughtUp(node);
    }

    @Override
    public synchronized void caughtUp(NodeId node) {
        if (awaited.isEmpty()) {
            onCatchUp.run();
        }
    }

    @Override
    public synchronized void ended(NodeId node, int exitCode) {
        running.remove(node);
        if (stopping) {
            boolean inOrder = STOPPED.contains(exitCode);
            stoppedInOrder &= inOrder;
            line(node, inOrder ? "stopped" : "stopped with exit code " + exitCode);
            return;
        }
        line(node, "ended by itself with exit code " + exitCode + "; \"start " + node + "\" starts it again");
        if (running.isEmpty()) {
            noneIsLeft.complete(null);
        }
    }

    /**
     * From now on the end of a node is expected.
     *
     * @param alive how many nodes are running
     */
    synchronized void stopping(long alive) {
        stopping = true;
        out.println(alive == 0 ? "No node is left." : "Stopping " + alive + " of " + ids.size() + " nodes.");
    }

    /** Whether each node that was told to stop did so in order. */
    synchronized boolean allStoppedInOrder() {
        return stoppedInOrder;
    }

    /**
     * Carries out a command.
     *
     * @return false if it is the last: {@code stop}
     */
    boolean execute(String command, Nodes nodes) {
        String[] words = command.strip().split("\\s+");
        String alone = ALONE.get(words[0]);
        if (alone != null && words.length > 1) {
            out.println(words[0] + " " + alone + ", and takes no id");
            return true;
        }
        switch (words[0]) {
            case "" -> {}
            case "verify" -> verify(nodes);
            case "status" ->
                ClusterStatus.ask(nodes, security).lines(Terminal.columns()).forEach(out::println);
            case "start" -> start(words, nodes);
            case "help" -> out.println(HELP);
            case "stop" -> {
                return false;
            }
            default ->
                out.println("there is no command \"" + words[0] + "\"; "
                        + NameSuggestion.nearest(words[0], COMMANDS)
                                .map(near -> "did you mean \"" + near + "\"?")
                                .orElse("there are " + String.join(", ", COMMANDS)));
        }
        return true;
    }

    private void verify(Nodes nodes) {
        try {
            VerifyCommand.words(new ClusterVerification(nodes, security, out::println).now())
                    .forEach(out::println);
        } catch (RequestFailure e) {
            out.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String[] words, Nodes nodes) {
        if (words.length != 2) {
            out.println("start takes the id of one node, such as: start " + ids.get(0));
            return;
        }
        try {
            NodeId id = NodeId.of(words[1]);
            nodes.node(id);
            synchronized (this) {
                running.add(id);
            }
            nodes.start(id);
        } catch (IllegalArgumentException | IllegalStateException | LaunchFailure e) {
            out.println(e.getMessage());
        }
    }
}

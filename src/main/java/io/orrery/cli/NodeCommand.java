package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.http.Server;
import io.orrery.launch.ParentWatch;
import io.orrery.live.BindFailure;
import io.orrery.live.ClusterRecord;
import io.orrery.model.NodeId;
import io.orrery.model.WallClock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one replica of a deployment as a node of its cluster. */
@Command(
        name = "node",
        description = {
            "Runs one replica of a deployment in this process, until Ctrl-C.",
            "The processes of the others, started in any order on this machine or on others, form a cluster with it."
        })
final class NodeCommand extends ServingCommand {
    @Parameters(paramLabel = "CONF", description = "A deployment file.")
    private Path file;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "The replica of the file to run.")
    private String id;

    @Option(
            names = "--join",
            paramLabel = "URL",
            description =
                    "A replica of the cluster that this one joins, to which member add has added it. Who the members are "
                            + "is kept on disk from then on.")
    private String join;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory, instead of that in the file; the replica has a directory in it.")
    private Path data;

    @Option(
            names = "--clock-file",
            hidden = true,
            paramLabel = "FILE",
            description = "A file with the milliseconds by which to shift this process's wall clock.")
    private Path clockFile;

    private Optional<ClusterRecord> joins = Optional.empty();

    @Override
    Deployment deployment() {
        if (clockFile != null) {
            WallClock.moveBy(clockFile);
        }
        Deployment read = load(file).durableByDefault();
        Deployment deployment = data == null ? read : read.withData(data);
        NodeMembers members = NodeMembers.of(deployment, NodeId.of(id), Optional.ofNullable(join), this::warn);
        joins = members.joins();
        return members.deployment();
    }

    @Override
    Server start(Deployment deployment, Optional<Path> history) throws BindFailure {
        ParentWatch.exitWhenCut();
        return Server.startNode(deployment, NodeId.of(id), history, joins);
    }

    /** Tells whoever starts nodes to start the next one: this node may need it to become ready. */
    @Override
    void recovered(Deployment deployment, Server server, PrintWriter out) {
        server.addresses()
                .forEach((id, address) -> out.println("replica " + id + " listens at " + deployment.url(address)));
    }

    /** Tells whoever watches nodes that this one has caught up, each time it was apart from another. */
    @Override
    void ready(NodeId replica, String url, Server server, PrintWriter out) {
        super.ready(replica, url, server, out);
        server.onCatchUp((id, peer) -> out.println("replica " + id + " has caught up with " + peer));
    }
}

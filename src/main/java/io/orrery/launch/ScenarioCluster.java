package io.orrery.launch;

import io.orrery.check.Model;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.NodeId;
import io.orrery.scenario.Run;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.TimeScale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Plays scenarios on real clusters: for each scenario a new cluster on this machine, with a JVM and an empty disk for
 * each replica.
 */
public final class ScenarioCluster {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final TimeScale scale;
    private final long seed;

    /** @param seed decides the workload */
    public ScenarioCluster(TimeScale scale, long seed) {
        this.scale = scale;
        this.seed = seed;
    }

    /**
     * Starts a cluster, plays a scenario on it, and stops it. Keeps the cluster's files if an expectation fails;
     * deletes them if this process is told to end meanwhile.
     *
     * @param models judge the run, in addition to the models in the scenario's expectations
     * @param progress takes short messages about what happens
     * @throws io.orrery.config.ConfigProblem if the scenario needs what only a simulation has
     * @throws LaunchFailure if the cluster does not start; the cluster's files are kept after any failure
     * @throws io.orrery.client.RequestFailure if the cluster does not carry out a request
     */
    public Run play(Scenario scenario, Collection<Model> models, Consumer<String> progress)
            throws IOException, InterruptedException {
        ClusterRunner.requirePlayable(scenario);
        try (ScratchDirectory scratch = ScratchDirectory.temporary(scenario.name())) {
            boolean isMet = false;
            try {
                Run run = play(scenario, models, progress, scratch.path());
                isMet = run.unmet().isEmpty();
                return run;
            } finally {
                if (!isMet && scratch.keep()) {
                    progress.accept("data and logs of the cluster are kept in " + scratch.path());
                }
            }
        }
    }

    private Run play(Scenario scenario, Collection<Model> models, Consumer<String> progress, Path directory)
            throws IOException, InterruptedException {
        Path conf =
                Files.writeString(directory.resolve("deployment.conf"), ScenarioDeployment.text(scale.apply(scenario)));
        Deployment deployment = DeploymentLoader.load(conf);
        progress.accept("starting " + deployment.replicas().size() + " nodes");
        try (Nodes nodes = new Nodes(conf, deployment, LaunchOptions.in(directory))) {
            nodes.startAll();
            nodes.awaitReady(START_LIMIT);
            progress.accept("playing");
            Run run = ClusterRunner.run(scenario, scale, seed, urls(nodes), models, progress);
            List<NodeId> killed = nodes.stop();
            if (!killed.isEmpty()) {
                progress.accept("killed, because they did not end in order: " + killed);
            }
            return run;
        }
    }

    private static Map<NodeId, String> urls(Nodes nodes) {
        Map<NodeId, String> urls = new TreeMap<>();
        nodes.all().forEach(node -> urls.put(node.id(), node.url()));
        return urls;
    }
}

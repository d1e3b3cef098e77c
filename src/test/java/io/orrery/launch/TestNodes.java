package io.orrery.launch;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Nodes for a test, in a directory of its own. They are killed when the test ends, however it ends. When it fails, their
 * logs and data are kept, and the failure says where they are and how each log ends.
 */
public final class TestNodes implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    /** A node is up sooner without the better compiler, and no test works one for long. */
    public static final String QUICK = "-XX:TieredStopAtLevel=1";

    private final List<Nodes> started = new ArrayList<>();
    private Path directory;

    /** The directory of the test. */
    public Path directory() {
        return directory;
    }

    /** Starts the nodes of a deployment that a test gives as a text, and does not wait for them. */
    public Nodes start(String conf, UnaryOperator<LaunchOptions> options) throws IOException {
        Nodes nodes = create(conf, options);
        nodes.all().forEach(NodeProcess::start);
        return nodes;
    }

    /** As {@link #start}, with nothing started yet. */
    public Nodes create(String conf, UnaryOperator<LaunchOptions> options) throws IOException {
        Path file = Files.writeString(directory.resolve("test.conf"), conf);
        Deployment deployment = DeploymentLoader.load(file);
        LaunchOptions usual = LaunchOptions.in(directory.resolve("data")).withFlags(List.of(QUICK));
        Nodes nodes = new Nodes(file, deployment, options.apply(usual));
        started.add(nodes);
        return nodes;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("orrery-nodes-");
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        StringBuilder message = new StringBuilder(failure + "\nfiles are kept in " + directory);
        for (Nodes nodes : started) {
            nodes.all().stream()
                    .filter(NodeProcess::wasStarted)
                    .forEach(node -> message.append("\nnode ")
                            .append(node.id())
                            .append(": ")
                            .append(node.lastWords()));
        }
        throw new AssertionError(message.toString(), failure);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        started.forEach(Nodes::close);
        started.clear();
        if (context.getExecutionException().isEmpty()) {
            Directories.delete(directory);
        }
    }
}

package io.orrery.launch;

import io.orrery.deployment.DeploymentLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process that starts fake nodes, says their pids, and waits for its own end. */
final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path conf = Path.of(arguments[0]);
        LaunchOptions options = LaunchOptions.in(Path.of(arguments[1])).withMainClass(FakeNode.class.getName());
        Nodes nodes = new Nodes(conf, DeploymentLoader.load(conf), options);
        nodes.startAll();
        nodes.awaitReady(Duration.ofSeconds(30));
        nodes.all().forEach(node -> System.out.println(node.pid()));
        System.out.println("ready");
        new CountDownLatch(1).await();
    }
}

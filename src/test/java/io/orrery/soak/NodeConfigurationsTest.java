package io.orrery.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigurationsTest {
    @TempDir
    Path directory;

    /** A process whose place another has taken hands its writes over when replicas compare: it had to wait for ten minutes. */
    @Test
    void whoIsPatientForPeopleIsNotForASoak() {
        Path file = Path.of("conf/cops.conf");
        NodeConfigurations configurations = of(file);
        assertEquals(
                Duration.ofMinutes(10), DeploymentLoader.load(file).tuning().antiEntropy());
        Tuning usual = DeploymentLoader.load(configurations.usual()).tuning();
        assertEquals(Tuning.DEFAULT.antiEntropy(), usual.antiEntropy());
        assertEquals(Tuning.DEFAULT.patience(), usual.patience());
        assertTrue(configurations.deviation().get().startsWith("replicas compare what they have each 5s here"));
    }

    @Test
    void otherTimesAreThoseOfTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("own.conf"), """
                include required(file("%s"))
                anti-entropy { interval = 7s, patience = 200ms }
                """.formatted(
                        Path.of("conf/cops.conf").toAbsolutePath()));
        NodeConfigurations configurations = of(file);
        Tuning tuning = DeploymentLoader.load(configurations.usual()).tuning();
        assertEquals(Duration.ofSeconds(7), tuning.antiEntropy());
        assertEquals(Duration.ofMillis(200), tuning.patience());
        assertEquals(Optional.empty(), configurations.deviation());
    }

    private NodeConfigurations of(Path file) {
        Deployment deployment = DeploymentLoader.load(file);
        return new NodeConfigurations(file, deployment, directory);
    }
}

package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The compose file and its deployment say the same. */
class ComposeFileTest {
    private static final Path CONF = Path.of("conf", "containers.conf");

    @Test
    void eachReplicaIsAServiceOfTheNameOfItsHost() throws IOException {
        Map<String, Object> compose = new Yaml().load(Files.readString(Path.of("conf", "compose.yaml")));
        Map<?, ?> services = (Map<?, ?>) compose.get("services");
        Deployment deployment = DeploymentLoader.load(CONF);
        Set<Object> volumes = new TreeSet<>();
        Set<Object> published = new TreeSet<>();
        assertEquals(deployment.replicas().size(), services.size());
        for (Deployment.Member member : deployment.replicas()) {
            assertEquals(member.http().host(), member.requireRemoting().host());
            Map<?, ?> service = (Map<?, ?>) services.get(member.http().host());
            assertEquals(
                    List.of("node", "/opt/orrery/" + CONF, "--id", member.id().name(), "--data", "/data"),
                    service.get("command"));
            String port = (String) ((List<?>) service.get("ports")).get(0);
            assertTrue(
                    port.startsWith("127.0.0.1:")
                            && port.endsWith(":" + member.http().port()),
                    port);
            published.add(port);
            String volume = (String) ((List<?>) service.get("volumes")).get(0);
            assertTrue(volume.endsWith(":/data"), volume);
            volumes.add(volume.replace(":/data", ""));
        }
        assertEquals(services.size(), published.size(), "no two have one port");
        assertEquals(volumes, new TreeSet<Object>(((Map<?, ?>) compose.get("volumes")).keySet()));
        assertTrue(published.contains("127.0.0.1:8000:8000"), "where commands ask");
    }

    /** What the image starts is what the page makes it of. */
    @Test
    void thePageMakesTheImageThatTheFileNames() throws IOException {
        String page = Files.readString(Path.of("src", "site", "markdown", "containers.md"));
        assertTrue(page.contains("docker build -t orrery -f - ."));
        assertTrue(page.contains("COPY conf /opt/orrery/conf"));
        assertTrue(page.contains("-Dorrery.home=/opt/orrery"));
    }
}

package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.TestCertificates;
import io.orrery.deployment.Token;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Real nodes that talk to each other and to their clients by TLS alone, and know their clients by tokens. */
@Tag("process")
@Timeout(300)
@EnabledOnOs({OS.LINUX, OS.MAC})
class SecuredClusterTest {
    private static final NodeId A = TestCluster.A;
    private static final NodeId B = TestCluster.B;
    private static final Token CLIENT = Token.of("token-of-the-clients");
    private static final Token LAB = Token.of("token-of-the-laboratory");

    private final TestCertificates certificates = TestCertificates.ours();

    @RegisterExtension
    private final TestNodes tests = new TestNodes();

    private Nodes nodes;

    private Nodes start() throws IOException {
        List<Integer> ports = FreePorts.of(2);
        return tests.start(
                """
                protocol = leader-quorum
                write-quorum = 1
                lab = on
                # A new leader takes no write before all others have answered. It asks again only after this interval.
                anti-entropy { interval = 1h }
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                ]
                tls { key = "%s", certificate = "%s", authority = "%s" }
                http-tls { key = "%s", certificate = "%s" }
                tokens { client = %s, lab = %s }
                """.formatted(
                                ports.get(0),
                                ports.get(1),
                                certificates.key(),
                                certificates.certificate(),
                                certificates.authority(),
                                certificates.key(),
                                certificates.certificate(),
                                CLIENT.value(),
                                LAB.value()),
                options -> options);
    }

    private RestClient stranger(NodeId id) {
        return new RestClient(nodes.node(id).url()).trusting(certificates.authority());
    }

    @Test
    void aClusterIsClosedToStrangersAndTakesWritesOfItsOwnAsSoonAsItIsReady() throws Exception {
        nodes = start();
        nodes.awaitReady(TestCluster.PATIENCE);
        assertTrue(nodes.node(A).url().startsWith("https://"), nodes.node(A).url());
        stranger(A).withToken(CLIENT).send("PUT", "/kv/x", "1").requireSuccess();
        TestCluster.await(
                "they are one cluster",
                () -> Document.parse(stranger(A)
                                        .withToken(CLIENT)
                                        .get("/status")
                                        .body())
                                .objects("members")
                                .size()
                        == 2);
        assertEquals(401, stranger(A).send("PUT", "/kv/x", "2").status());
        TestCluster.await(
                "B has it", () -> stranger(B).withToken(CLIENT).get("/kv/x").isSuccess());
        // As large as a value may be: it fits in a frame between nodes.
        String largest = '"' + "x".repeat((1 << 20) - 2) + '"';
        stranger(A).withToken(CLIENT).send("PUT", "/kv/large", largest).requireSuccess();
        TestCluster.await(
                "B has all of it",
                () -> stranger(B).withToken(CLIENT).get("/kv/large").body().contains(largest));
        assertEquals(
                401,
                stranger(B)
                        .withToken(CLIENT)
                        .send("POST", "/lab/replicas/A/crash", "")
                        .status());
        String crashed = stranger(B)
                .withToken(LAB)
                .send("POST", "/lab/replicas/A/crash", "")
                .body();
        assertEquals("down", Document.parse(crashed).text("state"));
        assertEquals(0, nodes.node(A).terminate(TestCluster.PATIENCE));
    }
}

package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.client.Document;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.Server;
import io.orrery.journal.SyncPolicy;
import io.orrery.journal.rocksdb.RocksDbJournal;
import io.orrery.launch.FreePorts;
import io.orrery.live.ClusterRecord;
import io.orrery.live.RandomId;
import io.orrery.live.Readiness;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators change the members of a cluster, and nodes that do not belong to it are refused before anything runs. */
class MemberCommandTest {
    private static final NodeId A = NodeId.of("A");

    @TempDir
    private Path scratch;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;
    private List<Integer> ports;
    private Server server;
    private String url;

    @BeforeEach
    void startOneNode() throws Exception {
        ports = FreePorts.of(4);
        file = conf("raft", "raft.conf", "data");
        server = start(file);
        url = "http://" + server.addresses().get(A);
    }

    private Path conf(String protocol, String name, String data) throws IOException {
        return Files.writeString(scratch.resolve(name), """
                protocol = %s
                data = %s
                replicas = [{ id = A, http { port = 0 }, remoting { port = %d } }]
                """.formatted(protocol, scratch.resolve(data), ports.get(0)));
    }

    private static Server start(Path file) throws Exception {
        Deployment deployment = DeploymentLoader.load(file).durableByDefault();
        Server started = Server.startNode(deployment, A, Optional.empty());
        started.when(A, Readiness::isReady).toCompletableFuture().join();
        return started;
    }

    @AfterEach
    void stop() {
        server.stop().toCompletableFuture().join();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private void refused(String why, String... arguments) {
        assertEquals(ExitCode.USAGE, run(arguments), out + "" + err);
        assertTrue(err.toString().contains(why), err.toString());
    }

    private int add(String id, String http, String remoting) {
        return run("member", "add", id, "--http", http, "--remoting", remoting, "--node", url);
    }

    private String address(int port) {
        return "127.0.0.1:" + ports.get(port);
    }

    @Test
    void aLearnerIsAddedListedAndTakenBack() {
        assertEquals(ExitCode.OK, add("D", address(1), address(2)), err.toString());
        assertEquals("""
                replica D is a member: a learner, until it has caught up
                start it: ./run.sh node CONF --id D --join %s
                """.formatted(url), out.toString());
        assertEquals(ExitCode.OK, run("member", "list", "--node", url));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).matches("NODE +ROLE +HTTP +REMOTING +REACHED +LACKS"), lines.get(0));
        assertTrue(lines.get(1).matches("A +leader +127.0.0.1:0 +" + address(0) + " +asked"), lines.get(1));
        assertTrue(
                lines.get(2).matches("D +learner +" + address(1) + " +" + address(2) + " +no +[0-9]+"), lines.get(2));
        assertEquals(ExitCode.OK, run("member", "list", "--json", "--node", url));
        assertEquals(
                "2",
                String.valueOf(Document.parse(out.toString()).objects("members").size()));
        assertEquals(ExitCode.OK, run("member", "remove", "D", "--node", url), err.toString());
        assertEquals("replica D is no member any more", out.toString().strip());
        assertEquals(ExitCode.OK, run("member", "lead", "A", "--node", url));
        assertEquals("replica A leads", out.toString().strip());
    }

    @Test
    void whatCannotBeDoneIsRefusedAndChangesNothing() {
        refused("the only one that votes", "member", "remove", "A", "--node", url);
        refused("Z is no member", "member", "remove", "Z", "--node", url);
        refused(
                "not a host and a port: nowhere",
                "member",
                "add",
                "D",
                "--http",
                "nowhere",
                "--remoting",
                "x:1",
                "--node",
                url);
        refused("a port of its own", "member", "add", "D", "--http", "x:0", "--remoting", "x:1", "--node", url);
        refused(
                "without TLS",
                "member",
                "add",
                "D",
                "--http",
                address(1),
                "--remoting",
                "example.org:1",
                "--node",
                url);
        refused(
                "a replica id is",
                "member",
                "add",
                "D!",
                "--http",
                address(1),
                "--remoting",
                address(2),
                "--node",
                url);
        assertEquals(ExitCode.USAGE, add("D", address(1), address(0)));
        assertTrue(err.toString().contains("replica A is reached at an address of that for D"), err.toString());
        assertEquals(ExitCode.OK, run("member", "list", "--json", "--node", url));
        assertEquals("0", Document.parse(out.toString()).text("index"));
        add("D", address(1), address(2));
        assertEquals(ExitCode.USAGE, add("E", address(3), "127.0.0.1:1"));
        assertTrue(err.toString().contains("replica D is being added"), err.toString());
    }

    @Test
    void aProtocolWhoseReplicasAreThoseOfTheFileSaysSo() throws Exception {
        stop();
        server = start(conf("lamport-lww", "lww.conf", "lww"));
        RestClient.Answer answer = new RestClient("http://" + server.addresses().get(A)).get("/members");
        assertEquals(501, answer.status());
        assertTrue(answer.body().contains("the replicas of lamport-lww are those of the deployment's file"));
        refused(
                "--join: the replicas of lamport-lww",
                "node",
                scratch.resolve("lww.conf").toString(),
                "--id",
                "A",
                "--join",
                url);
    }

    @Test
    void aNodeThatIsNoMemberIsRefusedByName() {
        refused(
                "replica D is no member of the cluster at " + url + ", which has [A]",
                "node",
                file.toString(),
                "--id",
                "D",
                "--join",
                url);
    }

    @Test
    void aNodeJoinsNoOtherClusterWithWhatItHas() throws Exception {
        Path other = conf("raft", "other.conf", "other");
        stop();
        server = start(other);
        url = "http://" + server.addresses().get(A);
        refused("has data of cluster", "node", file.toString(), "--id", "A", "--join", url);
    }

    /** The disk says that it was removed, whatever the file says. */
    @Test
    void aRemovedNodeThatComesBackIsRefusedByName() {
        Deployment.Storage storage = DeploymentLoader.load(file).storage();
        NodeId removed = NodeId.of("R");
        Configuration members = new Configuration(7, List.of(new Configuration.Member(A, true, Optional.empty())));
        try (RocksDbJournal journal = RocksDbJournal.open(
                storage.directoryOf(removed), removed, Protocols.named("raft"), SyncPolicy.ALWAYS, 1 << 20)) {
            journal.keepBelonging(
                    ClusterRecord.in(RandomId.draw()).withMembers(members).encode());
        }
        refused("replica R was removed from its cluster, whose members are [A]", "node", file.toString(), "--id", "R");
    }
}

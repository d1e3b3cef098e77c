package io.orrery.bench.experiment;

import io.orrery.bench.Parallel;
import io.orrery.client.Document;
import io.orrery.client.KeyCall;
import io.orrery.client.RestClient;
import io.orrery.launch.ScratchDirectory;
import io.orrery.launch.ServerProcess;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Replicas in a separate process, run by {@code serve}; the clients are threads of this process and use HTTP. */
final class ServedTestbed implements Testbed {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TOLERANCE = Duration.ofMillis(20);
    private static final int WARM_UP = 20;

    private final TestbedSpec testbedSpec;
    private final ScratchDirectory directory;
    private final ServerProcess server;
    private final Map<NodeId, RestClient> replicas = new HashMap<>();

    private ServedTestbed(TestbedSpec testbedSpec, ScratchDirectory directory, ServerProcess server) {
        this.testbedSpec = testbedSpec;
        this.directory = directory;
        this.server = server;
        server.urls().forEach((id, url) -> replicas.put(id, new RestClient(url)));
    }

    static ServedTestbed start(TestbedSpec testbedSpec) {
        try {
            ScratchDirectory directory = ScratchDirectory.temporary();
            try {
                Path conf = Files.writeString(directory.path().resolve("bench.conf"), deployment(testbedSpec));
                return warm(new ServedTestbed(
                        testbedSpec,
                        directory,
                        ServerProcess.start(conf, directory.path().resolve("server.log"), PATIENCE)));
            } catch (IOException | InterruptedException | RuntimeException e) {
                directory.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }

    private static ServedTestbed warm(ServedTestbed testbed) {
        try {
            testbed.warmUp();
            return testbed;
        } catch (RuntimeException e) {
            testbed.server.close();
            throw e;
        }
    }

    private static String deployment(TestbedSpec testbedSpec) {
        String replicas = testbedSpec.ids().stream()
                .map(id -> "{ id = " + id + ", http { port = 0 } }")
                .collect(Collectors.joining("\n  ", "[\n  ", "\n]"));
        return String.join(
                "\n",
                "protocol = " + testbedSpec.protocol(),
                "leader = " + testbedSpec.leader(),
                "write-quorum = " + testbedSpec.writeQuorum(),
                "replicas = " + replicas,
                "links { delay = \"" + testbedSpec.links() + "\" }",
                "limits { request-timeout = 30s }",
                "");
    }

    /** Sends requests that are not measured: the first requests of a process are slow. */
    private void warmUp() {
        List<List<Ask>> scripts = new ArrayList<>();
        Key key = Key.of("warm-up");
        for (NodeId id : testbedSpec.ids()) {
            List<Ask> script = new ArrayList<>();
            for (int i = 0; i < WARM_UP; i++) {
                script.add(new Ask(id, new Operation.Write(key, Value.of(i))));
                script.add(new Ask(id, new Operation.Read(key)));
            }
            scripts.add(script);
        }
        run(scripts);
    }

    /** A client on its own thread. */
    private final class Script implements Callable<List<Sample>> {
        private final List<Ask> asks;
        private final List<Sample> samples = new ArrayList<>();
        private String session = "";
        private NodeId leader;

        Script(List<Ask> asks) {
            this.asks = asks;
        }

        @Override
        public List<Sample> call() {
            for (Ask ask : asks) {
                boolean reads = ask.operation() instanceof Operation.Read;
                long began = System.nanoTime();
                RestClient.Answer answer = request(ask, reads || leader == null ? ask.via() : leader);
                if (!reads && answer.status() == HttpURLConnection.HTTP_FORBIDDEN) {
                    leader = testbedSpec.leader();
                    answer = request(ask, leader);
                }
                // Not found is a valid answer to a read.
                if (!(reads && answer.status() == HttpURLConnection.HTTP_NOT_FOUND)) {
                    answer.requireSuccess();
                }
                samples.add(new Sample(ask, System.nanoTime() - began, OptionalInt.empty()));
            }
            return samples;
        }

        private RestClient.Answer request(Ask ask, NodeId via) {
            LockSupport.parkNanos(testbedSpec.clientDelay().toNanos());
            RestClient replica = replicas.get(via);
            KeyCall call = KeyCall.of(ask.operation());
            RestClient.Answer answer = replica.send(call.method(), call.path(), call.body(), session, "");
            session = answer.session().isEmpty() ? session : answer.session();
            LockSupport.parkNanos(testbedSpec.clientDelay().toNanos());
            return answer;
        }
    }

    @Override
    public List<Sample> run(List<List<Ask>> scripts) {
        List<Script> clients = scripts.stream().map(Script::new).toList();
        return Parallel.run(clients.size(), clients, "a request was not done").stream()
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Map<NodeId, Map<String, String>> contents() {
        Map<NodeId, Map<String, String>> contents = new TreeMap<>();
        replicas.forEach((id, replica) -> contents.put(id, contents(replica)));
        return contents;
    }

    private static Map<String, String> contents(RestClient replica) {
        Document data = Document.parse(replica.get("/kv").requireSuccess().body());
        Map<String, String> held = new TreeMap<>();
        data.objects("data")
                .forEach(update -> held.put(update.text("key"), update.text("value") + " " + update.text("version")));
        return held;
    }

    @Override
    public Duration waitUntil(BooleanSupplier condition, Duration limit) {
        long began = System.nanoTime();
        // Each evaluation asks every replica over HTTP, which paces the loop.
        while (!condition.getAsBoolean() && System.nanoTime() - began < limit.toNanos()) {
            Thread.onSpinWait();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public long toleranceNanos() {
        return TOLERANCE.toNanos();
    }

    @Override
    public void close() {
        server.close();
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

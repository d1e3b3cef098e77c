package io.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.Server;
import io.orrery.launch.TestPlugins;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols that somebody else wrote, in jars of their own. */
@Timeout(60)
class PluginsTest {
    @TempDir
    private Path directory;

    @RegisterExtension
    private final TestPlugins plugins = new TestPlugins();

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    private Path jar(String name, String provider) throws IOException {
        return TestPlugins.jar(file(name), provider);
    }

    private Path jar(String name, Map<String, byte[]> content) throws IOException {
        return TestPlugins.jar(file(name), content);
    }

    private Path file(String name) throws IOException {
        return Files.createDirectories(directory.resolve("jars")).resolve(name + ".jar");
    }

    @Test
    void aProtocolFromOutsideIsListedAndSimulated() throws IOException {
        Path jar = jar("good", TestPlugins.PROVIDER);
        Ran listed = run("protocols", "--plugins", jar.toString());
        assertEquals(0, listed.exitCode(), listed.err());
        assertTrue(listed.out().contains("lamport-lww\n"), listed.out());
        assertTrue(listed.out().contains("outside-lww\n    brought from outside\n"), listed.out());
        assertTrue(listed.out().contains("from: " + jar), listed.out());

        String option = "    option pace: how fast it goes; a whole number, from 1 to 10; default: 3\n";
        assertTrue(listed.out().contains(option), listed.out());

        Path scenario = Files.writeString(directory.resolve("outside.conf"), """
                title = "a protocol from outside"
                protocol = outside-lww
                options { pace = 4 }
                replicas = [A, B]
                steps = [
                  { at = 0s, via = A, put = { key = x, value = 1 } }
                  { at = 1s, via = B, get = x, expect = 1 }
                ]
                """);
        Ran simulated =
                run("sim", scenario.toString(), "--plugins", jar.getParent().toString());
        assertEquals(0, simulated.exitCode(), simulated.err() + simulated.out());
    }

    @Test
    void theListForProgramsTellsTheOptions() throws IOException {
        Ran listed = run(
                "protocols",
                "--json",
                "--plugins",
                jar("good", TestPlugins.PROVIDER).toString());
        assertEquals(0, listed.exitCode(), listed.err());
        JsonNode all = new ObjectMapper().readTree(listed.out());
        assertEquals(
                "[{\"name\":\"pace\",\"summary\":\"how fast it goes\",\"type\":\"a whole number\",\"bounds\":\"from 1 to 10\","
                        + "\"default\":\"3\"}]",
                all.get(all.size() - 1).get("options").toString());
        assertEquals("[]", all.get(0).get("options").toString());
        assertTrue(all.get(0).get("converges").asBoolean());
    }

    @Test
    void anOptionThatCannotBeIsNamedWithFileAndLine() throws IOException {
        Path jar = jar("good", TestPlugins.PROVIDER);
        Path deployment = Files.writeString(
                directory.resolve("d.conf"),
                "protocol = outside-lww\nreplicas = [{ id = A, http { port = 0 } }]\noptions { pace = 11 }\n");
        Ran ran = run("serve", deployment.toString(), "--plugins", jar.toString());
        assertEquals(2, ran.exitCode());
        assertEquals(deployment + ":3: pace is a whole number, from 1 to 10, not 11\n", ran.err());
    }

    @Test
    void aProtocolThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        Path scenario = Files.writeString(
                directory.resolve("missing.conf"),
                "title = x\nprotocol = outside-lww\nreplicas = [A]\nsteps = [{ at = 0s, via = A, get = x }]\n");
        Ran ran = run("sim", scenario.toString());
        assertEquals(2, ran.exitCode());
        assertTrue(ran.err().startsWith(scenario + ":2: there is no protocol \"outside-lww\"; there are: "), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
    }

    /** The file names a protocol whose jar is not given, whatever is to be done with it. */
    @ParameterizedTest
    @ValueSource(strings = {"serve %s", "node %s --id A", "cluster %s", "soak %s"})
    void aDeploymentWhoseProtocolIsNotThereSaysWhatWouldBeRight(String command) throws IOException {
        Path deployment = deployment("outside-lww");
        Ran ran = run(command.formatted(deployment).split(" "));
        assertEquals(2, ran.exitCode(), ran.out());
        assertEquals(
                deployment + ":1: there is no protocol \"outside-lww\"; there are: lamport-lww, vector-causal, cops,"
                        + " primary-linearizable, primary-sequential, primary-causal, primary-eventual, leader-quorum,"
                        + " last-arrival, abd, total-order, raft (those of a jar come with --plugins JAR)\n",
                ran.err());
    }

    private Path deployment(String protocol) throws IOException {
        return Files.writeString(
                directory.resolve(protocol + ".conf"),
                "protocol = " + protocol + "\njournal = rocksdb\ndata = \"" + directory.resolve("data") + "\"\n"
                        + "replicas = [{ id = A, http { port = 0 }, remoting { port = 7000 } }]\n");
    }

    /** The data was written by a protocol from a jar, and somebody opens it with another one. */
    @Test
    void aDataDirectoryOfAProtocolThatIsNotThereIsNotOpenedByAnother() throws Exception {
        Path jar = jar("good", TestPlugins.PROVIDER);
        assertEquals(0, run("protocols", "--plugins", jar.toString()).exitCode());
        Server.start(DeploymentLoader.load(deployment("outside-lww")))
                .stop()
                .toCompletableFuture()
                .get();
        plugins.forget();
        Ran ran = run("serve", deployment("lamport-lww").toString());
        assertEquals(2, ran.exitCode(), ran.out());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertTrue(
                ran.err()
                        .contains(
                                "holds data of outside-lww, not of lamport-lww: data of another protocol needs another"
                                        + " directory"),
                ran.err());
    }

    @Test
    void whatCannotBeUsedIsNamedAndWhy() throws IOException {
        refused(directory.resolve("none.jar"), "plug-ins: there is no file " + directory.resolve("none.jar"));
        refused(Files.writeString(directory.resolve("text.jar"), "no jar"), "text.jar cannot be read as a jar: ");
        refused(
                Files.createDirectories(directory.resolve("empty")),
                "there is no jar in " + directory.resolve("empty"));
        refused(
                jar("without", Map.of("readme", new byte[0])),
                "without.jar has no protocols: it lacks " + TestPlugins.SERVICE);
        refused(
                jar("old", TestPlugins.PROVIDER.replace("return CONTRACT", "return 0")),
                "old.jar were built for version 0");
        refused(
                jar("twice", TestPlugins.PROVIDER.replace("outside-lww", "cops")),
                "classes/ and in " + directory.resolve("jars").resolve("twice.jar")
                        + "; one of them needs another name");
        refused(
                jar("broken", TestPlugins.PROVIDER.replace("return CONTRACT", "throw new NoSuchMethodError(\"gone\")")),
                "broken.jar cannot be used: gone");
        refused(
                jar("unloadable", Map.of(TestPlugins.SERVICE, "outside.Nobody".getBytes(StandardCharsets.UTF_8))),
                "Provider outside.Nobody not found, which is named in "
                        + directory.resolve("jars").resolve("unloadable.jar"));
    }

    @Test
    void whateverAProviderThrowsIsOneLineThatNamesItsJar() throws IOException {
        refused(
                jar(
                        "angry",
                        TestPlugins.PROVIDER.replace(
                                "return List.of(", "if (true) throw new NullPointerException();\nreturn List.of(")),
                "angry.jar cannot be used: java.lang.NullPointerException");
        refused(
                jar(
                        "doubled",
                        TestPlugins.PROVIDER.replace(
                                "return List.of(",
                                "LamportLww.TYPE.vocabulary().on(LamportLww.TYPE.vocabulary());\nreturn List.of(")),
                "doubled.jar cannot be used: two messages are called ");
        refused(
                jar(
                        "twins",
                        TestPlugins.PROVIDER.replace(
                                ".integer(\"pace\", \"how fast it goes\", 1, 10, 3)",
                                ".integer(\"pace\", \"\", 1, 10, 11)")),
                "twins.jar cannot be used: pace is a whole number, from 1 to 10, not 11");
    }

    @Test
    void ofTwoJarsWithOneClassBothAreNamed() throws IOException {
        jar("first", TestPlugins.PROVIDER);
        Path second = jar("second", TestPlugins.PROVIDER);
        Ran ran = run("protocols", "--plugins", second.getParent().toString());
        assertEquals(2, ran.exitCode(), ran.out());
        assertEquals(
                "plug-ins: the class outside.Provider is in " + second.resolveSibling("first.jar") + " and in " + second
                        + ": leave one of them out\n",
                ran.err());
    }

    private static void refused(Path place, String why) {
        Ran ran = run("protocols", "--plugins", place.toString());
        assertEquals(2, ran.exitCode(), ran.out());
        assertTrue(ran.err().contains(why), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertEquals("", ran.out());
    }
}

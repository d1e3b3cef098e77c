package io.orrery.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.history.HistoryReader;
import io.orrery.scenario.Run;
import io.orrery.scenario.ScenarioLoader;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each library runs with just its own class path: what else the program needs is not there. */
class LibrariesTest {
    /** What comes with the artifact. */
    private static final List<String> WITH_IT = List.of("classes", "test-classes", "jackson-", "config-");
    /** What a user of the simulation has: Pekko Typed. */
    private static final List<String> PEKKO_TYPED =
            List.of("pekko-actor-typed_", "pekko-actor_", "pekko-slf4j_", "scala-library-", "slf4j-api-");

    /** Judges a history. */
    public static final class Verdicts implements Supplier<String> {
        @Override
        public String get() {
            String history = """
                    {"process": "a", "type": "invoke", "f": "write", "key": "x", "value": 1}
                    {"process": "a", "type": "ok", "f": "write", "key": "x", "value": 1}
                    {"process": "b", "type": "invoke", "f": "read", "key": "x"}
                    {"process": "b", "type": "ok", "f": "read", "key": "x", "value": null}
                    """;
            try {
                return Checker.check(
                                HistoryReader.read(new StringReader(history), "a text"),
                                Model.LINEARIZABLE,
                                CheckOptions.DEFAULT)
                        .word();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Plays a scenario in virtual time. */
    public static final class Simulated implements Supplier<String> {
        @Override
        public String get() {
            try (Simulation simulation = Simulation.start()) {
                Run run = ScenarioRunner.run(
                        simulation,
                        ScenarioLoader.load(Path.of("scenarios", "lamport-partition.conf")),
                        1,
                        WorldObserver.NONE);
                return run.unmet().isEmpty() ? "as expected" : "not as expected";
            }
        }
    }

    @Test
    void verdictsNeedNothingElse() throws ReflectiveOperationException, IOException {
        assertEquals("violated", alone(Verdicts.class, WITH_IT));
    }

    @Test
    void theSimulationNeedsPekkoTyped() throws ReflectiveOperationException, IOException {
        List<String> allowed = new ArrayList<>(WITH_IT);
        allowed.addAll(PEKKO_TYPED);
        assertEquals("as expected", alone(Simulated.class, allowed));
    }

    private static Object alone(Class<? extends Supplier<String>> use, List<String> allowed)
            throws ReflectiveOperationException, IOException {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(it -> allowed.stream()
                        .anyMatch(name -> it.getFileName().toString().startsWith(name)))
                .map(LibrariesTest::url)
                .toArray(URL[]::new);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            Object made = loader.loadClass(use.getName()).getConstructor().newInstance();
            return ((Supplier<?>) made).get();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.Protocols;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Makes jars with protocols for a test, and has the process forget them when it ends. */
public final class TestPlugins implements BeforeEachCallback, AfterEachCallback {
    public static final String SERVICE = "META-INF/services/io.orrery.protocol.ProtocolProvider";

    /** A provider of the protocol {@code outside-lww}, which has an option. */
    public static final String PROVIDER = """
            package outside;

            import io.orrery.protocol.*;
            import io.orrery.protocol.multimaster.LamportLww;
            import java.util.List;

            public class Provider implements ProtocolProvider {
                public int contract() {
                    return CONTRACT;
                }

                public List<ProtocolType> protocols() {
                    return List.of(LamportLww.TYPE.variant("outside-lww", "brought from outside", LamportLww::new)
                            .withOptions(ProtocolOption.integer("pace", "how fast it goes", 1, 10, 3)));
                }
            }
            """;

    private ClassLoader usual;

    @Override
    public void beforeEach(ExtensionContext context) {
        usual = Thread.currentThread().getContextClassLoader();
        forget();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        forget();
    }

    /** Has the process know no plug-ins. */
    public void forget() {
        Thread.currentThread().setContextClassLoader(usual);
        System.clearProperty(Plugins.PROPERTY);
        Protocols.lookAgain();
    }

    /**
     * Makes a jar with one provider.
     *
     * @param jar the file
     * @param provider the source of the class {@code outside.Provider}
     */
    public static Path jar(Path jar, String provider) throws IOException {
        Path work = Files.createTempDirectory(jar.getParent(), "provider-");
        Path source = Files.writeString(work.resolve("Provider.java"), provider);
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-d",
                        work.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertEquals(0, failed);
        return jar(
                jar,
                Map.of(
                        SERVICE,
                        "outside.Provider".getBytes(StandardCharsets.UTF_8),
                        "outside/Provider.class",
                        Files.readAllBytes(work.resolve("outside/Provider.class"))));
    }

    /** Makes a jar of files by their names. */
    public static Path jar(Path jar, Map<String, byte[]> content) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : content.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return jar;
    }
}

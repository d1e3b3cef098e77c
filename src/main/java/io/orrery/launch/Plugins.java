package io.orrery.launch;

import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.Protocols;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Plug-in jars with protocols, for this process and for the processes that it starts. */
public final class Plugins {
    /**
     * The system property that passes the jars on to child processes; {@value #ENVIRONMENT} in the environment means
     * the same.
     */
    static final String PROPERTY = "orrery.plugins";

    private static final String ENVIRONMENT = "ORRERY_PLUGINS";
    private static final String SERVICE = "META-INF/services/" + ProtocolProvider.class.getName();

    private Plugins() {}

    /**
     * Loads the plug-ins that the process was started with.
     *
     * @throws IllegalArgumentException as {@link #use}
     */
    public static void useThoseOfTheProcess() {
        String places = System.getProperty(PROPERTY, System.getenv(ENVIRONMENT));
        if (places != null && !places.isBlank()) {
            use(Stream.of(places.split(File.pathSeparator)).map(Path::of).toList());
        }
    }

    /**
     * Loads plug-ins.
     *
     * @param places jars, and directories of jars
     * @throws IllegalArgumentException if a jar does not exist, has no protocols or cannot be used; the message names
     *     it
     */
    public static void use(List<Path> places) {
        List<Path> jars = places.stream().flatMap(Plugins::jarsOf).toList();
        jars.forEach(Plugins::requireProvider);
        requireDifferent(jars);
        URL[] urls = jars.stream().map(Plugins::url).toArray(URL[]::new);
        Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, Plugins.class.getClassLoader()));
        try {
            Protocols.lookAgain();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("plug-ins: " + e.getMessage() + whoNames(e.getMessage(), jars), e);
        }
        System.setProperty(
                PROPERTY,
                places.stream()
                        .map(place -> place.toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    private static Stream<Path> jarsOf(Path place) {
        if (!Files.isDirectory(place)) {
            return Stream.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            List<Path> jars = new ArrayList<>(
                    files.filter(it -> it.toString().endsWith(".jar")).sorted().toList());
            if (jars.isEmpty()) {
                throw new IllegalArgumentException("plug-ins: there is no jar in " + place);
            }
            return jars.stream();
        } catch (IOException e) {
            throw new IllegalArgumentException("plug-ins: " + FileProblem.of(e), e);
        }
    }

    /**
     * A suffix that names the jar whose service file lists the class in an error message, unless the message already
     * names a jar.
     */
    private static String whoNames(String told, List<Path> jars) {
        if (jars.stream().anyMatch(jar -> told.contains(jar.toString()))) {
            return "";
        }
        return jars.stream()
                .filter(jar -> providers(jar).anyMatch(told::contains))
                .findFirst()
                .map(jar -> ", which is named in " + jar)
                .orElse("");
    }

    private static Stream<String> providers(Path jar) {
        try (ZipFile content = new ZipFile(jar.toFile());
                InputStream service = content.getInputStream(content.getEntry(SERVICE))) {
            return new String(service.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty());
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static void requireProvider(Path jar) {
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException("plug-ins: there is no file " + jar);
        }
        try (ZipFile content = new ZipFile(jar.toFile())) {
            if (content.getEntry(SERVICE) == null) {
                throw new IllegalArgumentException("plug-ins: " + jar + " has no protocols: it lacks " + SERVICE
                        + ", which names the class that provides them");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("plug-ins: " + jar + " cannot be read as a jar: " + e.getMessage(), e);
        }
    }

    /** The class loader would find only one of two classes with the same name. */
    private static void requireDifferent(List<Path> jars) {
        Map<String, Path> bringers = new HashMap<>();
        for (Path jar : jars) {
            providers(jar).forEach(provider -> {
                Path other = bringers.putIfAbsent(provider, jar);
                if (other != null) {
                    throw new IllegalArgumentException("plug-ins: the class " + provider + " is in " + other
                            + " and in " + jar + ": leave one of them out");
                }
            });
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}

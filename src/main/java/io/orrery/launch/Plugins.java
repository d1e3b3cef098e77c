package io.orrery.launch;

import io.orrery.model.FileProblem;
import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.Protocols;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Jars with protocols, beside what Orrery brings: for this process, and for those that it starts. */
public final class Plugins {
    /** Where the jars are, for processes that are started: with this property, or by the environment. */
    static final String PROPERTY = "orrery.plugins";

    private static final String ENVIRONMENT = "ORRERY_PLUGINS";
    private static final String SERVICE = "META-INF/services/" + ProtocolProvider.class.getName();

    private Plugins() {}

    /**
     * Takes in what the process was started with.
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
     * Takes in jars.
     *
     * @param places jars, and directories of jars
     * @throws IllegalArgumentException when there is no such jar, one has no protocols, or they cannot be used; the message
     *     names the jar
     */
    public static void use(List<Path> places) {
        List<Path> jars = places.stream().flatMap(Plugins::jarsOf).toList();
        jars.forEach(Plugins::requireProvider);
        URL[] urls = jars.stream().map(Plugins::url).toArray(URL[]::new);
        Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, Plugins.class.getClassLoader()));
        Protocols.lookAgain();
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

    private static void requireProvider(Path jar) {
        if (!Files.exists(jar)) {
            throw new IllegalArgumentException("plug-ins: there is no file " + jar);
        }
        try (ZipFile content = new ZipFile(jar.toFile())) {
            if (content.getEntry(SERVICE) == null) {
                throw new IllegalArgumentException("plug-ins: " + jar + " has no protocols: there is no " + SERVICE
                        + " in it, which names the class that brings them");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("plug-ins: " + jar + " cannot be read as a jar: " + e.getMessage(), e);
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

package io.orrery.workers;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.Scenario;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which code protocols are: Orrery's own, or that of a plug-in, which is known by the digest of its jar. */
final class Origins {
    private static final String OWN = "orrery";
    private static final int BYTES_SHOWN = 8;

    private Origins() {}

    /** By the names of the scenarios' protocols. */
    static Map<String, String> of(List<Scenario> scenarios) {
        Map<String, String> origins = new TreeMap<>();
        scenarios.forEach(scenario -> origins.put(scenario.protocol().name(), origin(scenario.protocol())));
        return origins;
    }

    /** @throws IllegalArgumentException when a protocol here is not the code that it is there; it says what would be right */
    static void requireSame(Map<String, String> there, Map<String, String> here) {
        there.forEach((protocol, origin) -> {
            if (!origin.equals(here.get(protocol))) {
                throw new IllegalArgumentException("the protocol " + protocol + " is from " + origin
                        + " at the sweep, and from " + here.get(protocol)
                        + " here: start the worker with the same --plugins as the sweep");
            }
        });
    }

    private static String origin(ProtocolType protocol) {
        boolean isOfZoo = Protocols.all().stream().noneMatch(it -> it.name().equals(protocol.name()));
        if (isOfZoo || Protocols.isOwn(protocol)) {
            return OWN;
        }
        Path jar = Path.of(URI.create("file://" + Protocols.origin(protocol)));
        return jar.getFileName() + (Files.isRegularFile(jar) ? " (" + digest(jar) + ")" : "");
    }

    private static String digest(Path jar) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
            return HexFormat.of().formatHex(digest, 0, BYTES_SHOWN);
        } catch (IOException e) {
            throw new IllegalArgumentException("the plug-in " + jar + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}

package io.orrery.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Security.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Pekko's settings for what carries the messages between nodes. */
public final class RemotingTransport {
    private static final String ARTERY = "pekko.remote.artery.";
    private static final String KEYS = ARTERY + "ssl.rotating-keys-engine.";

    private RemotingTransport() {}

    /**
     * TCP, plain or with TLS 1.3. With TLS both sides show a certificate: it must be signed by the authority, and have a
     * subject name (CN, or DNS name) in common with that of the other side. Host names are not compared, as nodes may
     * move. The files are read again every five minutes, so that they can be replaced while nodes run.
     */
    public static Config of(Optional<Tls> tls) {
        return ConfigFactory.parseMap(
                tls.map(RemotingTransport::encrypted).orElse(Map.of(ARTERY + "transport", "tcp")),
                "the deployment's transport");
    }

    /**
     * Whether both sides of a connection may speak with each other, by their certificates. Pekko would try again and again,
     * and tell nobody.
     *
     * @param raw a connection that this side has opened, on which nothing was said yet; it is closed
     * @return what is wrong with the other side's certificate, for people; empty if nothing is, or it shows none
     */
    public static Optional<String> objection(Socket raw, Optional<Tls> tls) {
        try {
            new Sockets(tls).secured(raw, true).close();
            return Optional.empty();
        } catch (Sockets.Refused e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            // It has ended, or speaks something else.
            return Optional.empty();
        }
    }

    private static Map<String, String> encrypted(Tls tls) {
        return Map.of(
                ARTERY + "transport", "tls-tcp",
                ARTERY + "ssl.ssl-engine-provider",
                        "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
                KEYS + "key-file", absolute(tls.identity().key()),
                KEYS + "cert-file", absolute(tls.identity().certificate()),
                KEYS + "ca-cert-file", absolute(tls.authority()));
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().toString();
    }
}

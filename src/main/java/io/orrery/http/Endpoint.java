package io.orrery.http;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.Pem;
import io.orrery.deployment.Security.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import scala.jdk.javaapi.DurationConverters;

/** How replicas listen for clients: with the limits and the TLS of their deployment. */
final class Endpoint {
    private static final char[] NO_PASSWORD = {};

    private final Deployment.Connections limits;
    private final Optional<HttpsConnectionContext> https;
    private final boolean recorded;

    /**
     * @param recorded whether a history is written, which tells clients apart by their connections
     * @throws IllegalArgumentException when the files for TLS cannot be read
     */
    Endpoint(Deployment deployment, boolean recorded) {
        this.recorded = recorded;
        this.limits = deployment.limits().connections();
        this.https = deployment.security().httpTls().map(Endpoint::https);
    }

    ServerBuilder at(Address address, ActorSystem<?> system) {
        ServerBuilder server = Http.get(system)
                .newServerAt(address.host(), address.port())
                .withSettings(settings(system))
                // Strangers could fill the log: it would tell of each connection that ends in the middle of an answer.
                .logTo(NoLogging.getInstance());
        return https.map(server::enableHttps).orElse(server);
    }

    ServerSettings settings(ActorSystem<?> system) {
        ServerSettings usual = ServerSettings.create(system.classicSystem());
        // Of a request that is cut short by the end of the server nobody knows whether it was carried out.
        HttpResponse cutShort = Problem.of(StatusCodes.GATEWAY_TIMEOUT, "the server ends, and does not wait for this")
                .with("outcome", "unknown")
                .response();
        return usual.withTerminationDeadlineExceededResponse(cutShort)
                // More than are served: Connections chooses among them.
                .withMaxConnections(2 * (limits.count() + Connections.SPARE))
                .withRemoteAddressAttribute(recorded)
                .withParserSettings(usual.getParserSettings()
                        .withMaxHeaderCount(Deployment.Connections.HEADERS)
                        .withMaxHeaderValueLength(limits.headerBytes()))
                .withTimeouts(usual.getTimeouts().withIdleTimeout(DurationConverters.toScala(limits.idleTimeout())));
    }

    private static HttpsConnectionContext https(Identity identity) {
        SSLContext context = context(identity);
        return ConnectionContext.httpsServer(() -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            return engine;
        });
    }

    private static SSLContext context(Identity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    Pem.privateKey(identity.key()),
                    NO_PASSWORD,
                    Pem.certificates(identity.certificate()).toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    identity.certificate() + " and its key cannot be used for TLS: " + e.getMessage(), e);
        }
    }
}

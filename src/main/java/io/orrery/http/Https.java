package io.orrery.http;

import io.orrery.deployment.Pem;
import io.orrery.deployment.Security.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of HTTPS: TLS 1.3, and TLS 1.2 with forward secrecy and authenticated encryption (AEAD). It reads the
 * files again every five minutes, so they can be replaced while the server runs.
 */
final class Https {
    private static final Logger LOG = LoggerFactory.getLogger(Https.class);
    private static final char[] NO_PASSWORD = {};
    private static final Duration READ_AGAIN = Duration.ofMinutes(5);

    private final Identity files;
    private final LongSupplier nanos;
    /** Guarded by this, like the time when it was read. */
    private SSLContext context;

    private long since;

    /** @throws IllegalArgumentException if the files cannot be read */
    Https(Identity files) {
        this(files, System::nanoTime);
    }

    /** @param nanos the time that decides when the files are read again */
    Https(Identity files, LongSupplier nanos) {
        this.files = files;
        this.nanos = nanos;
        this.context = read(files);
        this.since = nanos.getAsLong();
    }

    /** An engine for one connection. */
    SSLEngine engine() {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setEnabledCipherSuites(Stream.of(engine.getEnabledCipherSuites())
                .filter(Https::isStrong)
                .toArray(String[]::new));
        return engine;
    }

    /** All suites of TLS 1.3 are strong. */
    private static boolean isStrong(String suite) {
        boolean authenticated = suite.contains("_GCM_") || suite.contains("_CHACHA20_POLY1305_");
        return authenticated && (!suite.contains("_WITH_") || suite.startsWith("TLS_ECDHE_"));
    }

    /**
     * The current context. If the files cannot be read, perhaps because they are being replaced, the old ones stay in
     * use and are tried again later.
     */
    synchronized SSLContext context() {
        long now = nanos.getAsLong();
        if (now - since >= READ_AGAIN.toNanos()) {
            since = now;
            try {
                context = read(files);
            } catch (IllegalArgumentException e) {
                LOG.warn("The previous certificate stays in use: {}", e.getMessage());
            }
        }
        return context;
    }

    private static SSLContext read(Identity identity) {
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

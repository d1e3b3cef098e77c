package io.orrery.client;

import io.orrery.deployment.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes TLS connections to servers whose certificates a private authority has signed. */
final class PrivateAuthority {
    private PrivateAuthority() {}

    /**
     * A factory of connections that trust only the authorities in a PEM file.
     *
     * @throws IllegalArgumentException if the file cannot be read
     */
    static SSLSocketFactory in(Path authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            // Numbered, since an authority whose key is being replaced has two certificates of one name.
            for (X509Certificate authority : Pem.certificates(authorities)) {
                store.setCertificateEntry("authority " + store.size(), authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(authorities + " cannot be used for TLS: " + e.getMessage(), e);
        }
    }
}

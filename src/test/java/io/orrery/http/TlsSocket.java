package io.orrery.http;

import java.io.IOException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Sockets that speak TLS to a server of this machine, and believe whatever certificate it shows. */
final class TlsSocket {
    private TlsSocket() {}

    /** @param version the one that it speaks, such as {@code TLSv1.3} */
    static SSLSocket connect(int port, String version)
            throws IOException, NoSuchAlgorithmException, KeyManagementException {
        SSLSocket socket = (SSLSocket) anyCertificate().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    private static SSLContext anyCertificate() throws NoSuchAlgorithmException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }
}

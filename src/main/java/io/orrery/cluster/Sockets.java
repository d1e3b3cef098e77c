package io.orrery.cluster;

import io.orrery.deployment.Pem;
import io.orrery.deployment.Security.Tls;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * The transport between nodes: TCP, plain or with TLS 1.3. With TLS both sides present a certificate that the authority
 * has signed and that shares a subject name (CN or DNS name) with the other side's. Host names are not compared, as
 * nodes may move. The files are read again every five minutes, so that they can be replaced while nodes run.
 */
final class Sockets {
    private static final char[] NO_PASSWORD = {};
    private static final Duration READ_AGAIN = Duration.ofMinutes(5);
    private static final int DNS_NAME = 2;

    private final Optional<Tls> tls;
    private Credentials credentials;

    /** What the files hold. */
    private record Credentials(
            SSLContext context, X509Certificate own, List<X509Certificate> authorities, long since) {}

    /** The other side is not one that may talk to this one, by its certificate. */
    static final class Refused extends IOException {
        Refused(String why) {
            super(why);
        }
    }

    Sockets(Optional<Tls> tls) {
        this.tls = tls;
    }

    /**
     * The socket to read from and write to, when both sides have shown who they are.
     *
     * @param raw a connection on which nothing was said yet
     * @param dialled whether this side has opened it
     * @throws IOException when the other side is not one that may talk to this one
     */
    Socket secured(Socket raw, boolean dialled) throws IOException {
        if (tls.isEmpty()) {
            return raw;
        }
        try {
            Credentials mine = credentials(tls.get());
            SSLSocket socket = (SSLSocket) mine.context()
                    .getSocketFactory()
                    .createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), true);
            socket.setUseClientMode(dialled);
            socket.setNeedClientAuth(!dialled);
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            socket.startHandshake();
            requireFriend(socket.getSession(), mine);
            return socket;
        } catch (SSLHandshakeException e) {
            throw isAboutCertificate(e) ? new Refused("it shows no certificate that the authority has signed") : e;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** And not a connection that has only ended, or somebody who speaks something else. */
    private static boolean isAboutCertificate(SSLHandshakeException e) {
        return e.getCause() instanceof CertificateException
                || String.valueOf(e.getMessage()).contains("Empty client certificate chain");
    }

    /** Whether the other side has ended a connection over the certificate of this one. */
    static boolean isRefusal(SSLException e) {
        String alert = String.valueOf(e.getMessage());
        return alert.startsWith("Received fatal alert: ")
                && (alert.contains("certificate") || alert.endsWith("unknown_ca") || alert.endsWith("access_denied"));
    }

    private static void requireFriend(SSLSession session, Credentials mine)
            throws IOException, GeneralSecurityException {
        X509Certificate theirs = (X509Certificate) session.getPeerCertificates()[0];
        if (mine.authorities().stream().noneMatch(authority -> isSignedBy(authority, theirs))) {
            throw new Refused("its certificate is not signed by the authority itself");
        }
        if (Collections.disjoint(names(theirs), names(mine.own()))) {
            throw new Refused("its certificate has no name (CN) in common with that of this node");
        }
    }

    private static boolean isSignedBy(X509Certificate authority, X509Certificate certificate) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new HashSet<>();
        try {
            new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .forEach(part -> names.add(part.getValue().toString()));
        } catch (InvalidNameException e) {
            throw new GeneralSecurityException("its certificate has a name that cannot be read", e);
        }
        if (certificate.getSubjectAlternativeNames() != null) {
            certificate.getSubjectAlternativeNames().stream()
                    .filter(name -> name.get(0).equals(DNS_NAME))
                    .forEach(name -> names.add(name.get(1).toString()));
        }
        return names;
    }

    private synchronized Credentials credentials(Tls files) throws GeneralSecurityException, IOException {
        long now = System.nanoTime();
        if (credentials == null || now - credentials.since() >= READ_AGAIN.toNanos()) {
            credentials = read(files, now);
        }
        return credentials;
    }

    private static Credentials read(Tls files, long now) throws GeneralSecurityException, IOException {
        List<X509Certificate> chain = Pem.certificates(files.identity().certificate());
        List<X509Certificate> authorities = Pem.certificates(files.authority());
        KeyStore own = empty();
        own.setKeyEntry("node", Pem.privateKey(files.identity().key()), NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);
        KeyStore trusted = empty();
        for (X509Certificate authority : authorities) {
            trusted.setCertificateEntry("authority-" + trusted.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new Credentials(context, chain.get(0), authorities, now);
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Whether these first bytes are those of TLS, for who expects something else. */
    static boolean isTls(byte[] first) {
        // A handshake or an alert, in a record of version 3.x.
        return (first[0] == 0x16 || first[0] == 0x15) && first[1] == 3;
    }

    /** Whether these first bytes are those of a node of a version before 2, which spoke Pekko's Artery. */
    static boolean isFirstVersion(byte[] first) {
        return Arrays.equals(Arrays.copyOf(first, 4), new byte[] {'A', 'K', 'K', 'A'});
    }
}

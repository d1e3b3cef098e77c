package io.orrery.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;

/** Reads keys and certificates from PEM files. A mistake is an {@link IllegalArgumentException} that names the file. */
public final class Pem {
    private Pem() {}

    /** The certificates of a file, at least one; in a chain the owner's comes first. */
    public static List<X509Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (CertificateException e) {
            // Reported below.
        }
        throw new IllegalArgumentException("the file " + file + " holds no certificate in PEM form");
    }

    /** The private key of a file: an RSA key without a password. */
    public static PrivateKey privateKey(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        try {
            return DERPrivateKeyLoader.load(PEMDecoder.decode(text));
        } catch (Exception e) {
            // Pekko throws undeclared checked exceptions of the JDK with unhelpful messages.
            throw new IllegalArgumentException(
                    "the file " + file + " holds no RSA key in PEM form that is not encrypted (PKCS#8 or PKCS#1)", e);
        }
    }

    private static IllegalArgumentException unreadable(Path file, IOException e) {
        return new IllegalArgumentException(
                e instanceof NoSuchFileException
                        ? "there is no file " + file
                        : "the file " + file + " cannot be read as a text",
                e);
    }
}

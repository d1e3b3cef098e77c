package io.orrery.deployment;

import io.orrery.deployment.Security.Identity;
import io.orrery.deployment.Security.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority and one certificate that it has signed, for localhost, as PEM files: made by keytool, good for a day. */
public final class TestCertificates {
    private static final String PASSWORD = "not-secret";

    private final Path directory;

    private TestCertificates(Path directory) {
        this.directory = directory;
    }

    /** Those of the deployment under test. Made once, as it takes seconds, and gone when all tests are over. */
    public static TestCertificates ours() {
        return Made.OURS;
    }

    /** Those of another authority. */
    public static TestCertificates ofStrangers() {
        return Made.OF_STRANGERS;
    }

    private static final class Made {
        private static final TestCertificates OURS = make();
        private static final TestCertificates OF_STRANGERS = make();

        private static TestCertificates make() {
            try {
                TestCertificates made = new TestCertificates(Files.createTempDirectory("certificates"));
                made.directory.toFile().deleteOnExit();
                made.files().forEach(file -> file.toFile().deleteOnExit());
                made.makeFiles();
                return made;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** The same files in another directory, which is created here. */
    public TestCertificates copyTo(Path other) throws IOException {
        Files.createDirectories(other);
        for (Path file : List.of(key(), certificate(), authority())) {
            Files.copy(file, other.resolve(file.getFileName()));
        }
        return new TestCertificates(other);
    }

    public Tls tls() {
        return new Tls(identity(), authority());
    }

    public Identity identity() {
        return new Identity(key(), certificate());
    }

    public Path key() {
        return directory.resolve("node.key");
    }

    public Path certificate() {
        return directory.resolve("node.crt");
    }

    public Path authority() {
        return directory.resolve("authority.crt");
    }

    private void makeFiles() throws IOException, InterruptedException {
        generate("authority", "CN=authority", List.of("-ext", "bc:c"));
        generate("node", "CN=orrery", List.of());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "authority",
                "-file",
                authority().toString());
        keytool("-certreq", "-alias", "node", "-file", request().toString());
        keytool(
                List.of("-ext", "san=dns:localhost,ip:127.0.0.1"),
                "-gencert",
                "-rfc",
                "-alias",
                "authority",
                "-validity",
                "1",
                "-infile",
                request().toString(),
                "-outfile",
                certificate().toString());
        export();
    }

    private void generate(String alias, String name, List<String> extensions) throws IOException, InterruptedException {
        keytool(
                extensions,
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "1");
    }

    private void export() throws IOException {
        try (InputStream in = Files.newInputStream(store())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            Key key = store.getKey("node", PASSWORD.toCharArray());
            Files.writeString(key(), pem("PRIVATE KEY", key.getEncoded()));
            byte[] certificate = store.getCertificate("authority").getEncoded();
            Files.writeString(authority(), pem("CERTIFICATE", certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private List<Path> files() {
        return List.of(store(), request(), key(), certificate(), authority());
    }

    private Path request() {
        return directory.resolve("node.csr");
    }

    private Path store() {
        return directory.resolve("store.p12");
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        keytool(List.of(), arguments);
    }

    private void keytool(List<String> more, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        command.addAll(more);
        command.addAll(List.of("-keystore", store().toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + said);
        }
    }
}

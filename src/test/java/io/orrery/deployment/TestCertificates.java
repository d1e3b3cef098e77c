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
    private final String alias;

    private TestCertificates(Path directory, String alias) {
        this.directory = directory;
        this.alias = alias;
    }

    /** Those of the deployment under test. Made once, as it takes seconds, and gone when all tests are over. */
    public static TestCertificates ours() {
        return Made.OURS;
    }

    /** Those of another authority. */
    public static TestCertificates ofStrangers() {
        return Made.OF_STRANGERS;
    }

    /** Another certificate that our authority has signed, with no name in common with the first. */
    public static TestCertificates ofAnotherName() {
        return OfAnotherName.MADE;
    }

    private static final class OfAnotherName {
        private static final TestCertificates MADE = made(() -> {
            TestCertificates other = new TestCertificates(ours().directory, "other");
            other.makeFiles("san=dns:elsewhere");
            return other;
        });
    }

    private static final class Made {
        private static final TestCertificates OURS = make();
        private static final TestCertificates OF_STRANGERS = make();

        private static TestCertificates make() {
            return made(() -> {
                TestCertificates made = new TestCertificates(Files.createTempDirectory("certificates"), "node");
                made.directory.toFile().deleteOnExit();
                made.store().toFile().deleteOnExit();
                made.generate("authority", "CN=authority", List.of("-ext", "bc:c"));
                made.makeFiles("san=dns:localhost,ip:127.0.0.1");
                return made;
            });
        }
    }

    private interface Making {
        TestCertificates make() throws IOException, InterruptedException;
    }

    private static TestCertificates made(Making making) {
        try {
            return making.make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The same files in another directory, which is created here. */
    public TestCertificates copyTo(Path other) throws IOException {
        Files.createDirectories(other);
        for (Path file : List.of(key(), certificate(), authority())) {
            Files.copy(file, other.resolve(file.getFileName()));
        }
        return new TestCertificates(other, alias);
    }

    public Tls tls() {
        return new Tls(identity(), authority());
    }

    public Identity identity() {
        return new Identity(key(), certificate());
    }

    public Path key() {
        return directory.resolve(alias + ".key");
    }

    public Path certificate() {
        return directory.resolve(alias + ".crt");
    }

    public Path authority() {
        return directory.resolve("authority.crt");
    }

    private void makeFiles(String names) throws IOException, InterruptedException {
        List.of(request(), key(), certificate(), authority())
                .forEach(file -> file.toFile().deleteOnExit());
        generate(alias, "CN=orrery-" + alias, List.of());
        keytool("-certreq", "-alias", alias, "-file", request().toString());
        keytool(
                List.of("-ext", names),
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
            Key key = store.getKey(alias, PASSWORD.toCharArray());
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

    private Path request() {
        return directory.resolve(alias + ".csr");
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

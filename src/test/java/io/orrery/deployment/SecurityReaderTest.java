package io.orrery.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.deployment.Deployment.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SecurityReaderTest {
    private static final String CLIENT = "client-token-0123456789";
    private static final String LAB = "lab-token-0123456789+/==";

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;

    @BeforeAll
    static void files() throws Exception {
        certificates = TestCertificates.ours().copyTo(directory.resolve("tls"));
        TestCertificates.ofStrangers().copyTo(directory.resolve("other"));
        Files.writeString(directory.resolve("client.token"), "\n " + CLIENT + "\n");
        Files.writeString(directory.resolve("short.token"), "short\n");
        Files.writeString(directory.resolve("empty.token"), "\n");
    }

    @Test
    void withoutALineAboutItNothingIsEncryptedAndNobodyAsked() {
        assertEquals(Security.NONE, read(""));
    }

    @Test
    void filesAreFoundBesideTheDeployment() {
        Security security = read("""
                insecure = true
                tls {
                  key = tls/node.key
                  certificate = tls/node.crt
                  authority = tls/authority.crt
                }
                http-tls { key = tls/node.key, certificate = "%s" }
                tokens { client-file = client.token, lab = "%s" }
                lab = on
                """.formatted(certificates.certificate(), LAB));
        assertTrue(security.insecure());
        assertEquals(Optional.of(certificates.tls()), security.tls());
        assertEquals(Optional.of(certificates.identity()), security.httpTls());
        assertTrue(security.tokens().orElseThrow().client().matches(Token.digest(CLIENT)));
        assertTrue(security.tokens().orElseThrow().lab().orElseThrow().matches(Token.digest(LAB)));
    }

    @Test
    void thereIsAWarningWhereOthersCanReadATokensFile() throws IOException {
        Logger log = (Logger) LoggerFactory.getLogger(SecurityReader.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        log.addAppender(heard);
        try {
            Path file = directory.resolve("client.token");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw----r--"));
            read("tokens { client-file = client.token }");
            assertEquals(
                    "others on this machine can read the token in " + file + "; chmod 600 closes it",
                    heard.list.get(0).getFormattedMessage());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            read("tokens { client-file = client.token }");
            assertEquals(1, heard.list.size());
        } finally {
            log.detachAppender(heard);
        }
    }

    @Test
    void noTokenIsShown() {
        Security security = read("tokens { client = %s, lab = \"%s\" }".formatted(CLIENT, LAB));
        assertFalse(security.toString().contains(CLIENT), security.toString());
        assertFalse(security.toString().contains(LAB), security.toString());
        assertEquals(CLIENT, security.tokens().orElseThrow().client().value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "insecure = perhaps | insecure is on or off, not \"perhaps\"",
                "tls { key = tls/node.key, certificate = tls/node.crt } | \"authority\" is missing",
                "tls { key = no.key, certificate = tls/node.crt, authority = tls/authority.crt } | key: there is no file {}/no.key",
                "tls { key = ., certificate = tls/node.crt, authority = tls/authority.crt } | key: the file {}/. cannot be read",
                "tls { key = tls/node.crt, certificate = tls/node.crt, authority = tls/authority.crt } | key: the file {}/tls/node.crt holds no RSA key in PEM form that is not encrypted",
                "tls { key = tls/node.key, certificate = tls/node.key, authority = tls/authority.crt } | certificate: the file {}/tls/node.key holds no certificate in PEM form",
                "tls { key = tls/node.key, certificate = other/node.crt, authority = other/authority.crt } | certificate: {}/other/node.crt does not belong to the key {}/tls/node.key",
                "tls { key = tls/node.key, certificate = tls/node.crt, authority = other/authority.crt } | certificate: {}/tls/node.crt is not signed by the authority, {}/other/authority.crt",
                "http-tls { key = tls/node.key } | \"certificate\" is missing",
                "http-tls { key = tls/node.key, certificate = tls/node.crt, authority = x } | there is no key \"authority\" here; there are: certificate, key",
                "tokens { client = short } | client: a token has from 16 to 1024 letters, not 5",
                "tokens { client = \"\" } | client: a token has from 16 to 1024 letters, not 0",
                "tokens { client = \"sixteen letters ü\" } | client: a token is made of letters, digits",
                "tokens { client-file = no.token } | client-file: there is no such file; it is the name of a file that holds the token, not the token",
                "tokens { client-file = client-token-0123456789 } | client-file: there is no such file",
                "tokens { client-file = client.token/client-token-0123456789 } | client-file: there is no such file",
                "tokens { client-file = \"client-token-0123456789\\u0000\" } | client-file: there is no such file",
                "tokens { client-file = short.token } | client-file: the file {}/short.token holds no token: a token has from 16",
                "tokens { client-file = empty.token } | client-file: the file {}/empty.token holds no token",
                "tokens { client = client-token-0123456789, client-file = client.token } | give either client or client-file",
                "tokens { client = ${?ORRERY_NOBODY_SETS_THIS} } | there is no client token: give client = ${?ORRERY_CLIENT_TOKEN}",
                "tokens { lab = lab-token-0123456789 } | there is no client token",
                "tokens { client-file = client.token }, lab = on | the lab is on, but there is no lab token: give lab = ${?ORRERY_LAB_TOKEN}",
                "replicas += { id = B, http { port = 1 }, remoting { host = 10.0.0.1, port = 7000 } } | without TLS, anybody who reaches 10.0.0.1:7000 can read and forge",
                "tokens = client-token-0123456789 | tokens is written in braces, { client, lab }",
            })
    void aMistakeIsNamedWithItsLineAndWhatWouldBeRight(String addition, String message) {
        String problem = assertThrows(ConfigProblem.class, () -> read(addition)).getMessage();
        String expected = directory.resolve("test.conf") + ":3: " + message.replace("{}", directory.toString());
        assertTrue(problem.startsWith(expected), problem);
        assertFalse(problem.contains(CLIENT), problem);
    }

    /** A name of a file may not be as long as a token. */
    @Test
    void aLongTokenInPlaceOfItsFileIsNotShown() {
        String token = "t".repeat(1_000);
        String problem = assertThrows(
                        ConfigProblem.class, () -> read("tokens { client = " + CLIENT + ", lab-file = " + token + " }"))
                .getMessage();
        assertTrue(problem.contains(":3: lab-file: there is no such file"), problem);
        assertFalse(problem.contains("ttt"), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "localhost", "::1"})
    void onlyThisMachineReachesItsLoopback(String host) {
        assertTrue(new Address(host, 1).isLoopback());
        assertEquals(new Address(host, 1), Security.NONE.requireProtected(new Address(host, 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "127.example.org", "localhost.example.org", "a1270.0.1", ""})
    void whatOthersMayReachNeedsTlsOrAWord(String host) {
        Address address = new Address(host, 7000);
        String problem = assertThrows(IllegalArgumentException.class, () -> Security.NONE.requireProtected(address))
                .getMessage();
        assertTrue(problem.contains(address.toString()) && problem.contains("insecure = true"), problem);
        assertEquals(address, read("insecure = on").requireProtected(address));
        assertEquals(
                address,
                read("tls { key = tls/node.key, certificate = tls/node.crt, authority = tls/authority.crt }")
                        .requireProtected(address));
    }

    /** Nodes with such a certificate would not talk to each other, nor clients to them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http-tls { key = tls/node.key, certificate = tls/node.crt } | certificate | tls/node.crt",
                "tls { key = tls/node.key, certificate = tls/node.crt, authority = tls/authority.crt } | authority | tls/authority.crt",
            })
    void aCertificateThatIsNotValidNowIsRefusedWithItsDate(String addition, String key, String name) {
        Path file = directory.resolve(name);
        X509Certificate certificate = Pem.certificates(file).get(0);
        Instant first = certificate.getNotBefore().toInstant();
        Instant last = certificate.getNotAfter().toInstant();
        Instant before = first.minusSeconds(1);
        Instant after = last.plusSeconds(1);
        String start = directory.resolve("test.conf") + ":3: " + key + ": " + file;
        assertEquals(
                start + " has expired: it was valid until " + last + ", and by the clock of this machine it is now "
                        + after,
                assertThrows(ConfigProblem.class, () -> read(addition, after)).getMessage());
        assertEquals(
                start + " is not valid yet: it will be from " + first + ", and by the clock of this machine it is now "
                        + before,
                assertThrows(ConfigProblem.class, () -> read(addition, before)).getMessage());
    }

    private static Security read(String addition) {
        return read(addition, Instant.now());
    }

    private static Security read(String addition, Instant now) {
        try {
            Path file = Files.writeString(directory.resolve("test.conf"), """
                    protocol = lamport-lww
                    replicas = [{ id = A, http { port = 8000 } }]
                    """ + addition);
            return DeploymentLoader.read(ConfigReader.ofFile(file), now).security();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.orrery.deployment;

import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.deployment.Security.Identity;
import io.orrery.deployment.Security.Tls;
import io.orrery.deployment.Security.Tokens;
import io.orrery.deployment.Security.Web;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the security settings of a deployment: {@code insecure}, {@code tls}, {@code http-tls}, {@code tokens}, {@code
 * allowed-hosts} and {@code cors}. Paths are relative to the directory of the file. A missing or unfit file is a {@link
 * ConfigProblem} now rather than a failed connection later.
 */
final class SecurityReader {
    private static final Pattern ORIGIN =
            Pattern.compile("http://(?!.*:80$)HOST(:[0-9]{1,5})?|https://(?!.*:443$)HOST(:[0-9]{1,5})?"
                    .replace("HOST", "([a-z0-9.-]+|\\[[0-9a-f:.]+])"));
    private static final Logger LOG = LoggerFactory.getLogger(SecurityReader.class);

    private final Path deployment;
    private final Instant now;

    private SecurityReader(Path deployment, Instant now) {
        this.deployment = deployment;
        this.now = now;
    }

    /**
     * @param lab whether the lab is on, and needs a token if there are tokens
     * @param now when certificates must be valid
     */
    static Security read(ConfigReader file, boolean lab, Instant now) {
        SecurityReader reader = new SecurityReader(Path.of(file.file()), now);
        return new Security(
                file.flag("insecure", false),
                tls(file, now),
                file.has("http-tls")
                        ? Optional.of(reader.identity(file.object("http-tls").expect("key", "certificate")))
                        : Optional.empty(),
                file.has("tokens") ? Optional.of(reader.tokens(file, lab)) : Optional.empty(),
                new Web(
                        file.has("allowed-hosts") ? file.list("allowed-hosts", DeploymentLoader::host) : List.of(),
                        file.has("cors") ? file.list("cors", SecurityReader::origin) : List.of()));
    }

    /** The certificates of both sides alone; empty where the file has none. */
    static Optional<Tls> tls(ConfigReader file, Instant now) {
        return file.has("tls")
                ? Optional.of(new SecurityReader(Path.of(file.file()), now).tls(file.object("tls")))
                : Optional.empty();
    }

    /** An origin as browsers write it. */
    private static String origin(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        if (!ORIGIN.matcher(small).matches()) {
            throw new IllegalArgumentException(
                    "cors lists the origins of pages, each a scheme, a host and, where it is not"
                            + " the usual one, a port, such as https://app.example.org or http://localhost:3000, with nothing after"
                            + " it, not \"" + text + "\"");
        }
        return small;
    }

    private Tls tls(ConfigReader tls) {
        tls.expect("key", "certificate", "authority");
        Path authority = path(tls, "authority");
        X509Certificate signer = certificate(tls, "authority");
        Identity identity = identity(tls);
        try {
            Pem.certificates(identity.certificate()).get(0).verify(signer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw tls.problem(
                    "certificate",
                    "certificate: " + identity.certificate() + " is not signed by the authority, " + authority);
        }
        return new Tls(identity, authority);
    }

    private Identity identity(ConfigReader tls) {
        Identity identity = new Identity(path(tls, "key"), path(tls, "certificate"));
        PrivateKey key = content(tls, "key", Pem::privateKey);
        X509Certificate certificate = certificate(tls, "certificate");
        boolean fits = key instanceof RSAKey own
                && certificate.getPublicKey() instanceof RSAKey shown
                && own.getModulus().equals(shown.getModulus());
        if (!fits) {
            throw tls.problem(
                    "certificate",
                    "certificate: " + identity.certificate() + " does not belong to the key " + identity.key());
        }
        return identity;
    }

    /** The first certificate of a file; further ones are intermediates. */
    private X509Certificate certificate(ConfigReader tls, String key) {
        X509Certificate certificate =
                content(tls, key, file -> Pem.certificates(file).get(0));
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw outOfDate(
                    tls,
                    key,
                    "has expired: it was valid until "
                            + certificate.getNotAfter().toInstant());
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw outOfDate(
                    tls,
                    key,
                    "is not valid yet: it will be from "
                            + certificate.getNotBefore().toInstant());
        }
        return certificate;
    }

    private ConfigProblem outOfDate(ConfigReader tls, String key, String why) {
        return tls.problem(
                key,
                key + ": " + path(tls, key) + " " + why + ", and by the clock of this machine it is now "
                        + now.truncatedTo(ChronoUnit.SECONDS));
    }

    private Tokens tokens(ConfigReader file, boolean lab) {
        if (!file.isObject("tokens")) {
            // The generic error would show the value, which may be a token.
            throw file.problem("tokens", "tokens is written in braces, { client, lab }");
        }
        ConfigReader tokens = file.object("tokens").expect("client", "client-file", "lab", "lab-file");
        Token client = token(tokens, "client")
                .orElseThrow(() -> file.problem("tokens", missing("client", "ORRERY_CLIENT_TOKEN")));
        Optional<Token> labToken = token(tokens, "lab");
        if (lab && labToken.isEmpty()) {
            throw file.problem("tokens", "the lab is on, but " + missing("lab", "ORRERY_LAB_TOKEN"));
        }
        return new Tokens(client, labToken);
    }

    /** An unset variable must not open the routes that it should close. */
    private static String missing(String name, String variable) {
        return "there is no " + name + " token: give " + name + " = ${?" + variable
                + "} and set this variable in the environment, or give " + name + "-file";
    }

    private Optional<Token> token(ConfigReader tokens, String name) {
        String inFile = name + "-file";
        if (tokens.has(name) && tokens.has(inFile)) {
            throw tokens.problem(inFile, "give either " + name + " or " + inFile);
        }
        return tokens.has(inFile)
                ? Optional.of(tokens.get(inFile, text -> named(inFile, () -> ofFile(tokenFile(text)))))
                : tokens.find(name, text -> named(name, () -> Token.of(text)));
    }

    private static Token ofFile(Path file) {
        Token token = Token.ofFile(file);
        Token.exposure(file).ifPresent(LOG::warn);
        return token;
    }

    private Path tokenFile(String name) {
        try {
            return deployment.resolveSibling(name);
        } catch (InvalidPathException e) {
            throw Token.noSuchFile();
        }
    }

    private Path path(ConfigReader reader, String key) {
        return reader.get(key, deployment::resolveSibling);
    }

    private <T> T content(ConfigReader reader, String key, Function<Path, T> read) {
        return reader.get(key, text -> named(key, () -> read.apply(deployment.resolveSibling(text))));
    }

    private static <T> T named(String key, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}

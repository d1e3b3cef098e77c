package io.orrery.deployment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who may talk to the replicas of a deployment, and what is encrypted. Read by {@link SecurityReader}, which has also
 * read the files once: they are there, and fit together.
 *
 * @param insecure whether replicas may talk to each other over a network without TLS
 * @param tls for what replicas say to each other
 * @param httpTls for what clients say to replicas
 * @param tokens what clients have to show; where there are none, everybody may do everything
 * @param web what pages in browsers may do
 */
public record Security(
        boolean insecure, Optional<Tls> tls, Optional<Identity> httpTls, Optional<Tokens> tokens, Web web) {
    /** No encryption and no tokens: for this machine alone. */
    public static final Security NONE = new Security(false, Optional.empty(), Optional.empty(), Optional.empty());

    /** Without pages of other sites. */
    public Security(boolean insecure, Optional<Tls> tls, Optional<Identity> httpTls, Optional<Tokens> tokens) {
        this(insecure, tls, httpTls, tokens, Web.NONE);
    }

    /**
     * @param allowedHosts names under which the replicas are asked, besides the hosts of their addresses
     * @param cors origins, such as {@code https://app.example.org}, whose pages may do what programs may
     */
    public record Web(List<String> allowedHosts, List<String> cors) {
        public static final Web NONE = new Web(List.of(), List.of());

        public Web {
            allowedHosts = List.copyOf(allowedHosts);
            cors = List.copyOf(cors);
        }
    }

    /**
     * Who a server is: PEM files.
     *
     * @param key of RSA, not encrypted
     * @param certificate for that key
     */
    public record Identity(Path key, Path certificate) {}

    /**
     * Mutual TLS: each side shows its certificate.
     *
     * @param authority a PEM file with the certificate that has signed those of all replicas
     */
    public record Tls(Identity identity, Path authority) {}

    /**
     * @param client for the routes of the store, and what a replica shows of itself
     * @param lab for the routes that make things fail, and for all others too; may be missing only where the lab is off
     */
    public record Tokens(Token client, Optional<Token> lab) {}

    /** Whether a line says that not everybody may see everything. */
    public boolean isRestricted() {
        return tls.isPresent() || httpTls.isPresent() || tokens.isPresent();
    }

    /**
     * Holds that what replicas say to each other is not open to a network.
     *
     * @param remoting where a replica takes messages of the others
     * @return the same address
     * @throws IllegalArgumentException when it is, and the deployment does not say that this is meant
     */
    public Deployment.Address requireProtected(Deployment.Address remoting) {
        if (tls.isEmpty() && !insecure && !remoting.isLoopback()) {
            throw new IllegalArgumentException("without TLS, anybody who reaches " + remoting
                    + " can read and forge what replicas say to each other; give tls { key, certificate, authority },"
                    + " or insecure = true where the network is trusted");
        }
        return remoting;
    }
}

package io.orrery.deployment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who may talk to the replicas of a deployment, and what is encrypted. Read by {@link SecurityReader}, which has
 * checked that the files exist and fit together.
 *
 * @param insecure whether replicas may talk to each other over a network without TLS
 * @param tls for connections between replicas
 * @param httpTls for connections of clients
 * @param tokens the tokens that clients must show; if empty, everybody may do everything
 * @param web what browser pages may do
 */
public record Security(
        boolean insecure, Optional<Tls> tls, Optional<Identity> httpTls, Optional<Tokens> tokens, Web web) {
    /** No encryption and no tokens: only for use on one machine. */
    public static final Security NONE = new Security(false, Optional.empty(), Optional.empty(), Optional.empty());

    /** Without access for pages of other sites. */
    public Security(boolean insecure, Optional<Tls> tls, Optional<Identity> httpTls, Optional<Tokens> tokens) {
        this(insecure, tls, httpTls, tokens, Web.NONE);
    }

    /**
     * @param allowedHosts further names under which clients reach the replicas
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
     * @param client for the routes of the store and of observability
     * @param lab for the routes that inject faults, and for all others; may be absent only if the lab is off
     */
    public record Tokens(Token client, Optional<Token> lab) {}

    /** Whether the deployment restricts who may read. */
    public boolean isRestricted() {
        return tls.isPresent() || httpTls.isPresent() || tokens.isPresent();
    }

    /**
     * Requires that the traffic between replicas is not exposed to a network.
     *
     * @param remoting the address for the other replicas
     * @return the same address
     * @throws IllegalArgumentException if it is exposed and the deployment does not allow that
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

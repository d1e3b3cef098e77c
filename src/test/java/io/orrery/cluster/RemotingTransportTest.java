package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Security.Tls;
import io.orrery.deployment.TestCertificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.ActorNotFound;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.testkit.TestActors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class RemotingTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration IMPATIENCE = Duration.ofSeconds(2);

    private static final Optional<Tls> TLS = Optional.of(TestCertificates.ours().tls());
    private static final Optional<Tls> STRANGERS =
            Optional.of(TestCertificates.ofStrangers().tls());

    private final List<ActorSystem> systems = new ArrayList<>();

    /**
     * Does not wait for the end: with TLS, two systems that end at once rarely keep each other from it. A node has a deadline
     * for that, after which its process ends; here the next test has systems of its own.
     */
    @AfterEach
    void stop() {
        systems.forEach(ActorSystem::terminate);
    }

    @Test
    void withoutTlsItIsPlainTcp() {
        assertEquals("tcp", RemotingTransport.of(Optional.empty()).getString("pekko.remote.artery.transport"));
        assertReaches(system(Optional.empty()), system(Optional.empty()));
    }

    @Test
    void nodesOfOneAuthorityReachEachOther() {
        ActorSystem first = system(TLS);
        ActorSystem second = system(TLS);
        assertReaches(first, second);
        assertReaches(second, first);
    }

    @Test
    void aNodeOfAnotherAuthorityIsReachedByNobodyAndReachesNobody() {
        ActorSystem member = system(TLS);
        ActorSystem stranger = system(STRANGERS);
        assertNeitherReaches(stranger, member);
        assertReaches(system(TLS), member);
    }

    /** He trusts the members, and would talk to them: it is they who do not talk to him. */
    @Test
    void whoTrustsTheMembersAndShowsACertificateOfAnotherAuthorityReachesNobody() {
        ActorSystem member = system(TLS);
        Tls theirs = TestCertificates.ofStrangers().tls();
        Tls ours = TestCertificates.ours().tls();
        ActorSystem stranger = system(Optional.of(new Tls(theirs.identity(), ours.authority())));
        assertNeitherReaches(stranger, member);
        assertReaches(system(TLS), member);
    }

    @Test
    void whoShowsACertificateOfTheSameAuthorityWithAnotherNameReachesNobody() {
        ActorSystem member = system(TLS);
        Optional<Tls> named = Optional.of(TestCertificates.ofAnotherName().tls());
        ActorSystem other = system(named);
        assertNeitherReaches(other, member);
        assertReaches(system(named), other);
        assertReaches(system(TLS), member);
    }

    @Test
    void aNodeWithoutTlsIsReachedByNobodyAndReachesNobody() {
        ActorSystem member = system(TLS);
        ActorSystem plain = system(Optional.empty());
        assertNeitherReaches(plain, member);
    }

    private ActorSystem system(Optional<Tls> security) {
        Config settings = RemotingTransport.of(security).withFallback(ConfigFactory.parseString("""
                pekko {
                  actor.provider = cluster
                  remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  loglevel = OFF
                  stdout-loglevel = OFF
                  coordinated-shutdown.exit-jvm = off
                }
                """));
        ActorSystem system = ActorSystem.create("test", ConfigFactory.load(settings));
        systems.add(system);
        system.actorOf(TestActors.echoActorProps(), "echo");
        return system;
    }

    private static void assertReaches(ActorSystem from, ActorSystem to) {
        assertInstanceOf(ActorRef.class, ask(from, to, PATIENCE).join());
    }

    private static void assertNeitherReaches(ActorSystem one, ActorSystem other) {
        // Both at once, as each takes all the time that it has.
        for (CompletableFuture<ActorRef> answer : List.of(ask(one, other, IMPATIENCE), ask(other, one, IMPATIENCE))) {
            CompletionException failure = assertThrows(CompletionException.class, answer::join);
            assertInstanceOf(ActorNotFound.class, failure.getCause());
        }
    }

    /** A question that every actor answers. */
    private static CompletableFuture<ActorRef> ask(ActorSystem from, ActorSystem to, Duration limit) {
        Address address = ((ExtendedActorSystem) to).provider().getDefaultAddress();
        return from.actorSelection(address + "/user/echo").resolveOne(limit).toCompletableFuture();
    }
}

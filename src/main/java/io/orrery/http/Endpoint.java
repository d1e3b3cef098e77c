package io.orrery.http;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.Security.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import scala.jdk.javaapi.DurationConverters;

/** A replica's HTTP listener, with the limits and the TLS of the deployment. */
final class Endpoint {
    /** Room for all headers of a request except one large one. */
    private static final int BESIDES = 16 << 10;
    /**
     * As in Pekko's own servers: a cancelled client connection is processed with a short delay, so that its earlier
     * data arrive first.
     */
    private static final Attributes UNHURRIED =
            Attributes.apply(new Attributes.CancellationStrategy(Attributes.cancellationStrategyAfterDelay(
                    DurationConverters.toScala(Duration.ofMillis(100)), Attributes.cancellationStrategyFailStage())));

    private final Deployment.Connections limits;
    private final Optional<BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed>> tls;
    private final boolean recorded;

    /**
     * @param recorded whether a history is recorded, which identifies anonymous clients by their connections
     * @throws IllegalArgumentException if the TLS files cannot be read
     */
    Endpoint(Deployment deployment, boolean recorded) {
        this.recorded = recorded;
        this.limits = deployment.limits().connections();
        this.tls = deployment.security().httpTls().map(Endpoint::tls);
    }

    /** Listens for clients until the system's coordinated shutdown, which lets open requests finish. */
    CompletionStage<Tcp.ServerBinding> bind(
            Address address, Connections connections, Duration lastAnswers, ActorSystem<?> system) {
        ServerSettings settings = settings(system);
        BidiFlow<HttpResponse, SslTlsOutbound, SslTlsInbound, HttpRequest, NotUsed> http =
                // Otherwise clients could fill the log by closing connections in the middle of answers.
                Http.get(system).serverLayer(settings, Optional.empty(), NoLogging.getInstance());
        Semaphore lingering = new Semaphore(limits.count());
        return Tcp.get(system)
                .bind(
                        address.host(),
                        address.port(),
                        settings.getBacklog(),
                        settings.getSocketOptions(),
                        true,
                        Optional.empty())
                .to(Sink.foreach(incoming -> {
                    Connections.Connection connection =
                            connections.opened(recorded ? Optional.of(incoming.remoteAddress()) : Optional.empty());
                    SharedKillSwitch socket = KillSwitches.shared("socket");
                    incoming.handleWith(
                            Flow.fromGraph(connection)
                                    .join(http.atop(
                                            BidiFlow.fromGraph(new HeadGuard(headBytes(), limits.headerBytes()))))
                                    .watchTermination((all, done) -> {
                                        done.whenComplete((end, failure) -> connections.closed(connection));
                                        return all;
                                    })
                                    .join(BidiFlow.fromGraph(new LingeringClose<SslTlsOutbound, SslTlsInbound>(
                                                    lingering, socket::shutdown))
                                            .atop(transport(socket)))
                                    // As in Pekko's own servers: data that the other side still sends are no error.
                                    .addAttributes(UNHURRIED),
                            system);
                }))
                .run(system)
                .thenApply(binding -> {
                    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
                    shutdown.addTask(CoordinatedShutdown.PhaseServiceUnbind(), "unbind-" + address, () -> {
                        binding.unbind();
                        return binding.whenUnbound();
                    });
                    shutdown.addTask(
                            CoordinatedShutdown.PhaseServiceRequestsDone(),
                            "end-connections-" + address,
                            () -> connections.end(
                                    lastAnswers, settings.getTerminationDeadlineExceededResponse(), system));
                    return binding;
                });
    }

    /** @param socket closes it below TLS, which waits for its client to say that it ends */
    private BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> transport(
            SharedKillSwitch socket) {
        return tls.map(secured ->
                        secured.atop(BidiFlow.fromFlows(socket.<ByteString>flow(), socket.<ByteString>flow())))
                .orElseGet(Endpoint::plain)
                .atop(BidiFlow.bidirectionalIdleTimeout(limits.idleTimeout()));
    }

    /** The maximum size of a request's head: one header of maximum size and everything else. */
    private int headBytes() {
        return limits.headerBytes() + BESIDES;
    }

    ServerSettings settings(ActorSystem<?> system) {
        ServerSettings usual = ServerSettings.create(system.classicSystem());
        // The outcome of a request that the shutdown cuts short is unknown.
        HttpResponse cutShort = Problem.of(
                        StatusCodes.GATEWAY_TIMEOUT, "the server is stopping, and does not wait for this")
                .with("outcome", "unknown")
                .response();
        return usual.withTerminationDeadlineExceededResponse(cutShort)
                .withParserSettings(usual.getParserSettings()
                        .withMaxHeaderCount(Deployment.Connections.HEADERS)
                        .withMaxHeaderValueLength(limits.headerBytes()));
    }

    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> tls(Identity identity) {
        Https https = new Https(identity);
        return TLS.create(https::engine, TLSClosing.eagerClose());
    }

    private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> plain() {
        return BidiFlow.fromFlows(
                Flow.<SslTlsOutbound>create().map(it -> ((SendBytes) it).bytes()),
                Flow.<ByteString>create().map(it -> new SessionBytes(null, it)));
    }
}

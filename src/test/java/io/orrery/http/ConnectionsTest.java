package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionsTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int ROUNDS = 2_000;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Whoever reads "nothing has been begun" asks again. */
    @Test
    void whatHasBegunIsNotSaidToHaveNotWhenTheConnectionEnds() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            AtomicBoolean isCarriedOut = new AtomicBoolean();
            CompletableFuture<Void> bodyIsThere = new CompletableFuture<>();
            Connections connections = new Connections(10, new Connections.Handler() {
                @Override
                public CompletionStage<HttpResponse> answer(HttpRequest request) {
                    return request.entity().toStrict(1_000, KIT.system()).thenApply(body -> {
                        Connections.begin(request);
                        isCarriedOut.set(true);
                        bodyIsThere.complete(null);
                        return HttpResponse.create().withStatus(StatusCodes.OK);
                    });
                }

                @Override
                public CompletionStage<HttpResponse> answerIfUrgent(HttpRequest request) {
                    return answer(request);
                }
            });
            Source<ByteString, ?> body = Source.range(1, 3).map(it -> ByteString.fromString("part " + it));
            HttpRequest request = HttpRequest.PUT("/kv/x")
                    .withEntity(HttpEntities.createChunked(ContentTypes.APPLICATION_JSON, body));
            CompletionStage<Optional<HttpResponse>> answer = Source.single(request)
                    .concat(Source.maybe())
                    .via(connections.opened(Optional.empty()))
                    .toMat(Sink.headOption(), Keep.right())
                    .run(KIT.system());
            if (i % 2 == 0) {
                end(connections);
            } else {
                bodyIsThere.thenRun(() -> end(connections));
            }
            // A connection that ends before its request is there gives none.
            int status = answer.toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .map(it -> it.status().intValue())
                    .orElse(503);
            assertEquals(isCarriedOut.get() ? 200 : 503, status, "in round " + i);
        }
    }

    private static void end(Connections connections) {
        connections.end(Duration.ofSeconds(5), HttpResponse.create(), KIT.system());
    }
}

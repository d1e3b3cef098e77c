package io.orrery.bench;

import com.typesafe.config.ConfigFactory;
import io.orrery.launch.ParentWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;

/**
 * The baseline of the HTTP benchmark: bare Pekko HTTP in a separate process, with the replicas' settings. It reads the
 * body of each request and always sends the same answer, which is as long as that to a {@code GET} of the load
 * generator. It announces its start as {@code serve} does.
 */
public final class BaselineServer {
    private static final String ANSWER = """
            {"key":"a-key-of-the-store-123","value":"a value of write 123456","version":"123456@R1",\
            "node":"R1","status":"applied"}""";
    private static final long PATIENCE_MILLIS = 5_000;
    private static final long LARGEST = 1 << 20;

    private BaselineServer() {}

    /** Runs until the process that started this one ends it or itself ends. */
    public static void main(String[] arguments) {
        ParentWatch.exitWhenCut();
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(), "bare", ConfigFactory.load(ConfigFactory.parseResources("live.conf")));
        CompletionStage<HttpResponse> answer = CompletableFuture.completedFuture(
                HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, ANSWER));
        Function<HttpRequest, CompletionStage<HttpResponse>> route = request -> answer(request, answer, system);
        ServerBinding binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(route)
                .toCompletableFuture()
                .join();
        System.out.println("replica bare is ready at http://127.0.0.1:"
                + binding.localAddress().getPort());
        System.out.println("Ctrl-C stops it.");
    }

    private static CompletionStage<HttpResponse> answer(
            HttpRequest request, CompletionStage<HttpResponse> answer, ActorSystem<?> system) {
        return request.entity().isStrict()
                ? answer
                : request.entity().toStrict(PATIENCE_MILLIS, LARGEST, system).thenCompose(body -> answer);
    }
}

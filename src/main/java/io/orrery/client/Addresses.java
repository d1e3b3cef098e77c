package io.orrery.client;

import io.orrery.client.RequestFailure.Kind;
import io.orrery.client.RestClient.Answer;
import io.orrery.model.RequestId;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The replicas of a deployment of which one is asked, and the next where that one does not serve the request. Asks the
 * one that answered last first.
 *
 * A request that may change something goes to another replica only if it had no effect: nothing was sent, or the
 * replica refused it. One with an id goes on in any case, as it is carried out once. A token is sent to no address but these, whatever a replica names as the leader's.
 */
public final class Addresses {
    /** A list that is longer is a mistake, and would be waited for too long. */
    public static final int MOST = 16;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** The id belongs to another request. */
    private static final int REUSED = 422;

    private final List<RestClient> replicas;
    private int good;

    /**
     * @param replicas at least one
     * @throws RequestFailure if there are more than {@value #MOST}
     */
    public Addresses(List<RestClient> replicas) {
        if (replicas.size() > MOST) {
            throw new RequestFailure(Kind.WRONG, "--node takes at most " + MOST + " addresses, not " + replicas.size());
        }
        this.replicas = List.copyOf(replicas);
    }

    /**
     * Sends a request to one replica after the other, to each at most once, until one serves it. Takes at most a minute
     * and the time to connect to each.
     *
     * @return the answer of the replica that served it; of a single replica any answer
     * @throws RequestFailure if none serves it: each address and what came of it; or if the outcome is unknown
     */
    public Answer send(String method, String path, String body, String session, String client) {
        return send(method, path, body, session, client, Optional.empty());
    }

    /**
     * The same.
     *
     * @param id of a write, if it has one and the protocol of the deployment {@linkplain #requestId remembers} ids
     */
    public synchronized Answer send(
            String method, String path, String body, String session, String client, Optional<RequestId> id) {
        boolean mayRepeat = method.equals("GET") || id.isPresent();
        // A write whose outcome is unknown is the last one sent if it has no id, so only the others share the time.
        Duration patience = mayRepeat ? PATIENCE.dividedBy(replicas.size()) : PATIENCE;
        List<Integer> left = new ArrayList<>(IntStream.range(0, replicas.size())
                .mapToObj(i -> (good + i) % replicas.size())
                .toList());
        List<String> problems = new ArrayList<>();
        RequestFailure last = null;
        boolean mayBeDone = false;
        while (!left.isEmpty()) {
            int asked = left.remove(0);
            RestClient replica = id.map(it -> replicas.get(asked).withHeaders(Map.of(Headers.REQUEST, it.toString())))
                    .orElse(replicas.get(asked))
                    .withPatience(patience);
            try {
                Answer answer = replica.send(method, path, body, session, client);
                boolean isUnknown = id.isPresent() && answer.status() == HttpURLConnection.HTTP_GATEWAY_TIMEOUT;
                boolean isLast = !isRefused(answer) && !isUnknown && (!mayBeDone || isOutcome(answer));
                if (replicas.size() == 1 || isLast) {
                    good = asked;
                    return answer;
                }
                mayBeDone |= isUnknown;
                last = answer.failure();
                leader(answer, left).ifPresent(at -> left.add(0, left.remove(left.indexOf(at))));
            } catch (RequestFailure failure) {
                if (replicas.size() == 1) {
                    throw failure;
                }
                last = failure;
                mayBeDone |= !failure.isUnsent();
                if (!failure.isUnsent() && !(mayRepeat && failure.kind() == Kind.UNKNOWN)) {
                    problems.add(replica.node() + ": " + last.getMessage());
                    break;
                }
            }
            problems.add(replica.node() + ": " + last.getMessage());
        }
        boolean isInDoubt = id.isPresent() && mayBeDone;
        throw new RequestFailure(
                isInDoubt ? Kind.UNKNOWN : last.kind(), problems.stream().collect(Collectors.joining("; ")));
    }

    /**
     * A new id for a write that can be sent again: there is another address, and the protocol of the deployment remembers ids. Asks a
     * replica for its status. Empty otherwise.
     *
     * @throws RequestFailure if no replica tells
     */
    public Optional<RequestId> requestId() {
        if (replicas.size() == 1) {
            return Optional.empty();
        }
        Document status = Document.parse(
                send("GET", "/status", "", "", "").requireSuccess().body());
        if (!status.has("requestIds") || !status.text("requestIds").equals("true")) {
            return Optional.empty();
        }
        OptionalLong now =
                status.has("clock") ? OptionalLong.of(Long.parseLong(status.text("clock"))) : OptionalLong.empty();
        return Optional.of(new RequestId(UUID.randomUUID().toString(), now));
    }

    /** Whether an answer to a write with an id says what became of it, although an earlier replica may have done it. */
    private static boolean isOutcome(Answer answer) {
        return answer.isSuccess()
                || answer.status() == HttpURLConnection.HTTP_PRECON_FAILED
                || answer.status() == REUSED;
    }

    /** Whether a replica says that it did nothing, and another one may do it. */
    private static boolean isRefused(Answer answer) {
        return (answer.status() == HttpURLConnection.HTTP_UNAVAILABLE
                        && member(answer, "detail").isPresent())
                || (answer.status() == HttpURLConnection.HTTP_FORBIDDEN
                        && member(answer, "leader").isPresent());
    }

    /** Which of the replicas that were not asked yet the answer names as the leader. */
    private Optional<Integer> leader(Answer answer, List<Integer> left) {
        return member(answer, "location")
                .flatMap(url -> left.stream()
                        .filter(i -> replicas.get(i).node().equals(url))
                        .findFirst());
    }

    private static Optional<String> member(Answer answer, String name) {
        try {
            Document document = Document.parse(answer.body());
            return document.has(name) ? Optional.of(document.text(name)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

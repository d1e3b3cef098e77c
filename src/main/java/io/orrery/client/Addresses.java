package io.orrery.client;

import io.orrery.client.RequestFailure.Kind;
import io.orrery.client.RestClient.Answer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The replicas of a deployment of which one is asked, and the next where that one does not serve the request. Asks the
 * one that answered last first.
 *
 * A request that may change something goes to another replica only if it had no effect: nothing was sent, or the
 * replica refused it. A token is sent to no address but these, whatever a replica names as the leader's.
 */
public final class Addresses {
    /** A list that is longer is a mistake, and would be waited for too long. */
    public static final int MOST = 16;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

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
    public synchronized Answer send(String method, String path, String body, String session, String client) {
        boolean isRead = method.equals("GET");
        // A write whose outcome is unknown is the last one sent, so only reads share the time.
        Duration patience = isRead ? PATIENCE.dividedBy(replicas.size()) : PATIENCE;
        List<Integer> left = new ArrayList<>(IntStream.range(0, replicas.size())
                .mapToObj(i -> (good + i) % replicas.size())
                .toList());
        List<String> problems = new ArrayList<>();
        RequestFailure last = null;
        while (!left.isEmpty()) {
            int asked = left.remove(0);
            RestClient replica = replicas.get(asked).withPatience(patience);
            try {
                Answer answer = replica.send(method, path, body, session, client);
                if (replicas.size() == 1 || !isRefused(answer)) {
                    good = asked;
                    return answer;
                }
                last = answer.failure();
                leader(answer, left).ifPresent(at -> left.add(0, left.remove(left.indexOf(at))));
            } catch (RequestFailure failure) {
                if (replicas.size() == 1) {
                    throw failure;
                }
                last = failure;
                if (!failure.isUnsent() && !(isRead && failure.kind() == Kind.UNKNOWN)) {
                    problems.add(replica.node() + ": " + last.getMessage());
                    break;
                }
            }
            problems.add(replica.node() + ": " + last.getMessage());
        }
        throw new RequestFailure(last.kind(), problems.stream().collect(Collectors.joining("; ")));
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

package io.orrery.launch;

import io.orrery.client.RestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Connections to one node that write as fast as they can, each to a key of its own, one write after the other. */
final class Flood {
    static final int CONNECTIONS = 200;

    private static final int VALUE_BYTES = 128 << 10;

    private final String url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(CONNECTIONS);
    private final AtomicInteger acknowledgedInAll = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger(CONNECTIONS);
    private final Queue<String> otherAnswers = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    Flood(String url) {
        this.url = url;
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            write(connection, 1);
        }
    }

    static String key(int connection) {
        return "flood-" + connection;
    }

    /** The value of a connection's write with this number. */
    static String value(int number) {
        String digits = Integer.toString(number);
        return '"' + digits + "-".repeat(VALUE_BYTES - digits.length()) + '"';
    }

    private void write(int connection, int number) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + RestClient.keyPath(key(connection))))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(value(number)))
                .build();
        client.sendAsync(request, BodyHandlers.ofString())
                .whenComplete((answer, failure) -> answered(connection, number, answer, failure));
    }

    private void answered(int connection, int number, HttpResponse<String> answer, Throwable failure) {
        if (failure != null) {
            otherAnswers.add(failure.toString());
        } else if (answer.statusCode() == 200) {
            acknowledged.set(connection, number);
            acknowledgedInAll.incrementAndGet();
        } else if (answer.statusCode() == 503) {
            refused.incrementAndGet();
        } else {
            otherAnswers.add(answer.statusCode() + " " + answer.body());
        }
        if (over || !otherAnswers.isEmpty()) {
            open.decrementAndGet();
        } else {
            write(connection, number + 1);
        }
    }

    /** Waits until so many writes have been acknowledged and so many refused, and then for the last answers. */
    void awaitAnswers(int enoughAcknowledged, int enoughRefused) {
        TestCluster.await(
                "enough answers of both kinds",
                () -> !otherAnswers.isEmpty()
                        || acknowledgedInAll.get() >= enoughAcknowledged && refused.get() >= enoughRefused);
        over = true;
        TestCluster.await("the last answers", () -> open.get() == 0);
    }

    /** Answers other than 200 and 503, and connections that broke. */
    Queue<String> otherAnswers() {
        return otherAnswers;
    }

    /** The number of a connection's last write that was acknowledged; 0 for none. */
    int acknowledged(int connection) {
        return acknowledged.get(connection);
    }
}

package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where requests begin and end does not depend on the pieces in which they come. */
class RequestFramingTest {
    private static final String[] GOOD = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT /kv/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\r\n\u00e9\r\n",
        "PUT /kv/x HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\ntransfer-encoding:chunked\r\n\r\n3;x=y\r\n\r\n\u00ff\r\nA\r\n0123456789\r\n0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n\r\n",
    };
    private static final String[] BAD = {
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u00e9\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + "y".repeat(500) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + "X: 1\r\n".repeat(300),
        "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n22\r\n",
        "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    };

    /** What a reader after it has got, and what it found. */
    private record Found(String passed, String problem, boolean isCut) {}

    private static Found read(byte[] bytes, Random cuts) {
        RequestFraming framing = new RequestFraming(1_000, 400);
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int at = 0;
        while (at < bytes.length && framing.problem() == null && !framing.isCut()) {
            at += framing.between(bytes, at);
            int end = framing.scan(bytes, at, Math.min(bytes.length, at + 1 + cuts.nextInt(40)));
            head.write(bytes, at, end - at);
            at = end;
            if (!framing.isInHead() && framing.problem() == null && !framing.isCut()) {
                passed.writeBytes(head.toByteArray());
                head.reset();
            }
        }
        String problem = framing.problem() == null ? "" : framing.problem().getMessage();
        return new Found(passed.toString(StandardCharsets.ISO_8859_1), problem, framing.isCut());
    }

    @Test
    void allThatIsGoodGoesThroughHoweverItIsCut() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder sent = new StringBuilder();
            StringBuilder requests = new StringBuilder();
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                String request = GOOD[random.nextInt(GOOD.length)];
                sent.append("\r\n".repeat(random.nextInt(3))).append(request);
                requests.append(request);
            }
            byte[] bytes = sent.toString().getBytes(StandardCharsets.ISO_8859_1);
            assertEquals(new Found(requests.toString(), "", false), read(bytes, random));
        }
    }

    @Test
    void whatIsBadIsFoundHoweverItIsCut() {
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            String before = GOOD[random.nextInt(GOOD.length)];
            String bad = BAD[i % BAD.length];
            byte[] bytes = (before + bad + GOOD[0]).getBytes(StandardCharsets.ISO_8859_1);
            Found found = read(bytes, random);
            assertTrue(found.passed().startsWith(before), bad);
            // Not a byte of a head that is refused.
            assertTrue(found.isCut() || found.passed().equals(before), bad);
            assertTrue(found.passed().length() < before.length() + bad.length(), bad);
            assertEquals(bad.startsWith("POST"), found.isCut(), bad);
            assertEquals(!bad.startsWith("POST"), !found.problem().isEmpty(), bad);
        }
    }

    /** Any bytes at all end in one of the three ways, and nothing is thrown. */
    @Test
    void anyBytes() {
        Random random = new Random(3);
        String letters = "GET / HTTP/1.1\r\n\r\n:Content-Length 5 Transfer-Encoding chunked\u00ff\u0000;\t";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                int from = random.nextInt(letters.length());
                text.append(letters, from, Math.min(letters.length(), from + 1 + random.nextInt(18)));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            Found found = read(bytes, random);
            assertTrue(found.passed().length() <= bytes.length);
        }
    }
}

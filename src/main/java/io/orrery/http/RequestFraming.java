package io.orrery.http;

import io.orrery.model.Printable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/**
 * Finds the boundaries of requests on a connection before Pekko's parser sees them, and rejects ambiguous heads, which
 * a proxy and this server could read differently (request smuggling). It is strict where RFC 9112 leaves a choice.
 *
 * <p>Pekko HTTP 1.3.0 decodes header values as UTF-8 without checking for truncated sequences: a value that ends in a
 * byte from 0xE0 to 0xF7 absorbs the end of its line, and the next header becomes a part of it. If that header is
 * {@code Content-Length}, the body becomes the next request.
 *
 * <p>Not thread-safe.
 */
final class RequestFraming {
    private static final int LONGEST_NAME = 64;
    /** How much of a line is kept; everything interpreted here is shorter. */
    private static final int KEPT = 512;

    /** The characters "HTTP/1.0". */
    private static final long HTTP_1_0 = 0x48_54_54_50_2F_31_2E_30L;

    /** The characters that RFC 9110 excludes from a token. */
    private static final String SEPARATORS = " \t\"(),/;<=>?@[\\]{}";

    private static final int LONGEST_SIZE_LINE = 256;
    private static final int MOST_HEX_DIGITS = 8;
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    /** The characters of a host with a port. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=%:\\[\\]-]*");

    private enum Place {
        BETWEEN,
        REQUEST_LINE,
        HEADERS,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS
    }

    private final int mostInHead;
    private final int mostInHeader;
    private Place place = Place.BETWEEN;
    /** The size of the head so far, and the beginning of the current line. */
    private int head;

    private final byte[] line = new byte[KEPT];
    private int lineLength;
    private boolean cr;
    /** The position of the colon in the current line; -1 if there is none yet. */
    private int colon = -1;

    /** The last characters of the request line: its version. */
    private long tail;

    private boolean old;
    private int hosts;
    private boolean chunked;
    /** Below 0 if there is none. */
    private long length;
    /** Bytes that remain of the body or the chunk. */
    private long left;

    private Problem problem;
    private boolean isCut;

    /**
     * @param mostInHead the maximum size of a head in bytes
     * @param mostInHeader the maximum size of a header's value in bytes
     */
    RequestFraming(int mostInHead, int mostInHeader) {
        this.mostInHead = mostInHead;
        this.mostInHeader = mostInHeader;
    }

    /** Why the current request is rejected; null if it is not. */
    Problem problem() {
        return problem;
    }

    /** Whether the current body cannot be read to its end. */
    boolean isCut() {
        return isCut;
    }

    /** The number of bytes between requests: clients may send empty lines before one. */
    int between(byte[] bytes, int from) {
        int at = from;
        while (place == Place.BETWEEN && at < bytes.length && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        return at - from;
    }

    /** Whether the head of a request has begun and not ended. */
    boolean isInHead() {
        return place == Place.REQUEST_LINE || place == Place.HEADERS;
    }

    /**
     * Scans further input, from one index to another.
     *
     * @return the index reached: the end of a request, of the input, or an error, in which case there is a {@link
     *     #problem} or the body {@link #isCut}
     */
    int scan(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && problem == null && !isCut) {
            switch (place) {
                case BETWEEN -> {
                    if (at > from) {
                        return at;
                    }
                    begin();
                }
                case BODY, CHUNK -> {
                    int some = (int) Math.min(left, to - at);
                    left -= some;
                    at += some;
                    if (left == 0) {
                        place = place == Place.BODY ? Place.BETWEEN : Place.CHUNK_END;
                    }
                }
                case CHUNK_SIZE, CHUNK_END -> {
                    isCut = !framing(bytes[at]);
                    at++;
                }
                case TRAILERS -> {
                    take(bytes[at]);
                    at++;
                    isCut = problem != null;
                    problem = null;
                }
                default -> {
                    take(bytes[at]);
                    at++;
                }
            }
        }
        return at;
    }

    private void begin() {
        place = Place.REQUEST_LINE;
        head = 0;
        length = -1;
        chunked = false;
        old = false;
        hosts = 0;
        startLine();
    }

    private void startLine() {
        lineLength = 0;
        cr = false;
        colon = -1;
    }

    private void take(byte b) {
        if (++head > mostInHead) {
            problem = Problem.of(
                    StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the head of a request has at most " + mostInHead + " bytes in all");
        } else if (b == '\n' && cr) {
            endLine();
        } else if (b == '\n') {
            problem = Problem.badRequest(where() + " has a line feed (0x0A) without a carriage return before it");
        } else if (cr) {
            problem = Problem.badRequest(where() + " has a carriage return (0x0D) within it");
        } else if (b == '\r') {
            cr = true;
        } else if (b < ' ' && b != '\t' || b == 0x7F) {
            problem =
                    Problem.badRequest(where() + String.format(" has the byte 0x%02X: a head is ASCII text", b & 0xFF));
        } else {
            keep(b);
        }
    }

    private void keep(byte b) {
        if (place == Place.HEADERS || place == Place.TRAILERS) {
            if (lineLength == 0 && (b == ' ' || b == '\t')) {
                problem = Problem.badRequest("a header is one line, and one begins with a space");
                return;
            }
            if (b == ':' && colon < 0) {
                colon = lineLength;
            }
            if (colon == 0 || colon < 0 && SEPARATORS.indexOf(b) >= 0) {
                problem = Problem.badRequest(
                        "a header is a name of letters, digits and hyphens, directly followed by a colon: \""
                                + Printable.of(text(0, lineLength)) + "\" has '" + (char) b + "' after it");
                return;
            }
            if (colon < 0 && lineLength >= LONGEST_NAME) {
                problem = tooLarge("the name of a header has at most " + LONGEST_NAME + " letters");
                return;
            }
            if (colon >= 0 && lineLength - colon > mostInHeader + 1) {
                problem = tooLarge(where() + " has more than the " + mostInHeader + " bytes that a header may have");
                return;
            }
        }
        if (lineLength < KEPT) {
            line[lineLength] = b;
        }
        lineLength++;
        tail = tail << 8 | b;
    }

    private static Problem tooLarge(String detail) {
        return Problem.of(StatusCodes.REQUEST_HEADER_FIELDS_TOO_LARGE, detail);
    }

    /** Describes the current line, for error messages. */
    private String where() {
        if (place == Place.REQUEST_LINE) {
            return "the request line";
        }
        return colon < 0 ? "the name of a header" : "the header " + name();
    }

    private String name() {
        return Printable.of(text(0, colon));
    }

    private String text(int from, int to) {
        return new String(line, from, Math.min(to, KEPT) - from, StandardCharsets.ISO_8859_1);
    }

    private void endLine() {
        if (place == Place.REQUEST_LINE) {
            old = tail == HTTP_1_0;
            place = Place.HEADERS;
        } else if (lineLength == 0) {
            endHead();
        } else if (place == Place.HEADERS) {
            header();
        }
        startLine();
    }

    private void header() {
        if (colon < 0) {
            problem = Problem.badRequest(
                    "a header has a colon after its name: \"" + Printable.of(text(0, lineLength)) + "\" has none");
            return;
        }
        switch (colon) {
            case 4 -> host();
            case 14 -> contentLength();
            case 17 -> transferEncoding();
            default -> {
                // Other headers do not matter here.
            }
        }
    }

    private boolean isNamed(String name) {
        return text(0, colon).equalsIgnoreCase(name);
    }

    private String value() {
        return text(colon + 1, lineLength).strip();
    }

    private Problem wrong(String right) {
        return Problem.badRequest("the header " + name() + " " + right + ", not \"" + Printable.of(value()) + "\"");
    }

    private void host() {
        if (isNamed("host")) {
            hosts++;
            if (hosts > 1) {
                problem = Problem.badRequest("a request has one header Host, not two");
            } else if (!HOST.matcher(value()).matches()) {
                problem = wrong("names a host and perhaps a port, as in localhost:8000");
            }
        }
    }

    private void contentLength() {
        if (isNamed("content-length")) {
            if (length >= 0) {
                problem = Problem.badRequest("a request has one header Content-Length, not two");
            } else if (!LENGTH.matcher(value()).matches()) {
                problem = wrong("is a number of bytes");
            } else {
                length = Long.parseLong(value());
            }
        }
    }

    private void transferEncoding() {
        if (isNamed("transfer-encoding")) {
            if (chunked) {
                problem = Problem.badRequest("a request has one header Transfer-Encoding, not two");
            } else if (!value().equalsIgnoreCase("chunked")) {
                problem = Problem.of(
                        StatusCodes.NOT_IMPLEMENTED,
                        "the header Transfer-Encoding is chunked or left out, not \"" + Printable.of(value()) + "\"");
            }
            chunked = true;
        }
    }

    private void endHead() {
        if (place == Place.TRAILERS) {
            place = Place.BETWEEN;
        } else if (chunked && old) {
            problem = Problem.badRequest("HTTP/1.0 has no Transfer-Encoding: give a Content-Length, or use HTTP/1.1");
        } else if (chunked && length >= 0) {
            problem = Problem.badRequest("a request has Content-Length or Transfer-Encoding, not both");
        } else if (chunked) {
            place = Place.CHUNK_SIZE;
            left = 0;
        } else {
            left = Math.max(length, 0);
            place = left > 0 ? Place.BODY : Place.BETWEEN;
        }
    }

    /**
     * Scans a byte of the framing around the chunks of a body.
     *
     * @return whether it is valid there
     */
    private boolean framing(byte b) {
        if (cr) {
            return b == '\n' && endOfFraming();
        }
        if (b == '\r') {
            cr = true;
            return true;
        }
        if (place == Place.CHUNK_END || lineLength >= LONGEST_SIZE_LINE || b < ' ' && b != '\t') {
            return false;
        }
        if (colon < 0) {
            int digit = Character.digit(b, 16);
            if (digit >= 0 && lineLength < MOST_HEX_DIGITS) {
                left = left << 4 | digit;
            } else if (b == ';' && lineLength > 0) {
                colon = lineLength; // a chunk extension, which nobody reads
            } else {
                return false;
            }
        }
        lineLength++;
        return true;
    }

    private boolean endOfFraming() {
        if (place == Place.CHUNK_END) {
            place = Place.CHUNK_SIZE;
            left = 0;
        } else if (lineLength == 0) {
            return false;
        } else {
            place = left > 0 ? Place.CHUNK : Place.TRAILERS;
        }
        startLine();
        return true;
    }
}

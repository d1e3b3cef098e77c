package io.orrery.http;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.pekko.util.ByteString;

/**
 * A document with a large value in it, as UTF-8 in small parts, each made on demand: an answer in flight needs little
 * memory besides the value, which the store holds anyway.
 */
final class ValueParts implements Iterator<ByteString> {
    /** The number of characters of a value in one part. */
    static final int LETTERS = 8 << 10;

    private final byte[] head;
    private final String value;
    private final byte[] tail;
    private int sent = -1;

    /**
     * @param head the text before the value
     * @param tail the text after it
     */
    ValueParts(byte[] head, String value, byte[] tail) {
        this.head = head;
        this.value = value;
        this.tail = tail;
    }

    /** In bytes. */
    long size() {
        return head.length + utf8Length(value) + tail.length;
    }

    @Override
    public boolean hasNext() {
        return sent <= value.length();
    }

    @Override
    public ByteString next() {
        if (sent < 0) {
            sent = 0;
            return ByteString.fromArrayUnsafe(head);
        }
        if (sent < value.length()) {
            int from = sent;
            sent = end(value, from);
            return ByteString.fromArrayUnsafe(value.substring(from, sent).getBytes(StandardCharsets.UTF_8));
        }
        if (sent > value.length()) {
            throw new NoSuchElementException();
        }
        sent = value.length() + 1;
        return ByteString.fromArrayUnsafe(tail);
    }

    /** The end of the part of a text that begins here; never inside a surrogate pair. */
    static int end(String text, int from) {
        int end = Math.min(from + LETTERS, text.length());
        return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    /** For a text without unpaired surrogates. */
    private static long utf8Length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of the four bytes.
            bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return bytes;
    }
}

package io.orrery.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a file: UTF-8 and of limited size. */
public final class FileText {
    private static final long MOST_BYTES = 4 << 20;

    private FileText() {}

    /**
     * @param shown the name of the file in problems
     * @throws ConfigProblem if there is no such file, or it is not text
     */
    public static String read(Path path, String shown) {
        if (Files.isDirectory(path)) {
            throw new ConfigProblem(shown + ": this is a folder, not a file");
        }
        if (!Files.isRegularFile(path)) {
            throw new ConfigProblem(shown + ": there is no such file");
        }
        byte[] bytes;
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new ConfigProblem(
                        shown + ": the file has " + Files.size(path) + " bytes, and may have " + MOST_BYTES);
            }
            bytes = Files.readAllBytes(path);
        } catch (IOException e) {
            throw new ConfigProblem(shown + ": the file cannot be read", e);
        }
        return decoded(bytes, shown);
    }

    private static String decoded(byte[] bytes, String shown) {
        if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
            throw new ConfigProblem(shown + ": the file is UTF-16; it must be UTF-8");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new ConfigProblem("%s:%d: the file must be UTF-8, and the byte 0x%02X here is not"
                    .formatted(shown, lineAfter(text, text.length()), bytes[in.position()] & 0xFF));
        }
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            throw new ConfigProblem(shown + ":" + lineAfter(text, zero)
                    + ": there is a zero byte, so this is no text in UTF-8 (it may be UTF-16)");
        }
        return text;
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    private static long lineAfter(String text, int end) {
        return 1 + text.substring(0, end).chars().filter(it -> it == '\n').count();
    }
}

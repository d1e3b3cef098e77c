package io.orrery.simulation;

import io.orrery.codec.Codec;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Vocabulary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The codecs of messages, each made once: making one takes longer than a small world. */
final class MessageCodecs {
    private static final Map<Vocabulary, Codec<Message>> CODECS = new ConcurrentHashMap<>();

    private MessageCodecs() {}

    static Codec<Message> of(ProtocolType protocol) {
        return CODECS.computeIfAbsent(protocol.vocabulary(), any -> Codec.ofMessages(protocol));
    }
}

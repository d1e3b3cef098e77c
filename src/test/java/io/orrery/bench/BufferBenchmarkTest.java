package io.orrery.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.bench.BufferBenchmark.Arrival;
import io.orrery.protocol.Protocols;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmark measures what it says: everything is delivered, and what comes out of order was buffered. */
class BufferBenchmarkTest {
    @ParameterizedTest
    @ValueSource(strings = {"vector-causal", "cops"})
    void whatComesOutOfOrderIsBufferedAndAllIsDelivered(String protocol) {
        List<String> progress = new ArrayList<>();
        List<BufferBenchmark.Figure> figures =
                new BufferBenchmark(Protocols.named(protocol), 1, 1).run(progress::add, 100);
        assertEquals(List.of("100 writes, in order", "100 writes, reversed", "100 writes, shuffled"), progress);
        assertEquals(
                List.of(Arrival.IN_ORDER, Arrival.REVERSED, Arrival.SHUFFLED),
                figures.stream().map(BufferBenchmark.Figure::arrival).toList());
        assertEquals(0, figures.get(0).buffered());
        assertEquals(99, figures.get(1).buffered(), "all but the first, which comes last");
        assertTrue(figures.get(2).buffered() > 50);
        figures.forEach(figure -> assertTrue(figure.seconds().median() > 0));
    }
}

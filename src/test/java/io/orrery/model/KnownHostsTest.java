package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownHostsTest {
    private final KnownHosts hosts = new KnownHosts(List.of("Node-a.example.org", "node-b"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost.",
                "a.localhost",
                "127.0.0.1",
                "0.0.0.0",
                "10.1.2.3",
                "::1",
                "[::1]",
                "fe80::1",
                "node-a.example.org",
                "NODE-A.EXAMPLE.ORG.",
                "node-b"
            })
    void known(String host) {
        assertTrue(hosts.has(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "evil.node-b",
                "node-b.evil",
                "localhost.evil.org",
                "notlocalhost",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.evil.org",
                "1.2.3.x",
                "",
                "127.0.0.1a"
            })
    void unknown(String host) {
        assertFalse(hosts.has(host));
    }

    @ParameterizedTest
    @CsvSource({"a, a", "a:1, a", "[::1]:8000, [::1]", "[::1], [::1]", "127.0.0.1:80, 127.0.0.1"})
    void aHeaderMayNameAPort(String header, String host) {
        assertEquals(host, KnownHosts.withoutPort(header));
    }

    @Test
    void anAddressIsKnownWhereNoNameIs() {
        assertTrue(new KnownHosts(List.of()).has("192.168.0.1"));
        assertFalse(new KnownHosts(List.of()).has("node-b"));
    }
}

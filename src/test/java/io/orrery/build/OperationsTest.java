package io.orrery.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.protocol.HandMadeOrder;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.testkit.protocol.ProtocolNet;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The README's table of protocols says which operations each offers. */
class OperationsTest {
    @Test
    void theReadmeSaysWhatTheProtocolsOffer() throws IOException {
        Map<String, String> said = new TreeMap<>();
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int header = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith("| protocol |"))
                .findFirst()
                .orElseThrow());
        for (String row : lines.subList(header + 2, lines.size())) {
            if (!row.startsWith("| `")) {
                break;
            }
            String[] cells = row.split("\\|", -1);
            said.put(cells[1].strip().replace("`", ""), cells[cells.length - 2].strip());
        }
        Map<String, String> offered = new TreeMap<>();
        Protocols.all().forEach(type -> offered.put(type.name(), offers(type)));
        assertEquals(offered, said);
    }

    /** Whether an answer gives the client a token to send back. */
    private static boolean hasSessions(ProtocolType type) {
        ProtocolNet net = new ProtocolNet(type, "A", "B", "C");
        net.deliverAll();
        Asked asked = net.at("A").put("", "x", "1");
        net.deliverAll();
        return !asked.done().session().isEmpty();
    }

    private static String offers(ProtocolType type) {
        List<String> offers = new ArrayList<>();
        if (type.compares()) {
            boolean leaderAlone = type.leadership() == ProtocolType.Leadership.QUORUM;
            offers.add(leaderAlone ? "cas (at the leader)" : "cas");
        }
        if (type.handmade() != HandMadeOrder.NONE) {
            offers.add("sync");
        }
        if (type.remembers()) {
            offers.add("request ids");
        }
        if (hasSessions(type)) {
            offers.add("sessions");
        }
        return String.join(", ", offers);
    }
}

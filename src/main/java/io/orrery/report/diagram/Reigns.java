package io.orrery.report.diagram;

import io.orrery.protocol.Role;
import io.orrery.protocol.Role.Duty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Gathers who led when, and who wanted to, from what replicas say of their roles. */
final class Reigns {
    private final List<Diagram.Reign> all = new ArrayList<>();
    /** Those that have begun and not ended, as indices, by lane. */
    private final Map<Integer, Integer> open = new HashMap<>();

    List<Diagram.Reign> all() {
        return all;
    }

    void became(int lane, Role role, int moment) {
        end(lane, moment);
        if (role.duty() != Duty.FOLLOWS) {
            open.put(lane, all.size());
            boolean leads = role.duty() == Duty.LEADS;
            all.add(new Diagram.Reign(lane, moment, OptionalInt.empty(), leads, role.term(), role.toString()));
        }
    }

    void end(int lane, int moment) {
        Integer place = open.remove(lane);
        if (place != null) {
            Diagram.Reign it = all.get(place);
            all.set(
                    place,
                    new Diagram.Reign(lane, it.from(), OptionalInt.of(moment), it.leads(), it.term(), it.text()));
        }
    }
}

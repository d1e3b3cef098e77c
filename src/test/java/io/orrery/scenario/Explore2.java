package io.orrery.scenario;

import io.orrery.check.*;
import io.orrery.protocol.*;
import io.orrery.report.*;
import io.orrery.simulation.*;
import java.util.*;

public class Explore2 {
    public static void main(String[] a) {
        ProtocolType p0 = Protocols.named(a[0]);
        ProtocolType p = new ProtocolType(
                p0.name(), p0.summary(), new Promises(List.of(), Boolean.parseBoolean(a[1])), p0.factory());
        long i = Long.parseLong(a[2]);
        Trace t = new Trace();
        try (Simulation s = Simulation.start()) {
            Run r = ScenarioRunner.run(s, GeneratedScenarios.withinPromises(p, i), i, t);
            VerdictText.reasons(Checker.check(r.history(), Model.parse(a[3]), Options.DEFAULT))
                    .forEach(System.out::println);
        }
        if (a.length > 4) TraceText.lines(t.events()).forEach(System.out::println);
    }
}

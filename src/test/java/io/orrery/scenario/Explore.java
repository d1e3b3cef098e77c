package io.orrery.scenario;

import io.orrery.check.*;
import io.orrery.protocol.*;
import io.orrery.simulation.*;
import java.util.*;

public class Explore {
    public static void main(String[] a) {
        int n = Integer.parseInt(a[0]);
        for (ProtocolType p0 : Protocols.all())
            for (boolean moving : new boolean[] {false, true}) {
                if (a.length > 1 && !p0.name().matches(a[1])) continue;
                ProtocolType p =
                        new ProtocolType(p0.name(), p0.summary(), new Promises(List.of(), moving), p0.factory());
                Map<Model, Integer> bad = new TreeMap<>();
                Map<Model, Integer> und = new TreeMap<>();
                Map<Model, Long> first = new TreeMap<>();
                long t = System.nanoTime(), tc = 0;
                try (Simulation s = Simulation.start()) {
                    for (long i = 0; i < n; i++) {
                        Run r = ScenarioRunner.run(s, GeneratedScenarios.withinPromises(p, i), i, WorldObserver.NONE);
                        long u = System.nanoTime();
                        for (Model m : Model.values()) {
                            Verdict v = m == Model.CONVERGED
                                    ? r.verdicts().get(m)
                                    : Checker.check(r.history(), m, Options.DEFAULT.withStates(200000));
                            if (v instanceof Verdict.Violated) {
                                bad.merge(m, 1, Integer::sum);
                                first.putIfAbsent(m, i);
                            }
                            if (v instanceof Verdict.Undecided) und.merge(m, 1, Integer::sum);
                        }
                        tc += System.nanoTime() - u;
                    }
                }
                System.out.printf(
                        "%s moving=%s  %.1fs (check %.1fs)%n",
                        p.name(), moving, (System.nanoTime() - t) / 1e9, tc / 1e9);
                for (Model m : Model.values())
                    System.out.printf(
                            "   %-22s violated %4d (first %s) undecided %d%n",
                            m, bad.getOrDefault(m, 0), first.get(m), und.getOrDefault(m, 0));
            }
    }
}

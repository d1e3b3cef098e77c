package io.orrery.scenario;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.network.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes steps and link rules as {@link StepReader} and its like read them, in columns. */
final class StepWriter {
    private StepWriter() {}

    /** A line for each step. */
    static List<String> lines(List<Step> steps) {
        int[] widths = new int[3];
        List<String[]> rows = new ArrayList<>();
        for (Step step : steps) {
            String[] row = row(step);
            rows.add(row);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder("{ ");
        for (int i = 0; i < widths.length; i++) {
            if (!row[i].isEmpty()) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 1));
            }
        }
        return line.append(row[widths.length]).append(" }").toString();
    }

    /** The time, the replica that is asked, the client, and the rest. */
    private static String[] row(Step step) {
        String at = "at = " + Durations.format(step.at()) + ",";
        if (step instanceof Step.Ask ask) {
            String client = ask.client().equals("someone at " + ask.via())
                    ? ""
                    : "client = " + HoconText.text(ask.client()) + ",";
            return new String[] {
                at,
                "via = " + HoconText.text(ask.via().name()) + ",",
                client,
                operation(ask.operation()) + expectation(ask.expectation())
            };
        }
        Step.Inject inject = (Step.Inject) step;
        String midStep = inject.midStep().isPresent()
                ? ", mid-step = " + inject.midStep().getAsInt()
                : "";
        return new String[] {at, "", "", fault(inject.fault()) + midStep};
    }

    private static String operation(Operation operation) {
        String key = HoconText.text(operation.key().name());
        if (operation instanceof Operation.Write write) {
            return "put = " + new HoconText().put("key", key).put("value", HoconText.value(write.value()));
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            HoconText object = new HoconText().put("key", key);
            cas.value().ifPresent(value -> object.put("value", HoconText.value(value)));
            return "cas = " + object;
        }
        if (operation instanceof Operation.HandMadeWrite made) {
            HoconText clock = new HoconText();
            made.clock().forEach((node, count) -> clock.put(HoconText.key(node.name()), "" + count));
            return "sync = "
                    + new HoconText()
                            .put("key", key)
                            .put("value", HoconText.value(made.value()))
                            .put("from", HoconText.text(made.from().name()))
                            .object("clock", clock)
                            .differing("version", made.version(), 0L, "" + made.version());
        }
        return (operation instanceof Operation.Read ? "get = " : "delete = ") + key;
    }

    private static String expectation(Expectation expectation) {
        StringBuilder text = new StringBuilder();
        expectation
                .values()
                .ifPresent(values -> text.append(values.size() == 1 ? ", expect = " : ", expect-one-of = ")
                        .append(
                                values.size() == 1
                                        ? HoconText.value(values.get(0))
                                        : values.stream()
                                                .map(HoconText::value)
                                                .collect(Collectors.joining(", ", "[", "]"))));
        expectation.ending().ifPresent(it -> text.append(", outcome = ").append(it));
        expectation.status().ifPresent(it -> text.append(", status = ").append(it));
        expectation.version().ifPresent(it -> text.append(", version = ").append(it));
        expectation.within().ifPresent(it -> text.append(", within = ").append(Durations.format(it)));
        expectation.atLeast().ifPresent(it -> text.append(", at-least = ").append(Durations.format(it)));
        return text.toString();
    }

    private static String fault(Fault fault) {
        if (fault instanceof Fault.ChangeLinks changeLinks) {
            return "link = " + link(changeLinks);
        }
        if (fault instanceof Fault.Partition partition) {
            return "partition = "
                    + partition.groups().stream()
                            .map(group -> HoconText.list(List.copyOf(group)))
                            .collect(Collectors.joining(", ", "[", "]"));
        }
        if (fault instanceof Fault.Isolate isolate) {
            return "isolate = " + name(isolate.replica());
        }
        if (fault instanceof Fault.Reset reset) {
            return "reset = " + name(reset.replica());
        }
        if (fault instanceof Fault.Heal heal) {
            return "heal = " + (heal.equals(Fault.Heal.ALL) ? "all" : ends(heal.from(), heal.to()));
        }
        return ofReplica((Fault.OfReplica) fault);
    }

    private static String ofReplica(Fault.OfReplica fault) {
        String replica = name(fault.replica());
        HoconText object = new HoconText().put("replica", replica);
        if (fault instanceof Fault.Restore restore) {
            return "restore = " + object.put("to", Durations.format(restore.to()));
        }
        if (fault instanceof Fault.Slow slow) {
            return "slow = " + object.put("by", HoconText.measure(slow.handling()));
        }
        if (fault instanceof Fault.SlowDisk slow) {
            return "slow-disk = " + object.put("by", Durations.format(slow.by()));
        }
        if (fault instanceof Fault.DamageDisk damage) {
            return "damage-disk = " + object.put("what", damage.what().toString());
        }
        if (fault instanceof Fault.FailDisk fail && fail.what() != Fault.DiskFailure.SYNC) {
            return "fail-disk = " + object.put("what", fail.what().toString());
        }
        if (fault instanceof Fault.ClockRate clock) {
            return "clock = " + object.put("rate", HoconText.number(clock.rate()));
        }
        if (fault instanceof Fault.ClockJump jump) {
            return "clock = " + object.put(jump.back() ? "back" : "ahead", Durations.format(jump.by()));
        }
        return word(fault) + " = " + replica;
    }

    /** The key of a fault that names a replica and nothing else. */
    private static String word(Fault.OfReplica fault) {
        return fault.getClass().getAnnotation(JsonTypeName.class).value();
    }

    private static String name(NodeId replica) {
        return HoconText.text(replica.name());
    }

    private static HoconText ends(Optional<NodeId> from, Optional<NodeId> to) {
        HoconText ends = new HoconText();
        from.ifPresent(it -> ends.put("from", name(it)));
        to.ifPresent(it -> ends.put("to", name(it)));
        return ends;
    }

    /** A rule of the file, or a change of it. */
    static String link(Fault.ChangeLinks link) {
        HoconText text = ends(link.from(), link.to());
        link.messages().key().ifPresent(it -> text.put("key", HoconText.text(it.name())));
        link.messages().kind().ifPresent(it -> text.put("kind", HoconText.text(it)));
        link.change().delay().ifPresent(it -> text.put("delay", HoconText.measure(it)));
        link.change().loss().ifPresent(it -> text.put("loss", HoconText.number(it)));
        link.change().runs().ifPresent(it -> text.put("loss-run", HoconText.measure(it)));
        link.change().duplicate().ifPresent(it -> text.put("duplicate", HoconText.number(it)));
        link.change().cut().ifPresent(it -> text.put("cut", "" + it));
        return text.toString();
    }
}

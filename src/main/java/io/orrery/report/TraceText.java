package io.orrery.report;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.simulation.TraceEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** A trace as text, a line per event: virtual time in seconds, place, logical clock, and what happened. */
public final class TraceText {
    private final int whereWidth;
    private final int clockWidth;

    private record Line(long nanos, String where, String clock, String what) {}

    private TraceText(int whereWidth, int clockWidth) {
        this.whereWidth = whereWidth;
        this.clockWidth = clockWidth;
    }

    /** All lines of a trace, the head first. */
    public static List<String> lines(List<TraceEvent> events) {
        List<Line> lines = new java.util.ArrayList<>();
        lines.add(new Line(-1, "where", "clock", "what"));
        events.forEach(event -> lines.add(line(event)));
        int where = lines.stream().mapToInt(line -> line.where().length()).max().orElse(0);
        int clock = lines.stream().mapToInt(line -> line.clock().length()).max().orElse(0);
        TraceText text = new TraceText(where, clock);
        return lines.stream().map(text::format).toList();
    }

    /** The SHA-256 of the lines, in hexadecimal: equal only for traces that are equal to the byte. */
    public static String hash(List<TraceEvent> events) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : lines(events)) {
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) '\n');
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String format(Line line) {
        String time = line.nanos() < 0 ? "time (s)" : DurationText.exact(line.nanos());
        return pad(" ".repeat(Math.max(0, 14 - time.length())) + time, 14) + "  " + pad(line.where(), whereWidth) + "  "
                + pad(line.clock(), clockWidth) + "  " + line.what();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** The event in words, without time and place. */
    public static String what(TraceEvent event) {
        return line(event).what();
    }

    private static Line line(TraceEvent event) {
        if (event instanceof TraceEvent.AtReplica at) {
            return new Line(at.nanos(), at.at().name(), String.valueOf(at.clock()), atReplica(at));
        }
        if (event instanceof TraceEvent.OfMessage message) {
            return ofMessage(message);
        }
        if (event instanceof TraceEvent.Invoked it) {
            return new Line(it.nanos(), it.via().name(), "", it.client() + " asks: " + operation(it.operation()));
        }
        if (event instanceof TraceEvent.Returned it) {
            String took =
                    it.tookNanos() == 0 ? "at once" : "after " + DurationText.rounded(Duration.ofNanos(it.tookNanos()));
            return new Line(
                    it.nanos(),
                    it.via().name(),
                    "",
                    it.client() + " has, " + took + ": " + operation(it.operation()) + " -> " + outcome(it.outcome()));
        }
        if (event instanceof TraceEvent.OnTheWay it) {
            return new Line(it.nanos(), "*", "", onTheWay(it));
        }
        if (event instanceof TraceEvent.Faulted it) {
            return new Line(it.nanos(), "*", "", it.fault().toString());
        }
        if (event instanceof TraceEvent.Breached it) {
            return new Line(it.nanos(), "*", "", "invariant " + it.invariant().name() + " broken: " + it.what());
        }
        throw new IllegalArgumentException("not a trace event that can be told: " + event);
    }

    private static String onTheWay(TraceEvent.OnTheWay event) {
        if (event instanceof TraceEvent.RequestLost it) {
            return "lost the request of " + it.client() + " to " + it.via() + ": " + operation(it.operation());
        }
        if (event instanceof TraceEvent.Doubled it) {
            return "doubled the request of " + it.client() + " to " + it.via() + ": " + operation(it.operation());
        }
        TraceEvent.AnswerLost it = (TraceEvent.AnswerLost) event;
        return "lost the answer to " + it.client() + ": " + outcome(it.outcome());
    }

    private static String atReplica(TraceEvent.AtReplica event) {
        if (event instanceof TraceEvent.Received it) {
            return "takes " + operation(it.operation()) + " of " + it.client();
        }
        if (event instanceof TraceEvent.Applied it) {
            return "applied " + it.update();
        }
        if (event instanceof TraceEvent.Buffered it) {
            return "buffered " + it.update() + ", until it has " + it.waitsFor();
        }
        if (event instanceof TraceEvent.Superseded it) {
            return "superseded " + it.update() + ", as it has " + it.by();
        }
        if (event instanceof TraceEvent.Started it) {
            return it.incarnation() == 0 ? "started" : "started, incarnation " + it.incarnation();
        }
        if (event instanceof TraceEvent.Stopped) {
            return "stopped";
        }
        return event instanceof TraceEvent.Paused ? "paused" : "resumed";
    }

    private static Line ofMessage(TraceEvent.OfMessage event) {
        String where = link(event.from(), event.to());
        if (event instanceof TraceEvent.Sent it) {
            String delay = it.delayNanos() == 0
                    ? ""
                    : ", under way for " + DurationText.rounded(Duration.ofNanos(it.delayNanos()));
            return new Line(it.nanos(), where, String.valueOf(it.clock()), "sent " + it.message() + delay);
        }
        if (event instanceof TraceEvent.Delivered it) {
            return new Line(it.nanos(), where, String.valueOf(it.clock()), "delivered " + it.message());
        }
        TraceEvent.Lost it = (TraceEvent.Lost) event;
        return new Line(it.nanos(), where, "", "lost " + it.message() + ": " + it.why());
    }

    private static String link(NodeId from, NodeId to) {
        return from + " -> " + to;
    }

    /** Such as {@code put x = 1}. */
    public static String operation(Operation operation) {
        if (operation instanceof Operation.Write write) {
            return "put " + write.key() + " = " + write.value();
        }
        if (operation instanceof Operation.HandMadeWrite handMadeWrite) {
            return "sync " + handMadeWrite.key() + " = " + handMadeWrite.value() + " of " + handMadeWrite.from() + " "
                    + handMadeWrite.clock();
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return "cas " + cas.key() + " = " + cas.value().map(Value::json).orElse("nothing") + " if "
                    + cas.expected().map(Version::toString).orElse("absent");
        }
        return (operation instanceof Operation.Read ? "get " : "delete ") + operation.key();
    }

    /** Such as {@code 1 (2@A)}, or why it was refused. */
    public static String outcome(Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            String version = done.version().map(it -> " (" + it + ")").orElse("");
            String status = done.status() == Outcome.Status.APPLIED ? "" : " " + done.status();
            return done.value().map(Value::json).orElse("nothing") + version + status;
        }
        if (outcome instanceof Outcome.Mismatch mismatch) {
            return "no match: " + mismatch.value().map(Value::json).orElse("nothing")
                    + mismatch.version().map(it -> " (" + it + ")").orElse("");
        }
        if (outcome instanceof Outcome.Refused refused) {
            return "refused: " + refused.detail();
        }
        return "unknown: " + ((Outcome.Unknown) outcome).detail();
    }
}

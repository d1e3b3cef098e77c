package io.orrery.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final TestInbox<ReplicaActor.Reply> client = TestInbox.create();
    private final List<Duration> timers = new ArrayList<>();
    private final List<OpenRequest> expired = new ArrayList<>();
    private long now;
    private final Deadlines deadlines = new Deadlines(Duration.ofNanos(100), () -> now, timers::add);

    private OpenRequest add() {
        Operation write = new Operation.Write(Key.of("x"), Value.of("123456789"));
        OpenRequest request = new OpenRequest(new ReplicaActor.ClientRequest(1, "client", write, "", client.getRef()));
        deadlines.add(request);
        return request;
    }

    private void answer(OpenRequest request) {
        request.answer(new Outcome.Unknown("test"));
        deadlines.remove(request);
    }

    /** However long another has waited: a request that is held up keeps nobody else from being served. */
    @Test
    void aRequestThatIsAnsweredWaitsNoMore() {
        add();
        for (int i = 0; i < 1_000; i++) {
            answer(add());
        }
        assertEquals(1, deadlines.size());
        assertEquals(12, deadlines.bytes(), "a key of 1 and a value of 11");
    }

    @Test
    void eachExpiresWhenItsTimeIsUpAndOneTimerServesAll() {
        OpenRequest first = add();
        now = 10;
        OpenRequest second = add();
        now = 20;
        OpenRequest third = add();
        answer(second);
        assertEquals(List.of(Duration.ofNanos(100)), timers);
        now = 100;
        deadlines.timeIsUp(expired::add);
        assertEquals(List.of(first), expired);
        assertEquals(List.of(Duration.ofNanos(100), Duration.ofNanos(20)), timers);
        now = 120;
        deadlines.timeIsUp(expired::add);
        assertEquals(List.of(first, third), expired);
        assertEquals(2, timers.size(), "nobody waits");
        assertEquals(0, deadlines.size());
        assertEquals(0, deadlines.bytes());
    }
}

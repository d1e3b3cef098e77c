package io.orrery.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private static final long SECOND = 1_000_000_000;

    private final LoopedSystem system = new LoopedSystem();
    private final EventLoop loop = system.loop();
    private final List<String> happened = new ArrayList<>();

    @AfterEach
    void end() {
        system.close();
    }

    private Runnable happens(String what) {
        return () -> happened.add(what + "@" + loop.now() / 1_000_000);
    }

    private void runTo(long nanos) {
        while (loop.step(nanos)) {
            // Each step is one event.
        }
        loop.advanceTo(nanos);
    }

    private Behavior<String> says(String name) {
        return Behaviors.receiveMessage(message -> {
            happens(name + " " + message).run();
            return Behaviors.same();
        });
    }

    @Test
    void timeMovesFromOneTimerToTheNext() {
        system.reset(1);
        loop.after(3_000_000, happens("c"));
        loop.after(1_000_000, happens("a"));
        loop.after(2_000_000, happens("b"));
        runTo(SECOND);
        assertEquals(List.of("a@1", "b@2", "c@3"), happened);
        assertEquals(SECOND, loop.now());
    }

    @Test
    void timersOfOneInstantRunInAnyOrder() {
        Set<List<String>> orders = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            system.reset(seed);
            happened.clear();
            for (String name : List.of("a", "b", "c")) {
                loop.after(1_000_000, happens(name));
            }
            runTo(SECOND);
            orders.add(List.copyOf(happened));
        }
        assertEquals(6, orders.size());
    }

    @Test
    void aPlannedStepComesFirstAtItsInstant() {
        for (int seed = 0; seed < 20; seed++) {
            system.reset(seed);
            happened.clear();
            loop.after(1_000_000, happens("timer"));
            loop.plan(1_000_000, happens("first"));
            loop.plan(1_000_000, happens("second"));
            runTo(SECOND);
            assertEquals(List.of("first@1", "second@1", "timer@1"), happened);
        }
    }

    @Test
    void theSameSeedMakesTheSameChoices() {
        assertEquals(twoBusyActors(7, false), twoBusyActors(7, false));
        assertNotEquals(twoBusyActors(7, false), twoBusyActors(8, false));
    }

    /** Choices between two actors stay what they are when a third one joins in. */
    @Test
    void whatOneActorDoesChangesNoChoiceBetweenOthers() {
        for (int seed = 0; seed < 50; seed++) {
            List<String> alone = twoBusyActors(seed, false);
            List<String> withAThird = new ArrayList<>(twoBusyActors(seed, true));
            withAThird.removeIf(it -> it.startsWith("third"));
            assertEquals(alone, withAThird);
        }
    }

    private List<String> twoBusyActors(long seed, boolean third) {
        system.reset(seed);
        happened.clear();
        List<ActorRef<String>> actors = new ArrayList<>();
        for (String name : third ? List.of("third", "one", "two") : List.of("one", "two")) {
            ActorRef<String> actor = system.spawn(says(name), name);
            actors.add(actor);
        }
        for (int i = 0; i < 10; i++) {
            for (ActorRef<String> actor : actors) {
                actor.tell("m" + i);
            }
        }
        loop.settle();
        List<String> seen = List.copyOf(happened);
        actors.forEach(system::stop);
        return seen;
    }

    @Test
    void aChooserKnowsWhoSendsAndWhoReceives() {
        Set<String> offered = new HashSet<>();
        loop.reset(ready -> {
            for (int i = 0; i < ready.size(); i++) {
                offered.add(ready.get(i).toString());
            }
            return 0;
        });
        ActorRef<String> a = system.spawn(says("a"), "a");
        ActorRef<String> b = system.spawn(
                Behaviors.receiveMessage(message -> {
                    a.tell(message);
                    a.tell(message);
                    return Behaviors.same();
                }),
                "b");
        b.tell("m");
        loop.after(0, happens("timer"));
        loop.deliver(0, "there", "here", happens("delivery"));
        loop.settle();
        assertTrue(
                offered.containsAll(Set.of(
                        "HANDLING outside -> /user/b",
                        "TIMER outside -> outside",
                        "DELIVERY there -> here",
                        "HANDLING /user/b -> /user/a",
                        "SEND /user/b -> /user/a")),
                offered::toString);
    }

    @Test
    void aCancelledTimerIsNoChoiceAnyMore() {
        loop.reset(ready -> 0);
        Timer[] second = new Timer[1];
        loop.after(1_000_000, () -> {
            happens("first").run();
            second[0].cancel();
        });
        second[0] = loop.timer(1_000_000, happens("second"));
        loop.after(1_000_000, happens("third"));
        runTo(SECOND);
        assertEquals(List.of("first@1", "third@1"), happened);
    }

    @Test
    void whoIsBusyLetsMessagesWait() {
        system.reset(1);
        ActorRef<String> slow = system.spawn(says("slow"), "slow");
        ActorRef<String> quick = system.spawn(says("quick"), "quick");
        loop.setPace(new Pace() {
            @Override
            public long handling(String actor) {
                return actor.equals("/user/slow") ? 5_000_000 : 0;
            }
        });
        for (String message : List.of("1", "2", "3")) {
            slow.tell(message);
            quick.tell(message);
        }
        runTo(SECOND);
        assertEquals(
                List.of("slow 1@0", "slow 2@5", "slow 3@10"),
                happened.stream().filter(it -> it.startsWith("slow")).toList());
        assertEquals(
                List.of("quick 1@0", "quick 2@0", "quick 3@0"),
                happened.stream().filter(it -> it.startsWith("quick")).toList());
    }

    /** So that a world can end at any moment, and the next one begins with no actor left. */
    @Test
    void whoIsBusyStopsAtOnceWhereAllHurry() {
        system.reset(1);
        ActorRef<String> slow = system.spawn(says("slow"), "slow");
        loop.setPace(new Pace() {
            @Override
            public long handling(String actor) {
                return SECOND;
            }
        });
        ActorRef<String> waiting = system.spawn(says("waiting"), "waiting");
        slow.tell("1");
        waiting.tell("1");
        waiting.tell("2");
        loop.settle();
        loop.hurry();
        system.stop(slow);
        system.stop(waiting);
        system.reset(2);
        system.spawn(says("again"), "waiting");
        ActorRef<String> again = system.spawn(says("again"), "slow");
        again.tell("3");
        loop.settle();
        assertEquals("again 3@0", happened.get(happened.size() - 1));
    }

    @Test
    void aClockMayBeFast() {
        system.reset(1);
        loop.setPace(new Pace() {
            @Override
            public long timer(String actor, long asked) {
                return actor.equals("/user/fast") ? asked / 2 : asked;
            }
        });
        for (String name : List.of("fast", "right")) {
            system.spawn(
                    Behaviors.<String>withTimers(timers -> {
                        timers.startSingleTimer("tick", Duration.ofMillis(10));
                        return says(name);
                    }),
                    name);
        }
        runTo(SECOND);
        assertEquals(List.of("fast tick@5", "right tick@10"), happened);
    }

    /** Between a message's arrival and its handling, and between two messages of one broadcast. */
    @Test
    void faultsStrikeWhileMessagesWaitAndInTheMiddleOfAStep() {
        Set<List<String>> seen = new HashSet<>();
        for (int points = 0; points < 4; points++) {
            system.reset(1);
            happened.clear();
            ActorRef<String> actor = system.spawn(
                    Behaviors.receiveMessage(message -> {
                        happens("begin").run();
                        loop.strikePoint();
                        happens("middle").run();
                        loop.strikePoint();
                        happens("end").run();
                        return Behaviors.same();
                    }),
                    "actor");
            loop.strike(1_000_000, points, happens("STRIKE"));
            loop.after(1_000_000, () -> actor.tell("m"));
            runTo(SECOND);
            seen.add(List.copyOf(happened));
            system.stop(actor);
        }
        assertEquals(
                Set.of(
                        List.of("STRIKE@1", "begin@1", "middle@1", "end@1"),
                        List.of("begin@1", "STRIKE@1", "middle@1", "end@1"),
                        List.of("begin@1", "middle@1", "STRIKE@1", "end@1"),
                        List.of("begin@1", "middle@1", "end@1", "STRIKE@101")),
                seen);
    }
}

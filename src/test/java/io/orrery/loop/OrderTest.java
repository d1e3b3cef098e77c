package io.orrery.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** In which orders actors see messages: all that threads can produce, and no others. */
class OrderTest {
    private static final int SEEDS = 300;
    private static final LoopedSystem SYSTEM = new LoopedSystem();
    private static int names;

    @AfterAll
    static void end() {
        SYSTEM.close();
    }

    private static Behavior<String> keeps(StringBuilder seen) {
        return Behaviors.receiveMessage(message -> {
            seen.append(message);
            return Behaviors.same();
        });
    }

    /** Two actors that, when told to, each send to all receivers, in this order. */
    private static Set<String> seen(boolean crossed) {
        Set<String> all = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SYSTEM.reset(seed);
            StringBuilder first = new StringBuilder();
            StringBuilder second = new StringBuilder();
            ActorRef<String> r1 = SYSTEM.spawn(keeps(first), "r1-" + ++names);
            ActorRef<String> r2 = SYSTEM.spawn(keeps(second), "r2-" + names);
            ActorRef<String> x = SYSTEM.spawn(sendsTo(List.of(r1, r2)), "x" + names);
            ActorRef<String> y = SYSTEM.spawn(sendsTo(crossed ? List.of(r2, r1) : List.of(r1, r2)), "y" + names);
            x.tell("x");
            y.tell("y");
            SYSTEM.loop().settle();
            all.add(first + "/" + second);
            List.of(r1, r2, x, y).forEach(SYSTEM::stop);
        }
        return all;
    }

    private static Behavior<String> sendsTo(List<ActorRef<String>> receivers) {
        return Behaviors.receiveMessage(message -> {
            receivers.forEach(it -> it.tell(message));
            return Behaviors.same();
        });
    }

    @Test
    void whoSendToBothInOneOrderAreSeenInAnyOrderAtEach() {
        assertEquals(Set.of("xy/xy", "xy/yx", "yx/xy", "yx/yx"), seen(false));
    }

    /** For r1 to see y first and r2 to see x first, each sender would have to be ahead of the other at its first message. */
    @Test
    void whoSendInOppositeOrdersAreNeverBothSeenBehindTheOther() {
        assertEquals(Set.of("xy/xy", "xy/yx", "yx/yx"), seen(true));
    }

    @Test
    void whatOneActorSendsToAnotherKeepsItsOrder() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SYSTEM.reset(seed);
            StringBuilder seen = new StringBuilder();
            ActorRef<String> receiver = SYSTEM.spawn(keeps(seen), "receiver" + ++names);
            ActorRef<String> sender = SYSTEM.spawn(sendsTo(List.of(receiver, receiver)), "sender" + names);
            sender.tell("1");
            sender.tell("2");
            SYSTEM.loop().settle();
            assertEquals("1122", seen.toString());
            List.of(receiver, sender).forEach(SYSTEM::stop);
        }
    }

    @Test
    void whoWatchesAnActorHearsOfItsEndAfterWhatItSaid() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SYSTEM.reset(seed);
            List<String> heard = new ArrayList<>();
            ActorRef<String> watcher = SYSTEM.spawn(
                    Behaviors.<String>setup(context -> {
                        Behavior<String> saysAndStops = Behaviors.receiveMessage(message -> {
                            context.getSelf().tell("one");
                            context.getSelf().tell("two");
                            context.getSelf().tell("three");
                            return Behaviors.stopped();
                        });
                        ActorRef<String> child = context.spawn(saysAndStops, "child");
                        context.watch(child);
                        return Behaviors.receive(String.class)
                                .onMessageEquals("go", () -> {
                                    child.tell("go");
                                    return Behaviors.same();
                                })
                                .onAnyMessage(message -> {
                                    heard.add(message);
                                    return Behaviors.same();
                                })
                                .onSignal(Terminated.class, signal -> {
                                    heard.add("ended");
                                    return Behaviors.same();
                                })
                                .build();
                    }),
                    "watcher" + ++names);
            watcher.tell("go");
            SYSTEM.loop().settle();
            assertEquals(List.of("one", "two", "three", "ended"), heard);
            SYSTEM.stop(watcher);
        }
    }
}

package io.orrery.workers;

import io.orrery.explore.sweep.SweepPlan;
import io.orrery.workers.WorkerMessage.Begin;
import io.orrery.workers.WorkerMessage.Broken;
import io.orrery.workers.WorkerMessage.Hello;
import io.orrery.workers.WorkerMessage.Over;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.Ready;
import io.orrery.workers.WorkerMessage.Received;
import io.orrery.workers.WorkerMessage.Refused;
import io.orrery.workers.WorkerMessage.Unfit;
import io.orrery.workers.WorkerMessage.Unit;
import io.orrery.workers.WorkerMessage.Welcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController;
import org.apache.pekko.actor.typed.delivery.WorkPullingProducerController.RequestNext;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** The side that hands out: greets workers, gives them units, and takes in what they came to. */
final class SweepActor extends AbstractBehavior<WorkerMessage> {
    /** What a sweep sees of its workers. Its methods are called by the actor's thread. */
    interface Listener {
        /** The workers that play now, and their threads. */
        void playing(int workers, int threads);

        /** Something that people should know. */
        void told(String line);

        /** It makes no sense to go on. Also called after the end, where it means nothing. */
        void failed(String why);
    }

    /**
     * What is to be played, and who may.
     *
     * @param proof {@link Proof} of this side
     */
    record Terms(String version, Task task, SweepPlan plan, Map<String, String> origins, String proof) {}

    /** The work-pulling controller takes one more unit. */
    private record Next(RequestNext<Unit> request) implements WorkerMessage.Local {}

    /** A process is no member of the cluster any more. */
    private record Gone(Address address) implements WorkerMessage.Local {}

    /** The sweep ends. */
    record End() implements WorkerMessage.Local {}

    private record Worker(ActorRef<WorkerMessage> actor, int threads) {}

    private final Terms terms;
    private final HandOut handOut;
    private final Listener listener;
    private final ActorRefResolver resolver;
    private final Map<Address, Worker> workers = new HashMap<>();
    /** Those that were refused have it said once. */
    private final Set<Address> refused = new HashSet<>();

    private Optional<RequestNext<Unit>> waiting = Optional.empty();

    private SweepActor(ActorContext<WorkerMessage> context, Terms terms, HandOut handOut, Listener listener) {
        super(context);
        this.terms = terms;
        this.handOut = handOut;
        this.listener = listener;
        this.resolver = ActorRefResolver.get(context.getSystem());
    }

    static Behavior<WorkerMessage> create(Terms terms, HandOut handOut, Listener listener) {
        return Behaviors.setup(context -> {
            context.getSystem().receptionist().tell(Receptionist.register(ClusterSettings.SWEEP, context.getSelf()));
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(new Subscribe<>(
                            context.messageAdapter(
                                    MemberRemoved.class,
                                    removed -> new Gone(removed.member().address())),
                            MemberRemoved.class));
            ActorRef<WorkPullingProducerController.Command<Unit>> controller = context.spawn(
                    WorkPullingProducerController.create(
                            Unit.class, "sweep", ClusterSettings.PLAYERS, Optional.empty()),
                    "units");
            controller.tell(
                    new WorkPullingProducerController.Start<>(context.messageAdapter(requestNext(), Next::new)));
            return new SweepActor(context, terms, handOut, listener);
        });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<RequestNext<Unit>> requestNext() {
        return (Class) RequestNext.class;
    }

    @Override
    public Receive<WorkerMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(Hello.class, this::greet)
                .onMessage(Ready.class, this::begin)
                .onMessage(Unfit.class, unfit -> refuse(unfit.worker(), unfit.why()))
                .onMessage(Next.class, this::next)
                .onMessage(Part.class, this::take)
                .onMessage(Broken.class, broken -> {
                    listener.failed("worker " + name(resolver.resolveActorRef(broken.worker())) + ": " + broken.why());
                    return this;
                })
                .onMessage(Gone.class, this::gone)
                .onMessage(End.class, end -> {
                    workers.values().forEach(worker -> worker.actor().tell(new Over()));
                    return Behaviors.stopped();
                })
                // By an exception, which the log tells: without it nothing is handed out any more.
                .onSignal(PostStop.class, stop -> {
                    listener.failed("what hands out units has failed");
                    return this;
                })
                .build();
    }

    private Behavior<WorkerMessage> greet(Hello hello) {
        if (!hello.version().equals(terms.version())) {
            return refuse(
                    hello.worker(),
                    "it is " + hello.version() + ", and the sweep is " + terms.version()
                            + ": start the worker with the same version");
        }
        worker(hello.worker()).tell(new Welcome(terms.task(), terms.plan().firstSeed(), terms.origins()));
        return this;
    }

    private Behavior<WorkerMessage> begin(Ready ready) {
        if (!ready.proof().equals(terms.proof())) {
            return refuse(
                    ready.worker(),
                    "its first world goes otherwise than the sweep's, so it runs other code: build both from the same"
                            + " sources, and give both the same --plugins");
        }
        ActorRef<WorkerMessage> worker = worker(ready.worker());
        if (workers.put(address(worker), new Worker(worker, ready.threads())) == null) {
            listener.told("worker " + name(worker) + " plays on " + ready.threads()
                    + (ready.threads() == 1 ? " thread" : " threads"));
            tellOfWorkers();
        }
        worker.tell(new Begin());
        return this;
    }

    private Behavior<WorkerMessage> refuse(String text, String why) {
        ActorRef<WorkerMessage> worker = worker(text);
        if (refused.add(address(worker))) {
            listener.told("worker " + name(worker) + " plays nothing: " + why);
        }
        worker.tell(new Refused(why));
        return this;
    }

    private Behavior<WorkerMessage> next(Next next) {
        waiting = Optional.of(next.request());
        return handOut();
    }

    private Behavior<WorkerMessage> handOut() {
        if (waiting.isPresent()) {
            handOut.next().ifPresent(unit -> {
                RequestNext<Unit> request = waiting.get();
                waiting = Optional.empty();
                request.sendNextTo().tell(unit);
            });
        }
        return this;
    }

    private Behavior<WorkerMessage> take(Part part) {
        ActorRef<WorkerMessage> worker = worker(part.worker());
        try {
            handOut.take(part);
        } catch (IllegalArgumentException e) {
            listener.failed("worker " + name(worker) + " sent what no world can have come to: " + e.getMessage());
            return this;
        }
        worker.tell(new Received(part.world()));
        return handOut();
    }

    /** What it has not confirmed the controller gives to another. */
    private Behavior<WorkerMessage> gone(Gone gone) {
        refused.remove(gone.address());
        Worker worker = workers.remove(gone.address());
        if (worker != null) {
            listener.told("worker " + name(worker.actor()) + " is gone; others play what it had");
            tellOfWorkers();
        }
        return this;
    }

    private void tellOfWorkers() {
        listener.playing(
                workers.size(),
                workers.values().stream().mapToInt(Worker::threads).sum());
    }

    private ActorRef<WorkerMessage> worker(String text) {
        return resolver.resolveActorRef(text);
    }

    private static Address address(ActorRef<?> actor) {
        return actor.path().address();
    }

    /** Its host and port. */
    private static String name(ActorRef<?> actor) {
        Address address = address(actor);
        return address.getHost().orElse("here") + ":" + address.getPort().orElse(0);
    }
}

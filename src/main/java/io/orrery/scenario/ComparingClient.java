package io.orrery.scenario;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client whose compare-and-sets compare with what it last saw of the key, as people do who read, decide and write: the version, or
 * that there was no value, as where it has never asked.
 */
final class ComparingClient implements ScenarioRuntime.Client {
    private final ScenarioRuntime.Client client;
    private final Map<Key, Optional<Version>> seen = new HashMap<>();

    ComparingClient(ScenarioRuntime.Client client) {
        this.client = client;
    }

    @Override
    public void invoke(NodeId via, Operation operation, Consumer<Outcome> whenDone) {
        Operation asked = operation instanceof Operation.CompareAndSet cas
                ? new Operation.CompareAndSet(cas.key(), seen.getOrDefault(cas.key(), Optional.empty()), cas.value())
                : operation;
        client.invoke(via, asked, outcome -> {
            if (outcome instanceof Outcome.Done done) {
                see(operation.key(), done.value(), done.version());
            } else if (outcome instanceof Outcome.Mismatch mismatch) {
                see(operation.key(), mismatch.value(), mismatch.version());
            }
            whenDone.accept(outcome);
        });
    }

    private void see(Key key, Optional<Value> value, Optional<Version> version) {
        seen.put(key, value.flatMap(any -> version));
    }
}

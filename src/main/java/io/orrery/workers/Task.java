package io.orrery.workers;

import io.orrery.check.Model;
import io.orrery.config.FileText;
import io.orrery.loop.Strategy;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is played, as a text: a worker reads it as strictly as any file of a stranger, so it can take in neither other files nor
 * the environment. The sweep reads its scenarios from the same text.
 *
 * @param file the name of the scenario file, for messages
 * @param text what is in it
 * @param protocols under which it is played; empty for the file's own
 * @param models what must hold besides what the file expects
 * @param scheduler the name of a {@link Strategy}
 */
public record Task(String file, String text, List<String> protocols, List<Model> models, String scheduler) {
    public Task {
        protocols = List.copyOf(protocols);
        models = List.copyOf(models);
    }

    /** @throws io.orrery.config.ConfigProblem when there is no such file, or it is not text */
    public static Task ofFile(Path file, List<String> protocols, List<Model> models, String scheduler) {
        return new Task(file.toString(), FileText.read(file, file.toString()), protocols, models, scheduler);
    }

    /**
     * The scenarios, in the order of the protocols.
     *
     * @param warnings takes a line for each probable mistake
     * @throws io.orrery.config.ConfigProblem when the text has mistakes
     * @throws IllegalArgumentException when there is no such protocol
     */
    public List<Scenario> scenarios(Consumer<String> warnings) {
        if (protocols.isEmpty()) {
            return List.of(scenario(Optional.empty(), warnings));
        }
        return protocols.stream()
                .map(name -> scenario(Optional.of(ScenarioLoader.protocol(name)), warnings))
                .toList();
    }

    private Scenario scenario(Optional<ProtocolType> protocol, Consumer<String> warnings) {
        return ScenarioLoader.parse(file, text, warnings, protocol).alsoHolding(models);
    }

    /** @throws IllegalArgumentException when there is no such scheduler */
    public Strategy strategy() {
        return Strategy.parse(scheduler);
    }
}

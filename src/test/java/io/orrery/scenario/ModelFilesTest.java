package io.orrery.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.check.Model;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each model has a scenario that it allows and one that it forbids; that both keep to it, {@link ScenarioFilesTest} shows. */
class ModelFilesTest {
    private static Map<Model, Boolean> expected(Model model, String what) {
        return ScenarioLoader.load(Path.of("scenarios", "models", model + "-" + what + ".conf"))
                .expected()
                .verdicts();
    }

    @ParameterizedTest
    @EnumSource
    void isForbidden(Model model) {
        assertEquals(false, expected(model, "forbids").get(model));
    }

    @ParameterizedTest
    @EnumSource
    void isAllowed(Model model) {
        assertEquals(true, expected(model, "allows").get(model));
    }

    /** Nothing is stronger than linearizability. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LINEARIZABLE")
    void isAllowedThoughAnotherModelForbidsIt(Model model) {
        assertTrue(expected(model, "allows").containsValue(false));
    }
}

package io.orrery.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the mistakes and warnings of one file, so that all can be reported at once. */
final class Diagnostics {
    /** Further mistakes are only counted. */
    private static final int MOST = 50;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    void add(ConfigProblem problem) {
        if (problems.stream().noneMatch(it -> it.getMessage().equals(problem.getMessage()))) {
            problems.add(problem);
        }
    }

    void warn(String warning) {
        if (warnings.size() < MOST) {
            warnings.add(warning);
        }
    }

    Set<String> warnings() {
        return warnings;
    }

    /** @throws ConfigProblem if there are mistakes; it has a line for each */
    void requireNone() {
        if (problems.isEmpty()) {
            return;
        }
        if (problems.size() == 1) {
            throw problems.get(0);
        }
        String said = problems.stream()
                .sorted(Comparator.comparing(ConfigProblem::line))
                .limit(MOST)
                .map(ConfigProblem::getMessage)
                .collect(Collectors.joining("\n"));
        int further = problems.size() - MOST;
        throw new ConfigProblem(further > 0 ? said + "\nand " + further + " more" : said);
    }
}

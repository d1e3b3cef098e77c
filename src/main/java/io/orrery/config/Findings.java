package io.orrery.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What was found wrong in one file while it was read, so that all of it can be said at once; and what is doubtful. */
final class Findings {
    /** More mistakes than this are only counted. */
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

    /** @throws ConfigProblem that names all that was found, a line for each, where anything was */
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

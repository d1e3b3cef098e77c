package io.orrery.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds numbers that HOCON accepts and JSON does not, such as 007. */
final class JsonNumbers {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private JsonNumbers() {}

    /** A number in a value that is not JSON; empty if there is none. */
    static Optional<ConfigValue> badOne(ConfigValue value) {
        if (value.valueType() == ConfigValueType.NUMBER) {
            return NUMBER.matcher(ConfigReader.textOf(value)).matches() ? Optional.empty() : Optional.of(value);
        }
        Collection<ConfigValue> inner = value instanceof ConfigList list
                ? list
                : value instanceof ConfigObject members ? members.values() : List.of();
        return inner.stream().flatMap(it -> badOne(it).stream()).findFirst();
    }
}

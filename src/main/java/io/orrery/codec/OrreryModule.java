package io.orrery.codec;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.orrery.clock.VersionVector;
import io.orrery.model.Durations;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;

/**
 * Teaches Jackson the names of a closed set of types, and the short forms of their parts: ids, keys and values are
 * strings, an origin is its full text, a vector is an object of counts.
 */
public final class OrreryModule extends SimpleModule {
    /**
     * @param types the only types that can be read by name; each has a {@link JsonTypeName}
     * @param values makes a value of its text; need not check text that was checked when it was written
     * @throws IllegalArgumentException when a type has no name, or two have the same
     */
    public OrreryModule(Collection<Class<?>> types, Function<String, Value> values) {
        super("orrery");
        types.forEach(type -> registerSubtypes(new NamedType(type, nameOf(type))));
        if (types.stream().map(OrreryModule::nameOf).distinct().count() != types.size()) {
            throw new IllegalArgumentException("two of these types have the same name: " + types);
        }
        text(NodeId.class, NodeId::name, NodeId::of);
        text(Origin.class, Origin::text, Origin::parse);
        text(Version.class, Version::text, Version::parse);
        text(Key.class, Key::name, Key::of);
        text(Value.class, Value::json, values);
        text(Duration.class, Durations::format, Durations::parse);
        addKeySerializer(NodeId.class, new TextCodecs.KeyWriter<>(NodeId::name));
        addKeySerializer(Origin.class, new TextCodecs.KeyWriter<>(Origin::text));
        addKeyDeserializer(NodeId.class, new TextCodecs.KeyReader(NodeId::of));
        addKeyDeserializer(Origin.class, new TextCodecs.KeyReader(Origin::parse));
        addSerializer(new VectorCodec.Writer());
        addDeserializer(VersionVector.class, new VectorCodec.Reader());
    }

    private static String nameOf(Class<?> type) {
        JsonTypeName name = type.getAnnotation(JsonTypeName.class);
        if (name == null) {
            throw new IllegalArgumentException(
                    type.getName() + " has no @JsonTypeName, by which it could be found again");
        }
        return name.value();
    }

    private <T> void text(Class<T> type, Function<T, String> text, Function<String, T> parser) {
        addSerializer(type, new TextCodecs.Writer<>(type, text));
        addDeserializer(type, new TextCodecs.Reader<>(type, parser));
    }
}

package io.orrery.codec;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;

/**
 * Teaches Jackson the names of a closed set of types, and the short forms of what they are made of: ids, keys and values
 * are texts, an origin with all of it, a vector is an object of counts.
 */
public final class OrreryModule extends SimpleModule {
    /**
     * @param types the only types that can be read where a name says which; each has a {@link JsonTypeName}
     * @throws IllegalArgumentException when a type has no name, or two have the same
     */
    public OrreryModule(Collection<Class<?>> types) {
        super("orrery");
        types.forEach(type -> registerSubtypes(new NamedType(type, nameOf(type))));
        if (types.stream().map(OrreryModule::nameOf).distinct().count() != types.size()) {
            throw new IllegalArgumentException("two of these types have the same name: " + types);
        }
        text(NodeId.class, NodeId::name, NodeId::of);
        text(Origin.class, Origin::text, Origin::parse);
        text(Version.class, Version::text, Version::parse);
        text(Key.class, Key::name, Key::of);
        text(Value.class, Value::json, Value::new);
        text(Duration.class, Duration::toString, Duration::parse);
        addKeySerializer(NodeId.class, new Texts.KeyWriter<>(NodeId::name));
        addKeySerializer(Origin.class, new Texts.KeyWriter<>(Origin::text));
        addKeyDeserializer(NodeId.class, new Texts.KeyReader(NodeId::of));
        addKeyDeserializer(Origin.class, new Texts.KeyReader(Origin::parse));
        addSerializer(new Vectors.Writer());
        addDeserializer(VersionVector.class, new Vectors.Reader());
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
        addSerializer(type, new Texts.Writer<>(type, text));
        addDeserializer(type, new Texts.Reader<>(type, parser));
    }
}

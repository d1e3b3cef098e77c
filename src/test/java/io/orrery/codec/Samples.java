package io.orrery.codec;

import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.RequestId;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.dissemination.Range;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Random instances of records, sealed interfaces and what they are made of. */
final class Samples {
    private static final List<String> KEYS = List.of("x", "a/b c", "ключ", "\uD83E\uDE90", "k".repeat(1024));
    private static final List<String> VALUES =
            List.of("1", "null", "\"\"", "{\"a\":[1.50,{\"b\":\"\\u0000é\"}]}", "-0", "\"" + "v".repeat(70_000) + "\"");

    private final SeededRandom random;

    Samples(long seed) {
        this.random = new SeededRandom(seed);
    }

    <T> T of(Class<T> type) {
        return type.cast(sample(type));
    }

    private Object sample(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic(generic);
        }
        Class<?> raw = (Class<?>) type;
        if (raw == boolean.class || raw == Boolean.class) {
            return random.nextInt(2) == 0;
        } else if (raw == long.class || raw == Long.class) {
            return 1 + random.nextLong(pick(List.of(1_000L, CounterLimits.MOST)));
        } else if (raw == int.class) {
            return random.nextInt(Integer.MAX_VALUE);
        } else if (raw == NodeId.class) {
            return NodeId.of(pick(List.of("A", "B", "node-7.example_org")));
        } else if (raw == Origin.class) {
            NodeId node = (NodeId) sample(NodeId.class);
            long incarnation = pick(List.of(0L, 1L, 1_763_622_650_123L));
            return random.nextInt(2) == 0
                    ? new Origin(node, incarnation)
                    : new Origin(node, incarnation, random.nextLong(9), new UUID(random.nextLong(), random.nextLong()));
        } else if (raw == String.class) {
            return pick(List.of("a", "0b5e-7", "name with blanks"));
        } else if (raw == Key.class) {
            return Key.of(pick(KEYS));
        } else if (raw == Value.class) {
            return new Value(pick(VALUES));
        } else if (raw == RequestId.class) {
            return RequestId.parse(pick(List.of("r1", "0b5e-7:2;after=0", "x;after=123456789012345678")));
        } else if (raw == Range.class) {
            long first = 1 + random.nextLong(1L << 40);
            return new Range((Origin) sample(Origin.class), first, first + random.nextLong(1L << 40));
        } else if (raw == VersionVector.class) {
            Map<Origin, Long> counts = new TreeMap<>();
            some(Origin.class).forEach(origin -> counts.put((Origin) origin, (Long) sample(long.class)));
            return VersionVector.of(counts);
        } else if (raw == JournalEntry.class) {
            return sample(pick(Protocols.named("leader-quorum").vocabulary().entries()));
        } else if (raw.isSealed()) {
            return sample(pick(List.of(raw.getPermittedSubclasses())));
        } else if (raw.isRecord()) {
            return record(raw);
        }
        throw new IllegalArgumentException("no sample of " + raw);
    }

    private Object generic(ParameterizedType type) {
        Type first = type.getActualTypeArguments()[0];
        if (type.getRawType() == Optional.class) {
            return random.nextInt(2) == 0 ? Optional.empty() : Optional.of(sample(first));
        } else if (type.getRawType() == List.class) {
            return some(first);
        } else if (type.getRawType() == Map.class) {
            Map<Object, Object> map = new TreeMap<>();
            some(first).forEach(key -> map.put(key, sample(type.getActualTypeArguments()[1])));
            return map;
        }
        throw new IllegalArgumentException("no sample of " + type);
    }

    private List<Object> some(Type type) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(sample(type));
        }
        return list;
    }

    private <E> E pick(List<E> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Draws again what a record does not take. */
    private Object record(Class<?> type) {
        Object made = null;
        while (made == null) {
            made = recordOrNull(type);
        }
        return made;
    }

    private Object recordOrNull(Class<?> type) {
        Type[] types = new Type[type.getRecordComponents().length];
        Class<?>[] raw = new Class<?>[types.length];
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = type.getRecordComponents()[i].getGenericType();
            raw[i] = type.getRecordComponents()[i].getType();
            arguments[i] = sample(types[i]);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(raw);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }
}

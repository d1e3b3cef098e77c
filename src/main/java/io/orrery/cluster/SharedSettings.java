package io.orrery.cluster;

import io.orrery.deployment.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings on which all nodes of a cluster must agree. Each is compared by name, not by a hash, so that the
 * difference can be reported. Limits of one node (mailbox, clients, disk) and intervals are not among them.
 */
final class SharedSettings {
    private static final String REPLICAS = "replicas";
    private static final int MOST_SHOWN = 200;

    private static final String REMEDY =
            "; if one of the two clusters is new, because its nodes started without data, stop these, delete their data, "
                    + "and start the nodes that have data first";

    private SharedSettings() {}

    /** The settings that must agree, by the names that they have in a deployment file. */
    static Map<String, String> of(Deployment deployment) {
        Map<String, String> terms = new TreeMap<>();
        terms.put("protocol", deployment.protocol().name());
        terms.put(REPLICAS, deployment.ids().toString());
        terms.putAll(deployment.options().terms(deployment.protocol()));
        // A replica with a smaller limit could not accept what the others have.
        terms.put("value-size", Integer.toString(deployment.limits().valueBytes()));
        return terms;
    }

    /** Why these two do not belong together, in words for people; empty when they do. */
    static Optional<String> difference(NodeMessage.Hello theirs, NodeMessage.Hello ours) {
        TreeSet<String> names = new TreeSet<>(ours.terms().keySet());
        names.addAll(theirs.terms().keySet());
        if (theirs.members().isPresent() || ours.members().isPresent()) {
            names.remove(REPLICAS); // No longer what the file says counts.
        }
        List<String> differences = names.stream()
                .filter(name -> !value(theirs, name).equals(value(ours, name)))
                .map(name -> "its " + shown(name) + " is " + shown(value(theirs, name)) + ", here it is "
                        + value(ours, name))
                .toList();
        if (!differences.isEmpty()) {
            return Optional.of(String.join("; ", differences));
        }
        boolean isOfAnother = theirs.cluster().isPresent()
                && ours.cluster().isPresent()
                && !theirs.cluster().equals(ours.cluster());
        return isOfAnother
                ? Optional.of("its data is of cluster " + theirs.cluster().get() + ", here it is of cluster "
                        + ours.cluster().get() + REMEDY)
                : Optional.empty();
    }

    private static String value(NodeMessage.Hello hello, String name) {
        return hello.terms().getOrDefault(name, "not given");
    }

    /** Foreign text, made safe for a log line. */
    private static String shown(String text) {
        String line = text.replaceAll("[^\\p{Graph} ]", "?");
        return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
    }
}

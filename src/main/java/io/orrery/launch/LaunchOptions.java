package io.orrery.launch;

import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How nodes are run.
 *
 * @param data where their files are: the data of replica A in {@code replica-A}, its log in {@code logs/A.log}
 * @param flags for each JVM; they come after the usual ones and so override them
 * @param arguments for each node, besides the usual ones
 * @param mainClass what is run, with the arguments {@code node CONF --id ID --data DIR}
 * @param listener is told what happens
 */
public record LaunchOptions(
        Path data, List<String> flags, List<String> arguments, String mainClass, NodeListener listener) {
    private static final String MAIN = "io.orrery.cli.Main";

    /**
     * As in run.sh. The serial collector starts quickest and takes the least memory, and there are many nodes on one
     * machine. What is run often is compiled later than usual: at the start nothing is, and the compilers would take half
     * of the time until a node is ready.
     */
    private static final List<String> USUAL_FLAGS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:CompileThresholdScaling=5",
            "-XX:+ExitOnOutOfMemoryError",
            ParentWatch.FLAG);

    public LaunchOptions {
        flags = List.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    /** The usual way, with all files below a directory. */
    public static LaunchOptions in(Path data) {
        return new LaunchOptions(data, List.of(), List.of(), MAIN, NodeListener.NONE);
    }

    /** With further flags, besides those it has. */
    public LaunchOptions withFlags(List<String> further) {
        return new LaunchOptions(data, both(flags, further), arguments, mainClass, listener);
    }

    /** With further arguments of the command {@code node}. */
    public LaunchOptions withArguments(List<String> further) {
        return new LaunchOptions(data, flags, both(arguments, further), mainClass, listener);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** To run something else in the place of a node. */
    public LaunchOptions withMainClass(String newMainClass) {
        return new LaunchOptions(data, flags, arguments, newMainClass, listener);
    }

    public LaunchOptions withListener(NodeListener newListener) {
        return new LaunchOptions(data, flags, arguments, mainClass, newListener);
    }

    Path logOf(NodeId node) {
        return data.resolve("logs").resolve(node + ".log");
    }

    List<String> command(Path conf, NodeId node) {
        List<String> usual = List.of("node", conf.toString(), "--id", node.name(), "--data", data.toString());
        return java(flags, mainClass, both(usual, arguments));
    }

    /** The usual way to run a server of all replicas. */
    static List<String> serve(Path conf) {
        return java(List.of(), MAIN, List.of("serve", conf.toString()));
    }

    /** The usual way to run anything else. */
    static List<String> program(Class<?> main, List<String> arguments) {
        return java(List.of(), main.getName(), arguments);
    }

    private static List<String> java(List<String> flags, String mainClass, List<String> arguments) {
        return JavaCommand.of(both(USUAL_FLAGS, flags), mainClass, arguments);
    }
}

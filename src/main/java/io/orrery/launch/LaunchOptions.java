package io.orrery.launch;

import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How nodes are launched.
 *
 * @param data the directory of their files: the data of replica A in {@code replica-A}, its log in {@code logs/A.log}
 * @param flags additional flags for each JVM; they override the usual ones
 * @param arguments additional arguments for each node
 * @param mainClass the class to run, with the arguments {@code node CONF --id ID --data DIR}
 * @param listener is told what happens
 */
public record LaunchOptions(
        Path data, List<String> flags, List<String> arguments, String mainClass, NodeListener listener) {
    private static final String MAIN = "io.orrery.cli.Main";

    /**
     * As in run.sh. The serial collector starts fastest and needs the least memory, which matters with many nodes on
     * one machine. The JIT compilers start later than usual: otherwise they would take half of the time until a node is
     * ready.
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

    /** The default options, with all files below a directory. */
    public static LaunchOptions in(Path data) {
        return new LaunchOptions(data, List.of(), List.of(), MAIN, NodeListener.NONE);
    }

    /** With additional JVM flags. */
    public LaunchOptions withFlags(List<String> further) {
        return new LaunchOptions(data, both(flags, further), arguments, mainClass, listener);
    }

    /** With additional arguments of the command {@code node}. */
    public LaunchOptions withArguments(List<String> further) {
        return new LaunchOptions(data, flags, both(arguments, further), mainClass, listener);
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Runs another class in the place of a node. */
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

    /** The command that serves all replicas in one process. */
    static List<String> serve(Path conf) {
        return java(List.of(), MAIN, List.of("serve", conf.toString()));
    }

    /** The command that runs another program. */
    static List<String> program(Class<?> main, List<String> arguments) {
        return java(List.of(), main.getName(), arguments);
    }

    private static List<String> java(List<String> flags, String mainClass, List<String> arguments) {
        return JavaCommand.of(both(USUAL_FLAGS, flags), mainClass, arguments);
    }
}

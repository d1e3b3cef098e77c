package io.orrery.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command by which this process starts another JVM: the same Java and classes, with the flags of {@code run.sh}.
 */
public final class JavaCommand {
    /** The directory of Orrery, where it was started from one. */
    private static final String HOME = "orrery.home";

    private JavaCommand() {}

    /**
     * The words of the command.
     *
     * @param flags for the JVM, the last of which counts where they contradict each other
     * @param mainClass what is run
     */
    public static List<String> of(List<String> flags, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            // As in run.sh: Pekko's use of sun.misc.Unsafe is meant.
            command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        String classPath = System.getProperty("java.class.path");
        String home = System.getProperty(HOME);
        if (home != null) {
            // As in run.sh: what StartupCache has kept, for a quicker start.
            Path target = Path.of(home, "target");
            command.addAll(List.of("-D" + HOME + "=" + home, "-Djava.library.path=" + target.resolve("native")));
            Path archive = target.resolve("orrery.jsa");
            if (Files.exists(archive)) {
                // The archive fits only where the class path begins as it did when it was made.
                command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
                classPath = archivedFirst(target, classPath);
            }
        }
        String plugins = System.getProperty(Plugins.PROPERTY);
        if (plugins != null) {
            command.add("-D" + Plugins.PROPERTY + "=" + plugins);
        }
        command.addAll(LogLevel.flags());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        return command;
    }

    /** All that is archived, as run.sh says it, and then what else is on a class path. */
    private static String archivedFirst(Path target, String classPath) {
        Path jar = target.resolve("orrery.jar");
        Path lib = target.resolve("lib");
        List<String> entries = new ArrayList<>(List.of(jar.toString(), lib + File.separator + "*"));
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!Path.of(entry).equals(jar) && !Path.of(entry).startsWith(lib)) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}

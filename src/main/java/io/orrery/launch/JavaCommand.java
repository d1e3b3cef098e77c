package io.orrery.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another JVM with the Java, the classes and the {@code run.sh} flags of this process. */
public final class JavaCommand {
    /** The root directory of Orrery, if it was started from one. */
    private static final String HOME = "orrery.home";

    private JavaCommand() {}

    /**
     * The words of the command.
     *
     * @param flags for the JVM; on conflict the last one wins
     * @param mainClass the class to run
     */
    public static List<String> of(List<String> flags, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            // As in run.sh: permits Pekko's use of sun.misc.Unsafe without a warning.
            command.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        String classPath = System.getProperty("java.class.path");
        String home = System.getProperty(HOME);
        if (home != null) {
            // As in run.sh: uses the archive of StartupCache for a faster start.
            Path target = Path.of(home, "target");
            command.addAll(List.of("-D" + HOME + "=" + home, "-Djava.library.path=" + target.resolve("native")));
            Path archive = target.resolve("orrery.jsa");
            if (Files.exists(archive)) {
                // Java accepts the archive only if the class path begins as it did when the archive was made.
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

    /** The archived entries first, in the order of run.sh, then the rest of the class path. */
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

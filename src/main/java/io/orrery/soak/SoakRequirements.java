package io.orrery.soak;

import io.orrery.config.ConfigProblem;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.model.FileProblem;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks the requirements of a soak before anything is started or changed. */
public final class SoakRequirements {
    private SoakRequirements() {}

    /**
     * The kinds of faults that this machine can inject into a deployment.
     *
     * @param disk a disk that may be filled
     */
    public static List<FaultKind> possible(Deployment deployment, Optional<Path> disk) {
        return Arrays.stream(FaultKind.values())
                .filter(kind -> missing(kind, deployment, disk).isEmpty())
                .toList();
    }

    /** The reason why a fault is not possible; empty if it is. */
    private static Optional<String> missing(FaultKind kind, Deployment deployment, Optional<Path> disk) {
        return switch (kind) {
            case LEADER -> problem(deployment.protocol().hasLeader(), deployment.protocol() + " has no leader");
            case DISK_FULL -> problem(disk.isPresent(), "it needs --disk DIR, on a small file system");
            case DISK_FAIL -> problem(isThere("prlimit"), "this system has no program prlimit");
            default -> Optional.empty();
        };
    }

    private static Optional<String> problem(boolean isPossible, String why) {
        return isPossible ? Optional.empty() : Optional.of(why);
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** @throws ConfigProblem if a requirement is not met */
    static void check(SoakSettings setting) {
        Deployment deployment = setting.deployment();
        if (deployment.replicas().size() < 2) {
            throw new ConfigProblem(
                    setting.conf() + ": a soak needs two replicas or more: what one loses, the others have");
        }
        if (deployment.storage().journal().equals(Optional.of(JournalKind.MEMORY))) {
            throw new ConfigProblem(setting.conf()
                    + ": with journal = memory a replica forgets all when its process ends, and a soak ends processes");
        }
        for (FaultKind kind : setting.kinds()) {
            missing(kind, deployment, setting.disk()).ifPresent(why -> {
                throw new ConfigProblem("the fault " + kind + " is not possible: " + why);
            });
        }
        setting.disk().ifPresent(SoakRequirements::requireSmall);
        List<Runnable> looks = new ArrayList<>();
        for (Deployment.Member member : deployment.replicas()) {
            Addresses.requireHere(member.id(), member.requireRemoting());
            Addresses.requireHere(member.id(), member.http());
            Deployment.Address http = member.http();
            looks.add(() -> Addresses.requireFree(member.id(), new InetSocketAddress(http.host(), http.port())));
            for (InetSocketAddress process : Addresses.ofProcesses(deployment, member.id())) {
                looks.add(() -> Addresses.requireFree(member.id(), process));
            }
            looks.add(() -> Addresses.requireFree(member.id(), Addresses.known(member)));
        }
        looks.forEach(Runnable::run);
    }

    private static void requireSmall(Path disk) {
        try {
            long size = Files.getFileStore(disk).getTotalSpace();
            if (size > DiskFiller.LARGEST) {
                throw new ConfigProblem("--disk " + disk + " is on a file system of " + (size >> 20)
                        + " MiB, which a soak will not fill: give one of " + (DiskFiller.LARGEST >> 20)
                        + " MiB or less, such as a tmpfs of its own");
            }
        } catch (IOException e) {
            throw new ConfigProblem("--disk " + disk + " cannot be used: " + FileProblem.ofFolder(e));
        }
    }
}

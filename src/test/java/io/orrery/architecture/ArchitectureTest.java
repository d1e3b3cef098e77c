package io.orrery.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.orrery.model.DaemonThreads;
import io.orrery.model.WallClock;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.testkit.protocol.ProtocolContract;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the packages: each imports only from those above it. */
class ArchitectureTest {
    /** From the ground up. */
    private static final List<String> PACKAGES = List.of(
            "model",
            "config",
            "clock",
            "loop",
            "protocol",
            "codec",
            "network",
            "journal",
            "replica",
            "history",
            "check",
            "simulation",
            "zoo",
            "scenario",
            "explore",
            "testkit",
            "report",
            "deployment",
            "live",
            "cluster",
            "client",
            "http",
            "launch",
            "workers",
            "bench",
            "soak",
            "cli");

    private static final Set<String> WITHOUT_PEKKO =
            Set.of("model", "config", "clock", "protocol", "codec", "history", "check", "zoo");

    /** What others may depend on: none of it needs what only the program needs, nor what holds that. */
    private static final String LIBRARIES =
            "model.. config.. clock.. loop.. history.. check.. protocol.. codec.. network.. journal"
                    + " replica.. simulation.. zoo.. scenario.. testkit..";

    private static final JavaClasses CLASSES =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("io.orrery");

    private static String[] names(Stream<String> packages) {
        return packages.map(name -> "io.orrery." + name + "..").toArray(String[]::new);
    }

    @TestFactory
    List<DynamicTest> eachPackageImportsOnlyFromThoseAboveIt() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < PACKAGES.size() - 1; i++) {
            String name = PACKAGES.get(i);
            String[] below = names(PACKAGES.subList(i + 1, PACKAGES.size()).stream());
            tests.add(DynamicTest.dynamicTest(
                    name,
                    () -> noClasses()
                            .that()
                            .resideInAPackage("io.orrery." + name + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(below)
                            .allowEmptyShould(true)
                            .check(CLASSES)));
        }
        return tests;
    }

    /** What is new in an interface may be left out by whoever does nothing about it, but not on the way to others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.orrery.replica.SilencedObserver",
                "io.orrery.simulation.CompositeObserver",
                "io.orrery.simulation.oracle.WatchedEffects",
                "io.orrery.simulation.oracle.WatchedProtocol",
                "io.orrery.protocol.ForwardingEffects"
            })
    void whoPassesOnWhatItIsToldPassesOnAllOfIt(String name) throws ClassNotFoundException {
        List<String> forgotten = Stream.of(Class.forName(name).getMethods())
                .filter(Method::isDefault)
                .map(Method::getName)
                .toList();
        assertEquals(List.of(), forgotten);
    }

    @Test
    void thereIsNoOtherPackage() {
        classes().should().resideInAnyPackage(names(PACKAGES.stream())).check(CLASSES);
    }

    /** Each sub-package counts by itself. */
    @Test
    void noPackagesImportEachOtherInACircle() {
        slices().matching("io.orrery.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void whatIsPureKnowsNoPekko() {
        noClasses()
                .that()
                .resideInAnyPackage(names(WITHOUT_PEKKO.stream()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.pekko..", "scala..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Whoever depends on these libraries need not have the rest of what the program is made of. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    model.. config.. clock.. history.. check.. | com.fasterxml.jackson com.typesafe.config
                    protocol.. codec.. network.. journal       | com.fasterxml.jackson com.typesafe.config
                    loop.. replica.. simulation.. zoo.. scenario..   | com.fasterxml.jackson com.typesafe.config org.apache.pekko.actor \
                                                                 org.apache.pekko.dispatch org.apache.pekko.event \
                                                                 org.apache.pekko.japi scala
                    testkit..                                  | org.junit.jupiter
                    """)
    void aLibraryUsesNoMoreThanItSays(String packages, String uses) {
        classes()
                .that()
                .resideInAnyPackage(ofLibraries(packages))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.of(
                                Stream.of("java..", "org.slf4j..", "org.apache.pekko"),
                                Stream.of(ofLibraries(LIBRARIES)),
                                Stream.of(uses.split(" +")).map(name -> name + ".."))
                        .flatMap(names -> names)
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    private static String[] ofLibraries(String packages) {
        return Stream.of(packages.split(" +")).map(name -> "io.orrery." + name).toArray(String[]::new);
    }

    @Test
    void rocksDbIsKnownInOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.orrery.journal.rocksdb")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(CLASSES);
    }

    /** JUnit is there only where somebody tests a protocol, so the program may use all of the testkit but its tests. */
    @Test
    void onlyTheTestsOfTheTestkitKnowJUnit() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ProtocolContract.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.junit..", "org.opentest4j..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ProtocolContract.class)
                .check(CLASSES);
    }

    /** A checker that shared code with the protocols would share their mistakes. */
    @Test
    void verdictsShareNothingWithProtocols() {
        noClasses()
                .that()
                .resideInAPackage("io.orrery.history..")
                .should()
                .dependOnClassesThat(ownClassesBut("io.orrery.history..", "io.orrery.model.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.orrery.check..")
                .should()
                .dependOnClassesThat(ownClassesBut("io.orrery.check..", "io.orrery.history..", "io.orrery.model.."))
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> ownClassesBut(String... allowed) {
        return JavaClass.Predicates.resideInAPackage("io.orrery..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed)));
    }

    @Test
    void aProtocolReadsNoClockDrawsNoNumberAndStartsNoThread() {
        noClasses()
                .that()
                .resideInAPackage("io.orrery.protocol..")
                .should()
                .callMethodWhere(isBanned())
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(DaemonThreads.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net.http..")
                .check(CLASSES);
    }

    @Test
    void whereOrderCanBeSeenNoUnorderedSetsAndMapsAreMade() {
        noClasses()
                .that()
                .resideInAnyPackage(names(Stream.of("loop", "protocol", "replica", "simulation", "scenario")))
                .should()
                .callMethodWhere(isUnordered())
                .check(CLASSES);
    }

    /** A soak moves the clock of a node: what asked another one would be left out. */
    @Test
    void aNodeAsksOneWallClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        names(Stream.of("network", "journal", "replica", "deployment", "live", "cluster", "http")))
                .should()
                .callMethodWhere(isWallClock())
                .check(CLASSES);
    }

    /** All chance comes from the seed, and all time from the loop; only how long a run took is told by a real clock. */
    @Test
    void whatASimulationRunsReadsNoClockAndDrawsNoNumberOfItsOwn() {
        noClasses()
                .that()
                .resideInAnyPackage(names(Stream.of("loop", "codec", "network", "replica", "simulation", "scenario")))
                .and()
                .doNotHaveFullyQualifiedName(ScenarioRunner.class.getName())
                .should()
                .callMethodWhere(isBanned())
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class)
                .check(CLASSES);
    }

    /** So a clock that is wrong changes nothing that a simulation can show: scenarios have no step for it. */
    @Test
    void whatASimulationRunsAsksNoWallClock() {
        noClasses()
                .that()
                .resideInAnyPackage(names(Stream.of(
                        "clock",
                        "loop",
                        "protocol",
                        "protocol.dissemination",
                        "protocol.multimaster",
                        "protocol.singleleader",
                        "codec",
                        "network",
                        "journal",
                        "replica",
                        "simulation",
                        "scenario")))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(WallClock.class)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaCall<?>> isWallClock() {
        return DescribedPredicate.describe("the machine's wall clock", call -> {
            String owner = call.getTargetOwner().getName();
            return call.getName().equals("now") && owner.startsWith("java.time.")
                    || call.getName().equals("currentTimeMillis") && owner.equals("java.lang.System");
        });
    }

    private static DescribedPredicate<JavaCall<?>> isBanned() {
        return DescribedPredicate.describe("the wall clock, chance and sleep", call -> {
            String owner = call.getTargetOwner().getName();
            String name = call.getName();
            return name.equals("now") && owner.startsWith("java.time.")
                    || owner.equals("java.lang.System")
                            && Set.of("nanoTime", "currentTimeMillis").contains(name)
                    || owner.equals("java.lang.Math") && name.equals("random")
                    || owner.equals("java.util.UUID") && name.equals("randomUUID");
        });
    }

    private static DescribedPredicate<JavaCall<?>> isUnordered() {
        return DescribedPredicate.describe("Set.of, Set.copyOf, Map.of or Map.copyOf", call -> {
            JavaClass owner = call.getTargetOwner();
            boolean unordered = owner.isEquivalentTo(Set.class) || owner.isEquivalentTo(java.util.Map.class);
            return unordered && Set.of("of", "copyOf", "ofEntries").contains(call.getName());
        });
    }
}

package io.orrery.check;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** A checker that shared code with the protocols would share their mistakes. */
class ImportsTest {
    private static DescribedPredicate<JavaClass> ownClassesBut(String... allowed) {
        return JavaClass.Predicates.resideInAPackage("io.orrery..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed)))
                .or(JavaClass.Predicates.resideInAPackage("org.apache.pekko.."));
    }

    @Test
    void historyAndCheckKnowNoProtocol() {
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.orrery");
        noClasses()
                .that()
                .resideInAPackage("io.orrery.history..")
                .should()
                .dependOnClassesThat(ownClassesBut("io.orrery.history..", "io.orrery.model.."))
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.orrery.check..")
                .should()
                .dependOnClassesThat(ownClassesBut("io.orrery.check..", "io.orrery.history..", "io.orrery.model.."))
                .check(classes);
    }
}

package dev.leaven.dsl.script

import com.tngtech.archunit.core.importer.ClassFileImporter
import com.tngtech.archunit.core.importer.ImportOption
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import io.kotest.core.spec.style.FunSpec

class ArchitectureSpec :
    FunSpec({
        test("scripts need no command line") {
            noClasses()
                .that()
                .resideInAPackage("dev.leaven.dsl.script..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.leaven.dsl.cli..", "picocli..", "me.tongfei..")
                .check(ClassFileImporter().withImportOption(ImportOption.DoNotIncludeTests()).importPackages("dev.leaven.dsl"))
        }
    })

package dev.leaven.dsl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.leaven", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule recipes_need_neither_command_line_nor_script_host =
      noClasses()
          .that()
          .resideInAPackage("dev.leaven.dsl")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.leaven.dsl.cli..",
              "dev.leaven.dsl.script..",
              "picocli..",
              "me.tongfei..",
              "kotlin.script..");

  @ArchTest
  static final ArchRule scripts_need_no_command_line =
      noClasses()
          .that()
          .resideInAPackage("dev.leaven.dsl.script..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.leaven.dsl.cli..", "picocli..", "me.tongfei..");

  @ArchTest
  static final ArchRule the_runtime_knows_no_recipes =
      noClasses()
          .that()
          .resideInAPackage("dev.leaven.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.leaven.dsl..");
}

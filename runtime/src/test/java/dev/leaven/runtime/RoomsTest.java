package dev.leaven.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which room may use which; the packages' descriptions say the same. */
class RoomsTest {

  private static final String ROOT = "dev.leaven.runtime";

  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("internal.tensorflow", Set.of()),
          Map.entry("graph", Set.of("internal.tensorflow")),
          Map.entry("internal.graph", Set.of("graph")),
          Map.entry("transform", Set.of("graph", "internal.tensorflow")),
          Map.entry("data", Set.of("transform", "internal.tensorflow")),
          Map.entry("data.catalogue", Set.of("data")),
          Map.entry(
              "internal.pipeline",
              Set.of("data", "graph", "transform", "internal.graph", "internal.tensorflow")),
          Map.entry("mix", Set.of("graph")),
          Map.entry("loss", Set.of("internal.tensorflow")),
          Map.entry("nn", Set.of("graph", "internal.tensorflow")),
          Map.entry("models", Set.of("graph", "nn", "internal.tensorflow")),
          Map.entry(
              "machine",
              Set.of("data", "graph", "models", "nn", "internal.graph", "internal.tensorflow")),
          Map.entry("optimize", Set.of("graph")),
          Map.entry("evaluate", Set.of()),
          Map.entry(
              "plan",
              Set.of(
                  "data",
                  "evaluate",
                  "graph",
                  "loss",
                  "machine",
                  "mix",
                  "models",
                  "nn",
                  "optimize",
                  "transform")),
          Map.entry(
              "internal.plan",
              Set.of(
                  "data",
                  "evaluate",
                  "graph",
                  "loss",
                  "machine",
                  "mix",
                  "models",
                  "nn",
                  "optimize",
                  "plan",
                  "transform",
                  "internal.pipeline")),
          Map.entry("run", Set.of("evaluate", "machine", "plan")),
          Map.entry(
              "internal.run",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "optimize",
                  "plan",
                  "run",
                  "internal.tensorflow")),
          Map.entry(
              "internal.step",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "loss",
                  "mix",
                  "models",
                  "nn",
                  "optimize",
                  "plan",
                  "run",
                  "transform",
                  "internal.graph",
                  "internal.pipeline",
                  "internal.run",
                  "internal.tensorflow")),
          Map.entry(
              "train",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "loss",
                  "machine",
                  "mix",
                  "optimize",
                  "plan",
                  "run",
                  "transform",
                  "internal.graph",
                  "internal.pipeline",
                  "internal.run",
                  "internal.step",
                  "internal.tensorflow")),
          Map.entry(
              "interpret",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "machine",
                  "models",
                  "nn",
                  "plan",
                  "run",
                  "train",
                  "transform",
                  "internal.graph",
                  "internal.pipeline",
                  "internal.step",
                  "internal.tensorflow")),
          Map.entry(
              "report",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "interpret",
                  "loss",
                  "mix",
                  "models",
                  "nn",
                  "plan",
                  "run",
                  "train",
                  "transform",
                  "internal.run")),
          Map.entry(
              "export",
              Set.of(
                  "internal.plan",
                  "data",
                  "evaluate",
                  "graph",
                  "machine",
                  "models",
                  "nn",
                  "plan",
                  "run",
                  "train",
                  "transform",
                  "internal.pipeline",
                  "internal.step",
                  "internal.tensorflow")),
          Map.entry("serve", Set.of("export")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static Set<String> rooms() {
    return MAY_USE.keySet();
  }

  @Test
  void thereAreNoOtherRooms() {
    Set<String> found =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toSet());
    assertThat(found).isEqualTo(rooms());
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomUsesOnlyTheRoomsItMay(String room) {
    String[] forbidden =
        rooms().stream()
            .filter(other -> !other.equals(room) && !MAY_USE.get(room).contains(other))
            .map(other -> ROOT + "." + other)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(false)
        .check(CLASSES);
  }

  @Test
  void whatTheRoomsShareUsesNoRoomAndNoTensorFlow() {
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".*..", "org.tensorflow..")
        .check(CLASSES);
  }

  @Test
  void scoresNeedNoGraph() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".evaluate")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.tensorflow..")
        .check(CLASSES);
  }

  @Test
  void picturesNeedNoGraph() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".report")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.tensorflow..")
        .check(CLASSES);
  }

  @Test
  void noRoomUsesItselfThroughAnother() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothingKnowsTheLanguageOrTheCommandLine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.leaven.dsl..", "kotlin..", "picocli..")
        .check(CLASSES);
  }

  /** They end the process when they are differentiated, and no checkpoint of ours knows them. */
  @Test
  void nothingMakesReferenceVariables() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.tensorflow.op.core.Variable")
        .check(CLASSES);
    noClasses()
        .should()
        .callMethodWhere(called("org.tensorflow.op.Ops", "variable"))
        .check(CLASSES);
  }

  /** Each asks a graph for all of its operations, so that building one takes quadratic time. */
  @Test
  void nothingBuildsWithTensorFlowsOwnScopes() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".internal.tensorflow.GraphOps")
        .should()
        .callMethodWhere(called("org.tensorflow.op.Ops", "create"))
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".internal.tensorflow.GraphOps")
        .should()
        .callMethodWhere(called("org.tensorflow.Graph", "operations"))
        .orShould()
        .callMethodWhere(called("org.tensorflow.Graph", "baseScope"))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.tensorflow.op.OpScope")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaMethodCall> called(String owner, String method) {
    return DescribedPredicate.describe(
        "it is %s.%s".formatted(owner, method),
        call ->
            call.getTargetOwner().getName().equals(owner)
                && call.getTarget().getName().equals(method));
  }
}

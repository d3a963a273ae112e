package dev.leaven.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the ledger in {@code docs/ablation.json} says of single techniques. */
final class AblationNotes {

  // The word of a recipe that the ledger has, by the technique that it says.
  private static final Map<String, String> WORDS =
      Map.of(
          "Normalize", "normalizeFromData",
          "MixUp", "mixup",
          "CutMix", "cutmix",
          "LabelSmoothing", "labelSmoothing",
          "WarmRestarts", "warmRestarts",
          "TestTimeAugmentation", "tta");

  private final Map<String, String> byWord = new HashMap<>();

  AblationNotes() {
    JsonNode rows;
    try {
      rows =
          new ObjectMapper()
              .readTree(Repository.ROOT.resolve("docs/ablation.json").toFile())
              .path("rows");
    } catch (IOException e) {
      throw new IllegalStateException("docs/ablation.json cannot be read", e);
    }
    for (int i = 1; i < rows.size(); i++) {
      byWord.put(rows.get(i).path("name").asText(), note(rows.get(i), rows.get(i - 1)));
    }
    if (!byWord.keySet().containsAll(WORDS.values())) {
      throw new IllegalStateException("docs/ablation.json has not all of " + WORDS.values());
    }
  }

  Optional<String> of(Class<?> technique) {
    return Optional.ofNullable(WORDS.get(technique.getSimpleName())).map(byWord::get);
  }

  private static String note(JsonNode row, JsonNode before) {
    JsonNode gain = row.path("gain");
    double mean = 100 * gain.path("mean").asDouble();
    return String.format(
        Locale.ROOT,
        "%s%.2f ± %.2f points of top-1, which is %s, for %.2f times the time: on 2,000 small pictures, in 14 epochs, with three"
            + " seeds, added to what stands above it in the [ledger](../ablation.md). On other data it is another number.",
        mean < 0 ? "−" : "+",
        Math.abs(mean),
        100 * gain.path("standardError").asDouble(),
        gain.path("largerThanNoise").asText().equals("YES") ? "larger than noise" : "within noise",
        row.path("seconds").path("mean").asDouble()
            / before.path("seconds").path("mean").asDouble());
  }
}

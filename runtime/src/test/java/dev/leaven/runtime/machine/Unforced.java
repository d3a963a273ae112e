package dev.leaven.runtime.machine;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Lets machines decide freely: where a machine is wrong, {@link CheckedKernels} forces kernels. */
final class Unforced implements BeforeEachCallback, AfterEachCallback {

  private static final String PROPERTY = "leaven.kernels";

  @Override
  public void beforeEach(ExtensionContext context) {
    String forced = System.clearProperty(PROPERTY);
    if (forced != null) {
      context.getStore(Namespace.create(Unforced.class)).put(PROPERTY, forced);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    String forced = context.getStore(Namespace.create(Unforced.class)).get(PROPERTY, String.class);
    if (forced == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, forced);
    }
  }
}

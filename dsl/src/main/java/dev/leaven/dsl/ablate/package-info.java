/**
 * The settings and results of an ablation: its settings, the ledger with its statistics, and the
 * lines that report it. It does not know recipes, and may use the runtime.
 */
@NullMarked
package dev.leaven.dsl.ablate;

import org.jspecify.annotations.NullMarked;

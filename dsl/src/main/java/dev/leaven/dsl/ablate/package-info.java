/**
 * What an ablation is asked and what it says: its settings, the ledger with its statistics, and the
 * lines that tell of it. It knows no recipe, and may use the runtime.
 */
@NullMarked
package dev.leaven.dsl.ablate;

import org.jspecify.annotations.NullMarked;

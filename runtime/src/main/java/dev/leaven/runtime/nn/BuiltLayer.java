package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A layer as it was built: what a summary counts, and where a feature can be taken from.
 *
 * @param name the layer's name, or an empty text for a layer without variables
 * @param what a readable description of the layer
 * @param output the layer's output
 * @param variables the layer's variables
 * @param multiplyAddsPerPosition multiplications with an addition, for each position of the output
 */
public record BuiltLayer(
    String name,
    String what,
    Operand<TFloat32> output,
    List<Variable> variables,
    long multiplyAddsPerPosition) {}

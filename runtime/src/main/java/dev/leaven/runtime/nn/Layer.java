package dev.leaven.runtime.nn;

import dev.leaven.runtime.graph.Variable;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A layer as it was built: what a summary counts, and where a feature can be taken from.
 *
 * @param name its name, or an empty text for a layer without variables
 * @param what what it does, for people
 * @param output what it gives
 * @param variables what belongs to it
 * @param multiplyAddsPerPosition multiplications with an addition, for each position of the output
 */
public record Layer(
    String name,
    String what,
    Operand<TFloat32> output,
    List<Variable> variables,
    long multiplyAddsPerPosition) {}

package dev.leaven.runtime.optimize;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every optimizer once more, written out in double from its formulas for the elements of one
 * weight.
 */
final class OptimizerReference {

  private final Map<String, double[]> memory = new LinkedHashMap<>();
  private final Optimizer optimizer;
  private final boolean decays;
  private final double[] p;

  OptimizerReference(Optimizer optimizer, boolean decays, double[] begin) {
    this.optimizer = optimizer;
    this.decays = decays;
    this.p = begin.clone();
  }

  double[] weights() {
    return p;
  }

  void step(double[] g, double lr, double beta1, int t) {
    step(optimizer, g, lr, beta1, t);
  }

  private double[] memory(String name) {
    return memory.computeIfAbsent(name, n -> new double[p.length]);
  }

  private void step(Optimizer o, double[] g, double lr, double beta1, int t) {
    if (o instanceof Adam a) {
      decay(lr, a.weightDecay());
      adam(g, lr, beta1, a.squaredMomentum(), a.epsilon(), t);
    } else if (o instanceof AdamW a) {
      decay(lr, a.weightDecay());
      adam(g, lr, beta1, a.squaredMomentum(), a.epsilon(), t);
    } else if (o instanceof Sgd a) {
      decay(lr, a.weightDecay());
      sgd(g, lr, a.momentum() == 0 ? 0 : beta1, a.nesterov());
    } else if (o instanceof RmsProp a) {
      decay(lr, a.weightDecay());
      rmsProp(g, lr, a.momentum() == 0 ? 0 : beta1, a);
    } else if (o instanceof RAdam a) {
      decay(lr, a.weightDecay());
      rAdam(g, lr, beta1, a.squaredMomentum(), a.epsilon(), t);
    } else if (o instanceof Lamb a) {
      decay(lr, a.weightDecay());
      lamb(g, lr, beta1, a, t);
    } else if (o instanceof Lars a) {
      decay(lr, a.weightDecay());
      lars(g, lr, a.momentum() == 0 ? 0 : beta1, a);
    } else if (o instanceof Lion a) {
      decay(lr, a.weightDecay());
      lion(g, lr, beta1, a.memory());
    } else if (o instanceof Ranger a) {
      Optimizer inner = new RAdam(a.momentum(), a.squaredMomentum(), a.epsilon(), a.weightDecay());
      lookahead(inner, 6, 0.5, g, lr, beta1, t);
    } else if (o instanceof Lookahead a) {
      lookahead(a.of(), a.k(), a.alpha(), g, lr, beta1, t);
    } else {
      throw new AssertionError("no reference for " + o);
    }
  }

  private void decay(double lr, double weightDecay) {
    for (int i = 0; decays && i < p.length; i++) {
      p[i] *= 1 - lr * weightDecay;
    }
  }

  private void adam(double[] g, double lr, double beta1, double beta2, double eps, int t) {
    double[] u = adamDirection(g, beta1, beta2, eps, t);
    for (int i = 0; i < p.length; i++) {
      p[i] -= lr * u[i];
    }
  }

  private double[] adamDirection(double[] g, double beta1, double beta2, double eps, int t) {
    double[] m = memory("m");
    double[] v = memory("v");
    double[] u = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      double corrected = m[i] / (1 - Math.pow(beta1, t));
      u[i] = corrected / (Math.sqrt(v[i] / (1 - Math.pow(beta2, t))) + eps);
    }
    return u;
  }

  private void sgd(double[] g, double lr, double beta, boolean nesterov) {
    double[] m = memory("m");
    for (int i = 0; i < p.length; i++) {
      m[i] = beta * m[i] + g[i];
      p[i] -= lr * (nesterov ? g[i] + beta * m[i] : m[i]);
    }
  }

  private void rmsProp(double[] g, double lr, double beta, RmsProp a) {
    double[] m = memory("m");
    double[] v = memory("v");
    for (int i = 0; i < p.length; i++) {
      v[i] = a.squaredMomentum() * v[i] + (1 - a.squaredMomentum()) * g[i] * g[i];
      m[i] = beta * m[i] + g[i];
      p[i] -= lr * m[i] / (Math.sqrt(v[i]) + a.epsilon());
    }
  }

  private void rAdam(double[] g, double lr, double beta1, double beta2, double eps, int t) {
    double most = 2 / (1 - beta2) - 1;
    double r = most - 2 * t * Math.pow(beta2, t) / (1 - Math.pow(beta2, t));
    if (r > 5) {
      double above = (r - 4) * (r - 2) * most;
      double below = (most - 4) * (most - 2) * r;
      adam(g, lr * Math.sqrt(above / below), beta1, beta2, eps, t);
    } else {
      adamDirection(g, beta1, beta2, eps, t);
      for (int i = 0; i < p.length; i++) {
        p[i] -= lr * memory("m")[i] / (1 - Math.pow(beta1, t));
      }
    }
  }

  private void lamb(double[] g, double lr, double beta1, Lamb a, int t) {
    double[] u = adamDirection(g, beta1, a.squaredMomentum(), a.epsilon(), t);
    double own = rootMeanSquare(p);
    double step = rootMeanSquare(u);
    boolean plain = own == 0 || step == 0 || (!decays && !a.adaptAll());
    double q = plain ? 1 : Math.min(own / step, 10);
    for (int i = 0; i < p.length; i++) {
      p[i] -= lr * q * u[i];
    }
  }

  private void lars(double[] g, double lr, double beta, Lars a) {
    double own = rootMeanSquare(p) * Math.sqrt(p.length);
    double others = rootMeanSquare(g) * Math.sqrt(p.length);
    double local = lr * a.trust() * own / (others + own * a.weightDecay() + a.epsilon());
    if (a.clip()) {
      local = Math.min(lr, local);
    }
    if (own == 0 || others == 0 || (!decays && !a.adaptAll())) {
      local = lr;
    }
    sgd(g, local, beta, false);
  }

  private void lion(double[] g, double lr, double beta1, double beta2) {
    double[] m = memory("m");
    for (int i = 0; i < p.length; i++) {
      p[i] -= lr * Math.signum(beta1 * m[i] + (1 - beta1) * g[i]);
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
    }
  }

  private void lookahead(
      Optimizer inner, int k, double alpha, double[] g, double lr, double beta1, int t) {
    double[] slow = memory("slow");
    if (t == 1) {
      System.arraycopy(p, 0, slow, 0, p.length);
    }
    step(inner, g, lr, beta1, t);
    for (int i = 0; t % k == 0 && i < p.length; i++) {
      slow[i] += alpha * (p[i] - slow[i]);
      p[i] = slow[i];
    }
  }

  private static double rootMeanSquare(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }
}

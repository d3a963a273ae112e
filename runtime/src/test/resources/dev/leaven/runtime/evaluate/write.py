"""Writes metrics.json beside it: random answers, and what scikit-learn 1.2 says of them.

Run it with: python3 write.py
"""

import json
import os
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
random = np.random.default_rng(20)


def short(array):
    """Float32 numbers in the fewest digits that are the same float32."""
    return [[float(str(x)) for x in row] for row in np.atleast_2d(array.astype(np.float32))]


def probabilities(n, classes, labels, sharpness):
    logits = random.normal(size=(n, classes))
    logits[np.arange(n), labels] += sharpness
    e = np.exp(logits - logits.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True)).astype(np.float32)


def quantized(p, parts):
    """Probabilities in parts that are exact, with many ties, and that still sum to 1."""
    q = np.floor(p * parts)
    for row in q:
        row[random.integers(len(row))] += parts - row.sum()
    return (q / parts).astype(np.float32)


def calibration_error(p, y, bins=15):
    """Guo et al., 2017. scikit-learn has no such metric."""
    confidence, right = p.max(1), p.argmax(1) == y
    error = 0.0
    for b in range(bins):
        inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def labels_case(name, p, y, ks):
    classes = p.shape[1]
    p64, said = p.astype(np.float64), p.argmax(1)
    present = [k for k in range(classes) if 0 < (y == k).sum() < len(y)]
    some = [k for k in range(classes) if (y == k).any()]
    precision, recall, f1, support = sk.precision_recall_fscore_support(
        y, said, labels=range(classes), zero_division=0)
    auc = {k: sk.roc_auc_score(y == k, p64[:, k]) for k in present}
    ap = {k: sk.average_precision_score(y == k, p64[:, k]) for k in some}
    if classes == 2:
        brier = sk.brier_score_loss(y, p64[:, 1], pos_label=1) if len(set(y)) == 2 else ((p64[:, 1] - y) ** 2).mean()
        macro_auc = auc.get(1)
    else:
        brier = sum(((p64[:, k] - (y == k)) ** 2).mean() for k in range(classes))
        macro_auc = np.mean(list(auc.values())) if auc else None
        if len(present) == classes:
            assert abs(macro_auc - sk.roc_auc_score(y, p64 / p64.sum(1, keepdims=True), multi_class="ovr")) < 1e-6
            assert abs(brier - sum(sk.brier_score_loss(y == k, p64[:, k]) for k in range(classes))) < 1e-12
    kappa = sk.cohen_kappa_score(y, said)
    # Of equal scores the first class wins, as in argmax; top_k_accuracy_score takes the last, so it
    # gets the classes in reverse. It needs more than two classes, and more than k.
    top = {}
    for k in ks:
        if k >= classes:
            top[k] = 1.0
        elif classes > 2:
            top[k] = sk.top_k_accuracy_score(classes - 1 - y, p64[:, ::-1], k=k, labels=range(classes))
        else:
            top[k] = sk.accuracy_score(y, said)
    assert top[1] == sk.accuracy_score(y, said)
    return {
        "name": name, "answers": short(p), "labels": y.tolist(),
        "top": {str(k): v for k, v in top.items()},
        "metrics": {
            "F1": sk.f1_score(y, said, average="macro", zero_division=0),
            "BALANCED_ACCURACY": sk.balanced_accuracy_score(y, said),
            "KAPPA": None if np.isnan(kappa) else kappa,
            "MCC": sk.matthews_corrcoef(y, said),
            "ROC_AUC": macro_auc,
            "AVERAGE_PRECISION": np.mean(list(ap.values())),
            "BRIER": brier,
            "CALIBRATION_ERROR": calibration_error(p64, y),
        },
        "confusion": sk.confusion_matrix(y, said, labels=range(classes)).tolist(),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
        "support": support.tolist(),
        "auc": [auc.get(k) for k in range(classes)], "ap": [ap.get(k) for k in range(classes)],
    }


def rows_case(name, p, y):
    p64, said, columns = p.astype(np.float64), p > 0.5, range(p.shape[1])
    present = [k for k in columns if 0 < y[:, k].sum() < len(y)]
    some = [k for k in columns if y[:, k].any()]
    auc = {k: sk.roc_auc_score(y[:, k], p64[:, k]) for k in present}
    ap = {k: sk.average_precision_score(y[:, k], p64[:, k]) for k in some}
    precision, recall, f1, support = sk.precision_recall_fscore_support(y, said, zero_division=0)
    return {
        "name": name, "answers": short(p), "targets": y.tolist(),
        "metrics": {
            "EXACT_MATCH": sk.accuracy_score(y, said),
            "ACCURACY_MULTI": 1 - sk.hamming_loss(y, said),
            "F1": sk.f1_score(y, said, average="macro", zero_division=0),
            "F1_MICRO": sk.f1_score(y, said, average="micro", zero_division=0),
            "ROC_AUC": np.mean(list(auc.values())),
            "AVERAGE_PRECISION": np.mean(list(ap.values())),
            "ROC_AUC_MICRO": sk.roc_auc_score(y.ravel(), p64.ravel()),
            "AVERAGE_PRECISION_MICRO": sk.average_precision_score(y, p64, average="micro"),
        },
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(),
        "support": support.tolist(),
        "auc": [auc.get(k) for k in columns], "ap": [ap.get(k) for k in columns],
    }


def numbers_case(name, p, y):
    p, y = p.astype(np.float32), y.astype(np.float32)
    a, b = y.astype(np.float64), p.astype(np.float64)
    return {
        "name": name, "answers": short(p), "targets": short(y),
        "metrics": {
            "RMSE": np.sqrt(sk.mean_squared_error(a, b)),
            "MAE": sk.mean_absolute_error(a, b),
            "R2": sk.r2_score(a, b),
            "MEDIAN_ERROR": sk.median_absolute_error(a, b),
        },
        "rmse": np.sqrt(sk.mean_squared_error(a, b, multioutput="raw_values")).tolist(),
        "mae": sk.mean_absolute_error(a, b, multioutput="raw_values").tolist(),
        "median": sk.median_absolute_error(a, b, multioutput="raw_values").tolist(),
        "r2": sk.r2_score(a, b, multioutput="raw_values").tolist(),
    }


def labels_cases():
    for classes, n in ((3, 40), (12, 60), (2, 30)):
        y = random.integers(classes, size=n)
        y[:classes] = np.arange(classes)
        p = probabilities(n, classes, y, 1.0)
        yield labels_case(f"{classes} classes", p, y, (1, 2, 5, 20, 10000))
        yield labels_case(f"{classes} classes with ties", quantized(p, 8), y, (1, 2, 5, 20, 10000))
    y = np.array([0, 2] * 12)
    p = probabilities(24, 4, y, 0.5)
    yield labels_case("two classes absent", p, y, (1, 2, 5))
    y = np.array([0, 1] * 12)
    p = probabilities(24, 4, y, 5.0)
    p[:, 2:] = 0
    p[:, 0] = 1 - p[:, 1]
    yield labels_case("two classes absent and never answered", p, y, (1, 2, 5))
    y = np.full(9, 1)
    yield labels_case("one class only", probabilities(9, 3, y, 0.3), y, (1, 2, 5))
    yield labels_case("one class only, always answered", probabilities(9, 3, y, 9.0), y, (1, 2, 5))
    y = np.array([2])
    yield labels_case("one image", probabilities(1, 3, y, 0.0), y, (1, 2, 5))
    y = random.integers(3, size=20)
    yield labels_case("all alike", np.full((20, 3), 1 / 3, np.float32), y, (1, 2, 5))


def rows_cases():
    for name, parts in (("random", None), ("ties", 4)):
        y = (random.random((30, 5)) < 0.4).astype(int)
        p = np.clip(random.random((30, 5)) * 0.8 + 0.2 * y, 0, 1).astype(np.float32)
        yield rows_case(name, p if parts is None else np.round(p * parts).astype(np.float32) / parts, y)
    y = (random.random((20, 4)) < 0.5).astype(int)
    y[:, 1] = 0
    y[:, 2] = 1
    yield rows_case("one class absent, one everywhere", random.random((20, 4)).astype(np.float32), y)


def numbers_cases():
    y = random.normal(size=(25, 1)) * 10 + 40
    yield numbers_case("one number", y + random.normal(size=y.shape) * 3, y)
    y = random.normal(size=(16, 3)) * [1, 100, 0.01] + [0, 1000, 5]
    yield numbers_case("three numbers, an even count", y + random.normal(size=y.shape) * [0.5, 50, 0.02], y)
    y = np.full((10, 2), 7.0)
    p = y.copy()
    p[3, 1] = 8
    yield numbers_case("numbers that do not vary", p, y)


cases = {"labels": list(labels_cases()), "rows": list(rows_cases()), "numbers": list(numbers_cases())}
with open(os.path.join(HERE, "metrics.json"), "w") as file:
    file.write("{\n")
    for kind, some in cases.items():
        lines = ",\n".join(json.dumps(case) for case in some)
        file.write(f'"{kind}": [\n{lines}\n]{"" if kind == "numbers" else ","}\n')
    file.write("}\n")

"""How well predictions fit the truth: for classes and for numbers. All values are plain numbers, ready for JSON.

Knows nothing of storage, and of models only `predict`, `predict_proba`, `decision_function` and `classes_`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

CALIBRATION_BINS = 10


def predicts_numbers(model: Any) -> bool:
    """Whether the model is a regressor. One that does not say is taken for a classifier when it names classes."""
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(model):
        return False
    return is_regressor(model) or not hasattr(model, "classes_")


def score_numbers(truth: "pandas.Series", predicted: Any) -> dict[str, Any]:
    """MSE and its root, mean and median absolute error, and R² (None for a single row)."""
    from sklearn import metrics

    mse = float(metrics.mean_squared_error(truth, predicted))
    return {
        "r2": float(metrics.r2_score(truth, predicted)) if len(truth) > 1 else None,
        "rmse": mse**0.5,
        "mse": mse,
        "mae": float(metrics.mean_absolute_error(truth, predicted)),
        "median_absolute_error": float(metrics.median_absolute_error(truth, predicted)),
        "rows": len(truth),
        "notes": [],
    }


def score_classes(model: Any, table: "pandas.DataFrame", truth: "pandas.Series", predicted: Any) -> dict[str, Any]:
    """Accuracy, macro F1, ROC-AUC, the confusion matrix (rows: truth), each class by itself, and calibration."""
    from sklearn import metrics

    labels = sorted(set(truth) | set(predicted), key=lambda name: (str(type(name)), name))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=0)
    area, no_area = _roc_auc(model, table, truth)
    found, no_calibration = _calibration(model, table, truth)
    return {
        "accuracy": float(metrics.accuracy_score(truth, predicted)),
        "f1_macro": float(metrics.f1_score(truth, predicted, labels=labels, average="macro", zero_division=0)),
        "roc_auc": area,
        "calibration_error": found["error"] if found else None,
        "rows": len(truth),
        "labels": [str(name) for name in labels],
        "confusion_matrix": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        "per_class": {
            str(name): {"precision": float(p), "recall": float(r), "f1": float(f), "rows": int(n)}
            for name, p, r, f, n in zip(labels, precision, recall, f1, support, strict=True)
        },
        "calibration": found,
        "notes": [f"no {what}: {why}" for what, why in (("ROC-AUC", no_area), ("calibration", no_calibration)) if why],
    }


def _roc_auc(model: Any, table: "pandas.DataFrame", truth: "pandas.Series") -> tuple[float | None, str | None]:
    """(area under the curve, None) or (None, why it makes no sense here). More than two classes: one against the rest, macro average."""
    from sklearn.metrics import roc_auc_score

    classes = list(getattr(model, "classes_", []))
    if len(classes) < 2:
        return None, "the model does not name its classes"
    unseen = set(truth) - set(classes)
    if unseen:
        return None, f"the model never saw the class {sorted(map(str, unseen))[0]!r}"
    if len(set(truth)) < len(classes):
        return None, "not every class occurs in the test rows"
    if len(classes) == 2:
        scores = model.predict_proba(table)[:, 1] if hasattr(model, "predict_proba") else model.decision_function(table)
        return float(roc_auc_score(truth == classes[1], scores)), None
    if not hasattr(model, "predict_proba"):
        return None, "this model gives no probabilities, which more than two classes need"
    return float(roc_auc_score(truth, model.predict_proba(table), labels=classes, multi_class="ovr", average="macro")), None


def _calibration(model: Any, table: "pandas.DataFrame", truth: "pandas.Series") -> tuple[dict[str, Any] | None, str | None]:
    """How often the model is right when it is that sure.

    Two classes: the probability of the second one; more: that of the predicted one. Bins of equal width; `error` is the mean distance
    of a bin's share from its mean probability, weighted by rows.
    """
    import numpy

    if not hasattr(model, "predict_proba"):
        return None, "this model gives no probabilities"
    shares, classes = model.predict_proba(table), numpy.asarray(model.classes_)
    if len(classes) == 2:
        sure, right = shares[:, 1], numpy.asarray(truth == classes[1])
    else:
        sure, right = shares.max(axis=1), numpy.asarray(truth == classes[shares.argmax(axis=1)])
    bins = numpy.minimum((sure * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    points = [
        {"predicted": float(sure[bins == b].mean()), "observed": float(right[bins == b].mean()), "rows": int((bins == b).sum())}
        for b in range(CALIBRATION_BINS)
        if (bins == b).any()
    ]
    error = sum(point["rows"] * abs(point["predicted"] - point["observed"]) for point in points) / len(truth)
    return {"of": str(classes[1]) if len(classes) == 2 else "the predicted class", "error": float(error), "points": points}, None

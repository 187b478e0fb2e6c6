"""Cutting rows into folds and scoring what was trained on the rest. Knows nothing of cards."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ensemble.scores import score_numbers

if TYPE_CHECKING:
    import numpy
    import pandas


def folds(
    target: "pandas.Series", count: int, numbers: bool, in_order: bool, seed: int
) -> Iterator[tuple["numpy.ndarray", "numpy.ndarray"]]:
    """(positions to learn from, positions to test on). Classes keep their shares. Raises ValueError when there are too few rows."""
    from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit

    if count >= len(target):
        raise ValueError(f"{count} folds need more than {len(target)} rows")
    if in_order:
        return TimeSeriesSplit(count).split(target)
    if numbers:
        return KFold(count, shuffle=True, random_state=seed).split(target)
    rarest = target.value_counts().iloc[[-1]]
    if rarest.iloc[0] < count:
        raise ValueError(f"class {rarest.index[0]!r} occurs {rarest.iloc[0]} times, fewer than {count} folds; use fewer folds")
    return StratifiedKFold(count, shuffle=True, random_state=seed).split(target, target)


def score(model: Any, table: "pandas.DataFrame", truth: "pandas.Series", numbers: bool) -> dict[str, float]:
    """The scores of one fold."""
    from sklearn.metrics import accuracy_score, f1_score

    predicted = model.predict(table)
    if numbers:
        found = score_numbers(truth, predicted)
        return {name: found[name] for name in ("r2", "rmse", "mae") if found[name] is not None}
    return {
        "accuracy": float(accuracy_score(truth, predicted)),
        "f1_macro": float(f1_score(truth, predicted, average="macro", zero_division=0)),
    }


def summary(scored: list[dict[str, float]]) -> dict[str, float]:
    """Mean and deviation over the folds: `accuracy`, `accuracy_deviation`, …"""
    import numpy

    found = {}
    for name in scored[0]:
        values = [scores[name] for scores in scored if name in scores]
        found[name] = float(numpy.mean(values))
        found[f"{name}_deviation"] = float(numpy.std(values))
    return found

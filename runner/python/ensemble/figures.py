"""Pictures of how good a model is, as PNG bytes that read well on light and dark ground. Knows nothing of storage."""

import io
from typing import Any

_INK = "#1f2933"
_BLUE = "#2f6fb3"
_MAX_NAMES = 30


def confusion_picture(labels: list[str], matrix: list[list[int]], calibration: dict[str, Any] | None) -> bytes:
    """The confusion matrix, coloured by the share of its row, and beside it the calibration curve where there is one."""
    wide = min(9.0, max(4.2, 1.6 + 0.45 * len(labels)))
    figure = _figure(wide + (3.9 if calibration else 0), max(3.6, wide * 0.85))
    axes = figure.subplots(1, 2 if calibration else 1, squeeze=False, width_ratios=[wide, 3.9] if calibration else [1])[0]
    _draw_matrix(axes[0], labels, matrix)
    if calibration:
        _draw_calibration(axes[1], calibration)
    return _png(figure)


def fit_picture(truth: Any, predicted: Any, target: str) -> bytes:
    """Predicted over true values, with the line on which both are equal. At most 5,000 points, evenly taken."""
    step = max(1, len(truth) // 5_000)
    truth, predicted = list(truth)[::step], list(predicted)[::step]
    figure = _figure(4.8, 4.4)
    axes = figure.subplots()
    ends = [min(*truth, *predicted), max(*truth, *predicted)]
    axes.plot(ends, ends, color="#9aa5b1", linewidth=1)
    axes.scatter(truth, predicted, s=14, alpha=0.55, color=_BLUE, linewidths=0)
    axes.set_xlabel(f"true {target}", parse_math=False)
    axes.set_ylabel(f"predicted {target}", parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)
    return _png(figure)


def _draw_matrix(axes: Any, labels: list[str], matrix: list[list[int]]) -> None:
    shares = [[cell / max(1, sum(row)) for cell in row] for row in matrix]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if len(labels) <= _MAX_NAMES:
        names = [name if len(name) <= 16 else name[:15] + "…" for name in labels]
        turned = max(map(len, names)) > 4
        axes.set_xticks(range(len(names)), names, rotation=45 if turned else 0, ha="right" if turned else "center", parse_math=False)
        axes.set_yticks(range(len(names)), names, parse_math=False)
        for i, row in enumerate(matrix):
            for j, cell in enumerate(row):
                if cell:
                    axes.text(j, i, f"{cell:,}", ha="center", va="center", fontsize=8, color="white" if shares[i][j] > 0.5 else _INK)
    else:
        axes.set_xticks([])
        axes.set_yticks([])
    axes.set(xlabel="predicted", ylabel="true")


def _draw_calibration(axes: Any, calibration: dict[str, Any]) -> None:
    points = calibration["points"]
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linewidth=1)
    axes.plot([p["predicted"] for p in points], [p["observed"] for p in points], marker="o", markersize=4, color=_BLUE)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), ylabel="observed share")
    axes.set_xlabel(f"probability of {calibration['of'][:24]}", parse_math=False)
    axes.set_box_aspect(1)
    axes.spines[["top", "right"]].set_visible(False)


def _figure(width: float, height: float) -> Any:
    """A figure of so many inches, without pyplot: nothing of it stays behind."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained", facecolor="white")


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    # Without the version of matplotlib in it, the same result is the same bytes.
    figure.savefig(buffer, format="png", dpi=130, metadata={"Software": None})
    return buffer.getvalue()

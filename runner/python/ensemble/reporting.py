"""Where `progress` and `log_metric` go. Without a listener (a test, a notebook) they go nowhere.

The listener is held by the module, not by the card, because a card's own `__init__` need not call `super().__init__()`.
"""

import math
import sys
from collections.abc import Callable

_listener: Callable[[dict], None] | None = None
_not_finite: set[str] = set()

MAX_MESSAGE = 500
MAX_NAME = 200


def listen(listener: Callable[[dict], None] | None) -> None:
    """Sets who hears the events; `None` ends it."""
    global _listener
    _listener = listener
    _not_finite.clear()


def progress(fraction: float, message: str = "") -> None:
    if _listener is None:
        return
    share = _number(fraction)
    if share is None:
        return
    _listener({"kind": "progress", "fraction": min(1.0, max(0.0, share)), "message": str(message)[:MAX_MESSAGE]})


def metric(name: str, value: float, step: float | None = None) -> None:
    if _listener is None:
        return
    label = str(name)[:MAX_NAME]
    try:
        number = float(value)
    except (TypeError, ValueError, RuntimeError):
        _say_once(label, f"log_metric: {label!r} is {value!r} at step {step}; a point that is no number is left out")
        return
    if not math.isfinite(number):
        _say_once(label, f"log_metric: {label!r} is {number} at step {step}; points that are no finite number are gaps in its curve")
    at = step if isinstance(step, int) else _number(step)
    _listener({"kind": "metric", "name": label, "value": number if math.isfinite(number) else None, "step": at})


def _say_once(label: str, sentence: str) -> None:
    if label not in _not_finite:
        _not_finite.add(label)
        print(sentence, file=sys.stderr)


def _number(value: object) -> float | None:
    """A finite float of anything that has one (numpy scalars, one-element tensors), else None."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError):
        return None
    return number if math.isfinite(number) else None

"""One encoding for JSON that may hold NaN and infinities; the twin of `packages/protocol/src/wire-json.ts`.

A number that JSON lacks becomes `{"$number": "NaN" | "Infinity" | "-Infinity"}`, and an object whose only key is
`$number` or `$escaped` is wrapped as `{"$escaped": …}`, so that decoding is the exact inverse.
Both languages are tested with `runner/contract/wire-json.json`.
"""

import json
import math
from collections.abc import Callable
from typing import Any

_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_MARKERS = ("$number", "$escaped")


def dumps(value: Any, default: Callable[[Any], Any] | None = None) -> str:
    """Wire JSON text. Raises TypeError for what neither JSON nor `default` knows, ValueError for circles."""
    try:
        text = json.dumps(value, allow_nan=False, default=default)
    except ValueError:  # not finite, or circular
        return json.dumps(encode(value, default), allow_nan=False)
    # Nearly all JSON has neither markers nor odd numbers, and walking hundreds of megabytes in Python is slow.
    return text if not _may_hold_markers(text) else json.dumps(encode(value, default), allow_nan=False)


def loads(text: str) -> Any:
    """The value of wire JSON text. Plain JSON, and the NaN and Infinity that Python writes by itself, are accepted too."""
    value = json.loads(text)
    return decode(value) if _may_hold_markers(text) else value


def encode(value: Any, default: Callable[[Any], Any] | None = None) -> Any:
    """Turns numbers that JSON cannot carry into markers, and all else into plain JSON values."""
    return _encode(value, default, set())


def _encode(value: Any, default: Callable[[Any], Any] | None, above: set[int]) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return {"$number": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if id(value) in above:
        raise ValueError("Circular reference detected")
    above.add(id(value))
    try:
        if isinstance(value, (list, tuple)):
            return [_encode(item, default, above) for item in value]
        if isinstance(value, dict):
            entries = {object_key(key): _encode(item, default, above) for key, item in value.items()}
            return {"$escaped": entries} if _is_marker(entries) else entries
        if default is None:
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        return _encode(default(value), default, above)
    finally:
        above.discard(id(value))


def decode(value: Any) -> Any:
    """The exact inverse of `encode`."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_marker(value):
        number = value.get("$number")
        if isinstance(number, str):
            return _NUMBERS.get(number, math.nan)
        inner = value.get("$escaped")
        if isinstance(inner, dict):
            return {key: decode(item) for key, item in inner.items()}
    return {key: decode(item) for key, item in value.items()}


def _is_marker(value: dict) -> bool:
    return len(value) == 1 and next(iter(value)) in _MARKERS


def _may_hold_markers(text: str) -> bool:
    return '"$number"' in text or '"$escaped"' in text


def object_key(key: Any) -> str:
    """Object keys as the json module writes them: `1` becomes "1", `True` "true", `None` "null"."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")

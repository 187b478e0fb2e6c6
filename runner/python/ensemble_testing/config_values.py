"""The values of a card's config: defaults filled in, mistakes named; the twin of `packages/cards/src/config-values.ts`.

A `pathlib.Path` stands for a project file. Both languages are tested with `runner/contract/config-values.json`.
"""

import copy
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ensemble_testing.config_fields import NO_DEFAULT, ConfigField

_HOW_TO_GIVE = {
    "string": "enter a text",
    "number": "enter a number",
    "integer": "enter a whole number",
    "boolean": "choose yes or no",
    "file": "choose a file of this project",
    "secret": "enter the name of a secret, such as OPENAI_API_KEY",
    "json": "enter a value as JSON",
}


@dataclass(frozen=True)
class ConfigProblem:
    field: str
    code: str
    message: str


def fill_defaults(fields: list[ConfigField], config: dict[str, Any]) -> dict[str, Any]:
    """A new dict: `config` with the default of every field it does not mention."""
    defaults = {field.name: copy.deepcopy(field.default) for field in fields if field.default is not NO_DEFAULT}
    return {**config, **{name: value for name, value in defaults.items() if name not in config}}


def check_config(fields: list[ConfigField], config: dict[str, Any]) -> list[ConfigProblem]:
    """What is wrong with `config`, in the order of the fields. Entries that no field describes are left alone."""
    found = [(field.name, _check(field, config)) for field in fields]
    return [ConfigProblem(name, *problem) for name, problem in found if problem is not None]


def _check(field: ConfigField, config: dict[str, Any]) -> tuple[str, str] | None:
    value = config.get(field.name)
    how = _how_to_give(field)
    if value is None or (value == "" and field.type != "json" and "" not in (field.options or [])):
        if not field.required or (field.name not in config and field.default is not NO_DEFAULT):
            return None
        return "config/missing", f'"{field.label}" is needed; {how}.'
    if _is_file(value) and field.type in ("string", "file"):
        return None
    if field.type == "secret":
        if _is_secret(value):
            return None
        return "config/type", f'"{field.label}" holds something other than the name of a secret; {how}, never the secret itself.'
    if not _fits(field.type, value):
        return "config/type", f'"{field.label}" is {_spell(value)}, which does not fit; {how}.'
    if not _is_among_options(field, value):
        return "config/option", f'"{field.label}" is {_spell(value)}; {how}.'
    if _is_number(value) and field.minimum is not None and value < field.minimum:
        return "config/range", f'"{field.label}" is {_spell(value)}; enter {_spell(field.minimum)} or more.'
    if _is_number(value) and field.maximum is not None and value > field.maximum:
        return "config/range", f'"{field.label}" is {_spell(value)}; enter {_spell(field.maximum)} or less.'
    return None


def _fits(kind: str, value: Any) -> bool:
    if kind == "string":
        return isinstance(value, str)
    if kind == "number":
        return _is_number(value) and math.isfinite(value)
    if kind == "integer":
        return _is_number(value) and math.isfinite(value) and value == int(value)
    if kind == "boolean":
        return isinstance(value, bool)
    return kind == "json"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_file(value: Any) -> bool:
    if isinstance(value, Path):
        return True
    hashed = isinstance(value, dict) and isinstance(value.get("$file"), str) and isinstance(value.get("name"), str)
    return hashed and re.fullmatch(r"[0-9a-f]{64}", value["$file"]) is not None


def _is_secret(value: Any) -> bool:
    named = isinstance(value, dict) and list(value) == ["$secret"] and isinstance(value["$secret"], str)
    return named and re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", value["$secret"]) is not None


def _is_among_options(field: ConfigField, value: Any) -> bool:
    """A field edited as JSON may hold several of its options in a list."""
    if field.options is None:
        return True
    allowed = {_canonical(option) for option in field.options}
    many = field.type == "json" and isinstance(value, list)
    return _canonical(value) in allowed or (many and all(_canonical(item) in allowed for item in value))


def _how_to_give(field: ConfigField) -> str:
    if field.options is None:
        return _HOW_TO_GIVE[field.type]
    shown = ", ".join(_spell(option) for option in field.options[:12])
    return f"choose one of {shown}{', …' if len(field.options) > 12 else ''}"


def _spell(value: Any) -> str:
    text = _canonical(value)
    return f"{text[:60]}…" if len(text) > 60 else text


def _canonical(value: Any) -> str:
    """As JavaScript spells it: 2.0 is 2, keys are sorted."""
    return json.dumps(_whole(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, dict):
        return {str(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, (list, tuple)) else value

"""Both dialects of a card's `config_schema` in one form; the twin of `packages/cards/src/config-fields.ts`.

What the editor reports while a card is written (malformed schemas) is not reported again here.
Both languages are tested with `runner/contract/config-values.json`.
"""

from dataclasses import dataclass
from typing import Any

_TYPES = {
    **dict.fromkeys(("string", "str", "text", "textarea", "password", "select", "dropdown", "enum", "choice", "code"), "string"),
    **dict.fromkeys(("number", "float", "double", "slider"), "number"),
    **dict.fromkeys(("integer", "int"), "integer"),
    **dict.fromkeys(("boolean", "bool", "checkbox", "toggle"), "boolean"),
    **dict.fromkeys(("json", "object", "array", "dict", "list"), "json"),
    "file": "file",
    "secret": "secret",
}


# A default may be None.
NO_DEFAULT: Any = object()


@dataclass(frozen=True)
class ConfigField:
    """One field of the form."""

    name: str
    type: str
    label: str
    required: bool
    default: Any = NO_DEFAULT
    options: list[Any] | None = None
    minimum: float | None = None
    maximum: float | None = None


def read_fields(schema: dict[str, Any]) -> list[ConfigField]:
    properties = schema.get("properties", {}) if _is_json_schema(schema) else schema
    required = schema.get("required", []) if _is_json_schema(schema) else []
    found = []
    for name, written in properties.items():
        entry = {"type": written} if isinstance(written, str) and written in _TYPES else {} if written is True else written
        if isinstance(entry, dict):
            found.append(_field(name, entry, name in required))
    return found


def _is_json_schema(schema: dict[str, Any]) -> bool:
    """A flat schema may have fields called `type` or `properties`, but their values are dicts with a type."""
    properties = schema.get("properties")
    return schema.get("type") == "object" or (isinstance(properties, dict) and not isinstance(properties.get("type"), str))


def _field(name: str, entry: dict[str, Any], listed: bool) -> ConfigField:
    options = _options(entry)
    words = name.replace("_", " ").replace("-", " ").split()
    return ConfigField(
        name=name,
        type=_type(entry, options),
        label=_text(entry, "label") or _text(entry, "title") or (" ".join(words)[:1].upper() + " ".join(words)[1:] if words else name),
        required=listed or entry.get("required") is True,
        default=entry.get("default", NO_DEFAULT),
        options=options,
        minimum=_first(entry, ("minimum", "min")),
        maximum=_first(entry, ("maximum", "max")),
    )


def _type(entry: dict[str, Any], options: list[Any] | None) -> str:
    if entry.get("format") in ("file", "secret"):
        return entry["format"]
    written = entry.get("type")
    if written is None:
        return _type_of(entry["default"] if "default" in entry else options[0] if options else None)
    single = [kind for kind in written if kind != "null"] if isinstance(written, list) else [written]
    known = _TYPES.get(single[0].lower()) if len(single) == 1 and isinstance(single[0], str) else None
    if known == "string" and options:
        kinds = {_type_of(option) for option in options}
        return kinds.pop() if len(kinds) == 1 else "json"
    return known or "json"


def _type_of(value: Any) -> str:
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else "json"


def _options(entry: dict[str, Any]) -> list[Any] | None:
    written = next((entry[key] for key in ("enum", "options", "choices") if entry.get(key) is not None), None)
    if not isinstance(written, (list, tuple)) or not written:
        return None
    return [option.get("value", option) if isinstance(option, dict) else option for option in written]


def _text(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) and value.strip() else None


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> float | None:
    return next((entry[key] for key in keys if isinstance(entry.get(key), (int, float)) and not isinstance(entry[key], bool)), None)

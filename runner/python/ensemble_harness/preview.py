"""The preview: run after `execute` in the same process, turned into JSON, and never a reason for the step to fail."""

import datetime
import decimal
import os
import uuid
from typing import Any

from ensemble import wire_json
from ensemble.base_card import BaseCard
from ensemble.errors import ContractError
from ensemble.storage import Storage
from ensemble_harness import result_file
from ensemble_harness.error_report import CardFiles, describe

MAX_BYTES = 2 * 1024 * 1024
MAX_ERROR = 4_000
_AS_TEXT = (datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, uuid.UUID, os.PathLike)


def write_preview(card: BaseCard, references: dict[str, str], storage: Storage, out: str, files: CardFiles) -> str | None:
    """Writes `preview.json` and returns None, or returns one sentence that says why there is no preview."""
    try:
        result_file.write(out, "preview.json", preview_text(card, references, storage))
        return None
    except BaseException as error:
        found = describe(error, files, None, None)
        where = f" ({found['file']}, line {found['line']})" if "line" in found else ""
        return f"{found['type']}: {found['message']}{where}"[:MAX_ERROR]


def preview_text(card: BaseCard, references: dict[str, str], storage: Storage) -> str:
    """The preview as wire JSON. Raises what the card raises, and ContractError for what cannot be shown."""
    preview = card.get_output_preview(dict(references), storage)
    if not isinstance(preview, dict):
        raise ContractError(f"get_output_preview returned {type(preview).__name__}, not a dict")
    text = wire_json.dumps(to_json(preview, "preview"))
    if len(text) > MAX_BYTES:
        raise ContractError(f"the preview is {len(text) / 2**20:.1f} MB, more than 2 MB: show fewer rows, save the rest as an artifact")
    return text


def to_json(value: Any, path: str) -> Any:
    """Plain JSON of what cards usually show: numpy scalars and arrays too, dates and the like as text.

    Raises ContractError that says where the offending value is, such as `preview['rows'][0]`.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        return {_key(key, path): to_json(item, f"{path}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item, f"{path}[{index}]") for index, item in enumerate(value)]
    kind = type(value)
    if kind.__module__.startswith("pandas.") and kind.__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, _AS_TEXT):
        return str(value)
    if kind.__module__ == "numpy" and hasattr(value, "tolist"):
        plain = value.tolist()
        if type(plain) is not kind:
            return to_json(plain, path)
    raise ContractError(f"{path} is of type {kind.__name__}, which JSON cannot hold")


def _key(key: Any, path: str) -> str:
    plain = to_json(key, path)
    if isinstance(plain, (dict, list)):
        raise ContractError(f"{path} has the key {key!r}; keys are text or numbers")
    return plain if isinstance(plain, str) else wire_json.object_key(plain)

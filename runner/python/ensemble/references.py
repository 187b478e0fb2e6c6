"""The names of artifacts: keys that cards choose, and references `<folder>/<key>.<ext>`.

Ignores files: whether something is stored under a reference is the storage's business.
Both languages are tested with `runner/contract/references.json`.
"""

import re

from ensemble.errors import ContractError

MAX_KEY_BYTES = 200
_KEY = re.compile(r"[^/\\\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_EXTENSION = re.compile(r"[A-Za-z0-9]{1,16}(\.[A-Za-z0-9]{1,16})?")


def make_reference(folder: str, key: object, ext: object) -> str:
    """`<folder>/<key>.<ext>`. Raises ContractError when the key or the extension could not be part of a path."""
    if not isinstance(key, str):
        raise ContractError(f"the key of an artifact is a string, not {type(key).__name__}: {_short(key)}")
    if not _KEY.fullmatch(key) or key.startswith(".") or len(key.encode()) > MAX_KEY_BYTES:
        raise ContractError(f"{_short(key)} cannot be the key of an artifact: use 1 to {MAX_KEY_BYTES} bytes, no slash, no leading dot")
    if not isinstance(ext, str) or not _EXTENSION.fullmatch(ext.removeprefix(".")):
        raise ContractError(f"{_short(ext)} cannot be a file extension: use letters and digits, such as 'png'")
    return f"{folder}/{key}.{ext.removeprefix('.')}"


def check_reference(ref: object) -> str:
    """The same reference, when it stays inside the artifacts; raises ContractError for anything else."""
    if not isinstance(ref, str):
        raise ContractError(f"a reference is the string that a save returned or an input holds, not {type(ref).__name__}: {_short(ref)}")
    parts = ref.split("/")
    if len(parts) != 2 or any(not _KEY.fullmatch(part) or part.startswith(".") for part in parts):
        raise ContractError(f"{_short(ref)} is no reference: it looks like 'folder/key.ext'")
    return ref


def safe_file_name(number: int, ref: str) -> str:
    """A name for the file in `out/`: flat, ASCII, and never that of another artifact or of the harness's own files."""
    return f"{number:04d}-{re.sub(r'[^A-Za-z0-9._-]', '_', ref.split('/')[-1])[-80:]}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "…"

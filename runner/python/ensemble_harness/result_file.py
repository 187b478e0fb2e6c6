"""Writing the harness's own files into `out/`, where the card may have put anything."""

import json
import os
import shutil
from typing import Any


def dumps(result: dict[str, Any]) -> str:
    """JSON whose texts every reader can store: no NUL and no half of a surrogate pair, which PostgreSQL refuses."""
    return json.dumps(_clean(result), allow_nan=False)


def write(folder: str, name: str, text: str) -> None:
    """Writes a whole file or none: a reader never sees half of it, and a link or folder of that name is replaced, not followed."""
    path, part = os.path.join(folder, name), os.path.join(folder, f".{name}.part")
    for old in (part, path):
        if os.path.isdir(old) and not os.path.islink(old):
            shutil.rmtree(old)
        elif old == part and os.path.lexists(old):
            os.unlink(old)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(part, path)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value

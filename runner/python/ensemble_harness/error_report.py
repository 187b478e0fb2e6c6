"""An exception as a card author wants to read it: one sentence, the line of the card, a traceback without our own frames."""

import importlib
import os
import sys
import traceback
from typing import Any

from ensemble.errors import ContractError
from ensemble_harness import network_hint

MAX_MESSAGE = 1_000
MAX_TRACEBACK = 20_000
_IMPORTER = importlib.__file__
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class CardFiles:
    """Knows which source files are cards, and what they are called: `cards/models/train.py`."""

    def __init__(self, project: str) -> None:
        self._roots = [project + os.sep, _OURS + os.sep]

    def name(self, path: str) -> str | None:
        """The name of a card file, or None for any other file."""
        for root in self._roots:
            if path.startswith(root):
                relative = path[len(root) :].replace(os.sep, "/")
                return relative if root == self._roots[0] or relative.startswith("cards/std/") else None
        return None

    def is_ours(self, path: str) -> bool:
        """A file of the harness or the SDK: nothing an author can change."""
        return path.startswith("<frozen ") or path == _IMPORTER or (path.startswith(_OURS + os.sep) and self.name(path) is None)


def describe(error: BaseException, files: CardFiles, card_path: str | None, card: object | None) -> dict[str, Any]:
    """A `StepError`. Without a frame in a card file, it points at `execute` of the card."""
    report: dict[str, Any] = {"kind": _kind(error), "message": _message(error)[:MAX_MESSAGE], "type": type(error).__name__}
    where = _innermost(error, files) or _definition(card, files) or ((card_path, None) if card_path else None)
    if where is not None:
        report["file"] = where[0]
        if where[1]:
            report["line"] = where[1]
    shown = _traceback(error, files)
    if shown:
        report["traceback"] = shown
    return report


def _kind(error: BaseException) -> str:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "memory"
    return "contract" if isinstance(error, ContractError) else "card"


def _message(error: BaseException) -> str:
    text = _text(error)
    if isinstance(error, SystemExit):
        return f"the card ended the process with sys.exit({error.code!r}) instead of returning its outputs"
    if isinstance(error, KeyboardInterrupt):
        return "the card was interrupted"
    if isinstance(error, RecursionError):
        return f"a function of the card calls itself without end: {text}"
    if isinstance(error, MemoryError):
        return f"the card ran out of memory{': ' + text if text else ''}"
    if isinstance(error, SyntaxError):
        return f"the file does not parse: {error.msg}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        if error.name == "cards" or error.name.startswith("cards."):
            return f"the project has no card file {error.name.replace('.', '/')}.py"
        return f"module {error.name.partition('.')[0]!r} is not installed here; name its package in the card's requirements"
    if network_hint.is_network_off(error):
        return f"{network_hint.HINT} ({type(error).__name__}: {text})"
    if isinstance(error, KeyError) and len(error.args) == 1:
        return f"key {text} not found"
    return text or f"{type(error).__name__} was raised without a message"


def _text(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())
    except Exception:
        # An exception class of the card may fail to say what it is.
        return ""


def _innermost(error: BaseException, files: CardFiles) -> tuple[str, int | None] | None:
    if isinstance(error, SyntaxError) and error.filename and (name := files.name(error.filename)):
        return name, error.lineno
    found = None
    step = error.__traceback__
    while step is not None:
        name = files.name(step.tb_frame.f_code.co_filename)
        if name:
            found = name, step.tb_lineno
        step = step.tb_next
    return found


def _definition(card: object | None, files: CardFiles) -> tuple[str, int | None] | None:
    code = getattr(getattr(type(card), "execute", None), "__code__", None)
    if code is None:
        return None
    name = files.name(code.co_filename)
    return (name, code.co_firstlineno) if name else None


def _traceback(error: BaseException, files: CardFiles) -> str:
    """Empty for a breach of contract that no line of the card raised."""
    try:
        whole = traceback.TracebackException.from_exception(error)
        _rename(whole, files, set())
        if isinstance(error, ContractError) and not whole.stack:
            return ""
        text = "".join(whole.format())
    except Exception as failure:
        text = f"{type(error).__name__}: {_text(error)}\n(its traceback cannot be shown: {type(failure).__name__})"
    if len(text) <= MAX_TRACEBACK:
        return text
    half = MAX_TRACEBACK // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} characters left out …\n{text[-half:]}"


def _rename(found: traceback.TracebackException | None, files: CardFiles, seen: set[int]) -> None:
    """Drops our frames and shortens the paths, in the exception and in all those behind it."""
    if found is None or id(found) in seen:
        return
    seen.add(id(found))
    kept = [frame for frame in found.stack if not files.is_ours(frame.filename)]
    for frame in kept:
        frame.filename = _shown(frame.filename, files)
    found.stack[:] = kept
    # Only that of a SyntaxError has one.
    if isinstance(getattr(found, "filename", None), str):
        found.filename = _shown(found.filename, files)
    for behind in (found.__cause__, found.__context__, *(found.exceptions or ())):
        _rename(behind, files, seen)


def _shown(path: str, files: CardFiles) -> str:
    name = files.name(path)
    if name:
        return name
    roots = [root for root in sys.path if root and path.startswith(root.rstrip("/") + "/")]
    return path[len(max(roots, key=len).rstrip("/")) + 1 :] if roots else path

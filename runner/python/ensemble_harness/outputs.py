"""Which saved artifacts are the outputs of a card: what `execute` returned, else what was saved under the output's name."""

import sys
from dataclasses import dataclass
from typing import Any

from ensemble.errors import ContractError
from ensemble.storage import Saved, Storage


@dataclass(frozen=True)
class Chosen:
    """The outputs of one step. `references` are as the card returned them; `own` are the artifacts behind them."""

    references: dict[str, str]
    own: dict[str, Saved]
    types: dict[str, str]

    def artifacts(self, storage: Storage) -> list[dict[str, Any]]:
        """Entries of `HarnessResult.artifacts`: the outputs in the declared order, then everything else that was saved."""
        listed = [_entry(name, self.types[name], True, saved) for name, saved in self.own.items()]
        used = {saved.ref for saved in self.own.values()}
        return listed + [_entry(saved.key, saved.kind, False, saved) for saved in storage.saved() if saved.ref not in used]


def choose(declared: dict[str, str], returned: Any, storage: Storage) -> Chosen:
    """Raises ContractError when a promised output is missing or what was returned for it is no reference."""
    if returned is None:
        returned = {}
    if not isinstance(returned, dict):
        raise ContractError(f"execute returned {_a(returned)}; it returns a dict of output name to reference")
    references: dict[str, str] = {}
    missing: list[str] = []
    for name, kind in declared.items():
        if returned.get(name) is not None:
            references[name] = _reference(name, kind, returned[name], storage)
        elif (saved := _saved_under(name, kind, storage)) is not None:
            references[name] = saved.ref
        else:
            missing.append(name)
    if missing:
        raise ContractError(_missing(missing, returned, storage))
    for name, value in returned.items():
        if name not in declared and not (isinstance(value, str) and storage.exists(value)):
            print(f"execute returned {name!r}, which is no declared output and no reference: ignored", file=sys.stderr)
    return Chosen(references, {name: storage.adopt(ref, name) for name, ref in references.items()}, declared)


def _reference(name: str, kind: str, value: Any, storage: Storage) -> str:
    if not isinstance(value, str):
        save = {"dataframe": "save_dataframe", "model": "save_model", "json": "save_json"}.get(kind, "save_bytes")
        raise ContractError(f"output {name!r} is {_a(value)}, not a reference: return storage.{save}(…, {name!r}, …) instead")
    if not storage.exists(value):
        shown = value if len(value) <= 100 else value[:97] + "…"
        raise ContractError(f"output {name!r} is {shown!r}, which is no reference to anything saved; saved here: {_saved_list(storage)}")
    return value


def _saved_under(name: str, kind: str, storage: Storage) -> Saved | None:
    """What was saved under the output's name; if it was saved twice, the one whose kind fits the port, else the last."""
    candidates = [saved for saved in storage.saved() if saved.key == name]
    return next((saved for saved in candidates if saved.kind == kind), candidates[-1] if candidates else None)


def _missing(missing: list[str], returned: dict, storage: Storage) -> str:
    names = " and ".join(repr(name) for name in missing)
    what = f"output {names} was promised" if len(missing) == 1 else f"outputs {names} were promised"
    got = ", ".join(repr(name) for name in returned) or "nothing"
    return f"{what} in output_schema but neither returned nor saved; returned: {got}; saved: {_saved_list(storage)}"


def _saved_list(storage: Storage) -> str:
    keys = [repr(saved.key) for saved in storage.saved()]
    return ", ".join(keys[:20]) + (" …" if len(keys) > 20 else "") or "nothing"


def _a(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _entry(key: str, kind: str, declared: bool, saved: Saved) -> dict[str, Any]:
    return {"key": key, "type": kind, "declared": declared, "ref": saved.ref, "file": saved.file}

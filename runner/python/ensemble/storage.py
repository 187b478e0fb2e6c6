"""The storage a card gets: saves into `out/`, loads from there and from the artifacts of upstream steps.

Ignores the pipeline and node ids that cards pass: a step may only write below its own folder.
Knows nothing of output names or runs; the harness turns what was saved into outputs.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ensemble import frames, references, wire_json
from ensemble.errors import ContractError

if TYPE_CHECKING:
    import pandas

MAX_ARTIFACTS = 1_000
_LOADERS = {"parquet": "load_dataframe", "joblib": "load_model", "json": "load_json"}


@dataclass(frozen=True)
class Saved:
    """One artifact of this step. `kind` is dataframe, model, json or bytes; `file` is its name inside `out/`."""

    key: str
    kind: str
    ref: str
    file: str


class Storage:
    """Artifacts by reference, `<folder>/<key>.<ext>`.

    `artifacts` is the folder with the upstream artifacts, laid out by reference; `out` is where this step writes;
    `folder` is the first part of every reference that this step makes.
    """

    def __init__(self, artifacts: str, out: str, folder: str) -> None:
        self._artifacts = artifacts
        self._out = out
        self._folder = folder
        self._saved: dict[str, Saved] = {}

    def save_dataframe(self, pipeline_id: str, node_id: str, key: str, df: Any) -> str:
        """Writes a pandas DataFrame as Parquet without its index. Returns the reference."""
        return self._save(key, "parquet", "dataframe", lambda path: frames.write_frame(df, path))

    def load_dataframe(self, ref: str) -> "pandas.DataFrame":
        """The data frame, with text columns of dtype `object`."""
        return frames.read_frame(self._find(ref, "parquet"))

    def save_model(self, pipeline_id: str, node_id: str, key: str, model: Any) -> str:
        """Writes any picklable object with joblib. Returns the reference."""
        import joblib

        return self._save(key, "joblib", "model", lambda path: joblib.dump(model, path))

    def load_model(self, ref: str) -> Any:
        """The object. A class of another card file of the project is found by itself."""
        path = self._find(ref, "joblib")
        import joblib

        return joblib.load(path)

    def save_json(self, pipeline_id: str, node_id: str, key: str, data: Any) -> str:
        """Serialises at once, with `str` for what JSON lacks; NaN and infinities survive. Returns the reference."""
        text = wire_json.dumps(data, default=str)
        return self._save(key, "json", "json", lambda path: _write(path, text.encode("utf-8", "surrogatepass")))

    def load_json(self, ref: str) -> Any:
        """The value after its way through JSON: tuples are lists, keys are strings."""
        with open(self._find(ref, "json"), encoding="utf-8", errors="surrogatepass") as file:
            return wire_json.loads(file.read())

    def save_bytes(self, pipeline_id: str, node_id: str, key: str, data: bytes, ext: str = "bin") -> str:
        """Writes bytes under `<key>.<ext>`. Returns the reference."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise ContractError(f"save_bytes takes bytes, not {type(data).__name__}; encode text with text.encode()")
        return self._save(key, ext, "bytes", lambda path: _write(path, data))

    def load_bytes(self, ref: str) -> bytes:
        """The bytes of any artifact, whatever saved it."""
        with open(self._find(ref, None), "rb") as file:
            return file.read()

    def saved(self) -> list[Saved]:
        """Everything this step saved so far, in the order of the first save."""
        return list(self._saved.values())

    def exists(self, ref: object) -> bool:
        """Whether `ref` is a reference that can be loaded."""
        try:
            return os.path.isfile(self._path(references.check_reference(ref)))
        except ContractError:
            return False

    def available(self) -> list[str]:
        """Every reference that can be loaded, sorted."""
        found = set(self._saved)
        for folder in _names(self._artifacts):
            found.update(f"{folder}/{name}" for name in _names(os.path.join(self._artifacts, folder)))
        return sorted(found)

    def adopt(self, ref: str, name: str) -> Saved:
        """Makes an upstream artifact one of this step's own, so that a card can hand an input on as output `name`."""
        if ref in self._saved:
            return self._saved[ref]
        source = self._find(ref, None)
        key, _, ext = ref.split("/")[1].rpartition(".")
        kind = {"parquet": "dataframe", "joblib": "model", "json": "json"}.get(ext, "bytes")
        free = next((k for k in (key, name) if f"{self._folder}/{k}.{ext}" not in self._saved), None)
        if free is None:
            raise ContractError(f"output {name!r} hands on {ref!r}, but this step saved {key!r} and {name!r} itself: use another key")
        return self._saved[self._save(free, ext, kind, lambda path: shutil.copyfile(source, path))]

    def _save(self, key: str, ext: str, kind: str, write: Callable[[str], Any]) -> str:
        ref = references.make_reference(self._folder, key, ext)
        earlier = self._saved.get(ref)
        if earlier is None and len(self._saved) >= MAX_ARTIFACTS:
            raise ContractError(f"a step saves at most {MAX_ARTIFACTS:,} artifacts: put many small ones into one JSON or data frame")
        file = earlier.file if earlier else references.safe_file_name(len(self._saved), ref)
        path = os.path.join(self._out, file)
        # A save that fails half way leaves what was there before.
        try:
            write(path + ".part")
            os.replace(path + ".part", path)
        except BaseException:
            if os.path.lexists(path + ".part"):
                os.unlink(path + ".part")
            raise
        self._saved[ref] = Saved(key=key, kind=kind, ref=ref, file=file)
        return ref

    def _path(self, ref: str) -> str:
        own = self._saved.get(ref)
        return os.path.join(self._out, own.file) if own else os.path.join(self._artifacts, *ref.split("/"))

    def _find(self, ref: object, ext: str | None) -> str:
        known = references.check_reference(ref)
        actual = known.rpartition(".")[2]
        if ext is not None and actual != ext and actual in _LOADERS:
            raise ContractError(f"{known!r} is not for {_LOADERS[ext]}: load it with storage.{_LOADERS[actual]}")
        path = self._path(known)
        if os.path.isfile(path):
            return path
        available = self.available()
        near = get_close_matches(known, available, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        listed = ", ".join(available[:20]) or "nothing"
        more = f" and {len(available) - 20} more" if len(available) > 20 else ""
        raise ContractError(f"no artifact {known!r}.{hint} There is: {listed}{more}")


def _write(path: str, data: bytes | bytearray | memoryview) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _names(folder: str) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder)]
    except (FileNotFoundError, NotADirectoryError):
        return []

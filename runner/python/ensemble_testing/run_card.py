"""`run_card`: one card in this process, with values in and values out. Confines nothing: it is for cards that one trusts."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ensemble import reporting, wire_json
from ensemble.base_card import BaseCard
from ensemble.errors import ContractError
from ensemble.storage import Storage
from ensemble_harness import outputs, preview, seeding
from ensemble_testing.config_fields import read_fields
from ensemble_testing.config_values import check_config, fill_defaults

_FOLDER = "upstream"
_EXTENSIONS = {"dataframe": "parquet", "model": "joblib", "json": "json"}


@dataclass(frozen=True)
class CardRun:
    """What a run of the card would leave. `beside` holds the side artifacts by file name, such as `model_meta.json`."""

    outputs: dict[str, Any]
    beside: dict[str, Any]
    preview: Any
    progress: list[tuple[float, str]]
    metrics: list[tuple[str, float | None, float | None]]


def run_card(
    card: type[BaseCard],
    config: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    *,
    beside: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> CardRun:
    """Runs `card` as a step of a pipeline would, in a temporary directory.

    `inputs` maps port to value: a data frame, a model, JSON, bytes or the `Path` of a file. Each goes through the storage,
    so that the card and the test see what a run would see of it. `beside` are side artifacts of the step before, by file name.
    A `Path` in `config` stands for a project file. Defaults are filled in, and a config or an input that does not fit raises
    ContractError with the sentence that the canvas shows. Whatever the card raises passes through.
    """
    lacking = sorted(getattr(card, "__abstractmethods__", ()))
    if lacking:
        raise ContractError(f"{card.__name__} lacks the method {' and '.join(lacking)}")
    filled = _config(card, dict(config or {}))
    with tempfile.TemporaryDirectory(prefix="ensemble-card-") as root, _working_in(os.path.join(root, "work")):
        storage = Storage(os.path.join(root, "artifacts"), os.path.join(root, "out"), "card")
        os.mkdir(os.path.join(root, "out"))
        references = _stage(card, dict(inputs or {}), dict(beside or {}), root)
        events: list[dict] = []
        reporting.listen(events.append)
        try:
            seeding.seed_now(seed)
            one = card()
            returned = one.execute(filled, references, storage)
            chosen = outputs.choose(card.output_schema, returned, storage)
            shown = wire_json.loads(preview.preview_text(one, chosen.references, storage))
        finally:
            reporting.listen(None)
        own = {saved.ref for saved in chosen.own.values()}
        return CardRun(
            outputs={name: _load(storage, ref) for name, ref in chosen.references.items()},
            beside={saved.ref.split("/")[1]: _load(storage, saved.ref) for saved in storage.saved() if saved.ref not in own},
            preview=shown,
            progress=[(event["fraction"], event["message"]) for event in events if event["kind"] == "progress"],
            metrics=[(event["name"], event["value"], event["step"]) for event in events if event["kind"] == "metric"],
        )


def _config(card: type[BaseCard], given: dict[str, Any]) -> dict[str, Any]:
    fields = read_fields(card.config_schema)
    filled = fill_defaults(fields, given)
    problems = check_config(fields, filled)
    if problems:
        raise ContractError(" ".join(problem.message for problem in problems))
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in filled.items()}
    return {**plain, "_pipeline_id": "pipeline", "_node_id": "card"}


def _stage(card: type[BaseCard], inputs: dict[str, Any], beside: dict[str, Any], root: str) -> dict[str, str]:
    """Saves the inputs where the artifacts of the steps before are. Returns port → reference."""
    unknown = sorted(set(inputs) - set(card.input_schema))
    if unknown:
        raise ContractError(f"{card.__name__} has no input {unknown[0]!r}; it has {', '.join(map(repr, card.input_schema)) or 'none'}")
    missing = [port for port in card.input_schema if port not in inputs]
    if missing:
        raise ContractError(f"the input {missing[0]!r} ({card.input_schema[missing[0]]}) of {card.__name__} is not given")
    folder = os.path.join(root, "artifacts", _FOLDER)
    os.makedirs(folder)
    before = Storage("", folder, _FOLDER)
    references = {port: _save(before, port, _extension(card.input_schema[port], value), value) for port, value in inputs.items()}
    for name, value in beside.items():
        key, _, ext = name.rpartition(".")
        _save(before, key, ext, value)
    for saved in before.saved():
        os.replace(os.path.join(folder, saved.file), os.path.join(folder, saved.ref.split("/")[1]))
    return references


def _extension(kind: str, value: Any) -> str:
    if kind in _EXTENSIONS:
        return _EXTENSIONS[kind]
    return (value.suffix.removeprefix(".") or "bin") if isinstance(value, Path) else "bin"


def _save(storage: Storage, key: str, ext: str, value: Any) -> str:
    if isinstance(value, Path):
        return storage.save_bytes("", "", key, value.read_bytes(), ext)
    if ext == "parquet":
        return storage.save_dataframe("", "", key, value)
    if ext == "joblib":
        return storage.save_model("", "", key, value)
    if ext == "json":
        return storage.save_json("", "", key, value)
    return storage.save_bytes("", "", key, value.encode() if isinstance(value, str) else value, ext)


def _load(storage: Storage, ref: str) -> Any:
    load = {"parquet": storage.load_dataframe, "joblib": storage.load_model, "json": storage.load_json}
    return load.get(ref.rpartition(".")[2], storage.load_bytes)(ref)


@contextmanager
def _working_in(folder: str) -> Iterator[None]:
    """A step's working directory is its own: files that the card leaves in it are gone afterwards."""
    before = os.getcwd()
    os.mkdir(folder)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)

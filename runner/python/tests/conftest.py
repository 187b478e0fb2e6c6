"""Job folders like those the daemon makes, run by the real harness in a process of its own."""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent.parent
CONTRACT = HERE.parent / "contract"

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from ensemble.frames import read_frame  # noqa: E402
from ensemble.storage import Storage  # noqa: E402


@dataclass
class Ran:
    """What the daemon sees of one job."""

    code: int
    result: dict[str, Any] | None
    preview: Any
    stdout: str
    stderr: str
    events: list[dict[str, Any]]
    raw_events: bytes
    job: Path

    def error(self) -> dict[str, Any]:
        assert self.result is not None, self.stderr
        assert self.result["status"] == "failed", self.result
        return self.result["error"]

    def succeeded(self) -> "Ran":
        assert self.result is not None, self.stderr
        assert self.result["status"] == "succeeded", json.dumps(self.result, indent=1)
        return self

    def ref(self, key: str) -> str:
        """The reference of one artifact of a step that succeeded."""
        return next(a["ref"] for a in self.succeeded().result["artifacts"] if a["key"] == key)

    def output(self, key: str) -> Path:
        assert self.result is not None
        (found,) = [a for a in self.result["artifacts"] if a["key"] == key]
        return self.job / "out" / found["file"]


@dataclass
class Project:
    """A project folder and its steps; `step` runs one card with the artifacts of all earlier steps staged."""

    root: Path
    cards: dict[str, str] = field(default_factory=dict)
    staged: list[tuple[str, Path]] = field(default_factory=list)
    steps: int = 0
    tables: int = 0
    warm: bool = False

    def card(self, path: str, source: str) -> None:
        self.cards[path] = dedent(source).lstrip("\n")

    def std(self, name: str, inputs: dict[str, str] | None = None, **config: Any) -> Ran:
        """A built-in card, with defaults filled in as the control plane does."""
        module = importlib.import_module(f"cards.std.{name}")
        (card,) = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__ and hasattr(c, "card_type")]
        fields = card.config_schema["properties"]
        unknown = set(config) - set(fields)
        assert not unknown, unknown
        defaults = {field: entry["default"] for field, entry in fields.items() if "default" in entry}
        ran = self.step(f"cards/std/{name}.py", card.__name__, card.output_schema, inputs, {**defaults, **config})
        if ran.result and ran.result["status"] == "succeeded":
            self._check_output_columns(card.output_columns, ran, inputs or {})
        return ran

    def _check_output_columns(self, declared: dict[str, Any], ran: Ran, inputs: dict[str, str]) -> None:
        """What a card says of the columns of its outputs is true whenever it runs; those of files are known to the server only."""
        files = dict(self.staged)
        for output, columns in declared.items():
            if isinstance(columns, str) and columns not in inputs:
                continue
            expected = columns if isinstance(columns, list) else list(read_frame(str(files[inputs[columns]])).columns)
            assert list(self.frame(ran, output).columns) == expected, output

    def table(self, df: Any) -> str:
        """Stages a data frame as an upstream artifact and returns its reference."""
        self.tables += 1
        folder = self.root / f"table{self.tables}"
        folder.mkdir()
        storage = Storage("", str(folder), f"table{self.tables}")
        ref = storage.save_dataframe("", "", "dataset", df)
        self.staged.append((ref, folder / storage.saved()[0].file))
        return ref

    def frame(self, ran: Ran, key: str = "dataset") -> Any:
        """An output of a step as a data frame."""
        return read_frame(str(ran.succeeded().output(key)))

    def step(
        self,
        path: str,
        class_name: str,
        outputs: dict[str, str],
        inputs: dict[str, str] | None = None,
        config: dict[str, Any] | None = None,
        seed: int = 7,
        before: list[str] | None = None,
        environment: dict[str, str] | None = None,
        with_events: bool = True,
    ) -> Ran:
        self.steps += 1
        job = self.root / f"job{self.steps}"
        for name, source in self.cards.items():
            file = job / "project" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)
        (job / "project").mkdir(parents=True, exist_ok=True)
        (job / "out").mkdir()
        for ref, source_file in self.staged:
            file = job / "artifacts" / ref
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(source_file, file)
        folder = f"n{self.steps}"
        document = {
            "v": 1,
            "pipelineId": "pipe",
            "nodeId": f"node-{self.steps}",
            "refFolder": folder,
            "card": {
                "cardType": "test",
                "module": path.removesuffix(".py").replace("/", "."),
                "className": class_name,
                "path": path,
                "outputs": outputs,
                "outputViewType": "table",
            },
            "config": config or {},
            "inputs": inputs or {},
            "seed": seed,
        }
        (job / "job.json").write_text(json.dumps(document))
        ran = fork_harness(job) if self.warm else run_harness(job, before=before, environment=environment, with_events=with_events)
        for artifact in (ran.result or {}).get("artifacts", []):
            self.staged.append((artifact["ref"], job / "out" / artifact["file"]))
        return ran


def run_harness(job: Path, before: list[str] | None = None, environment: dict[str, str] | None = None, with_events: bool = True) -> Ran:
    """Runs the harness as a runner does: this folder on PYTHONPATH, descriptor 3 a pipe, an environment of its own."""
    events_file = job / "events"
    inner = [sys.executable, "-P", "-m", "ensemble_harness", str(job)]
    command = (
        [*(before or []), "/bin/sh", "-c", 'exec 3>"$0"; exec "$@"', str(events_file), *inner] if with_events else [*(before or []), *inner]
    )
    done = subprocess.run(
        command,
        cwd=job / "out",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HERE), "HOME": "/nonexistent", **(environment or {})},
        capture_output=True,
        timeout=120,
    )
    return _ran(job, done.returncode, done.stdout, done.stderr)


def fork_harness(job: Path) -> Ran:
    """The same in a fork of this process, which has the heavy imports already: a hundred times quicker than a fresh one."""
    child = os.fork()
    if child == 0:
        for number, name in ((1, "stdout"), (2, "stderr"), (3, "events")):
            os.dup2(os.open(job / name, os.O_WRONLY | os.O_CREAT), number)
        sys.stdout, sys.stderr = open(1, "w"), open(2, "w")
        sys.argv = ["ensemble_harness", str(job)]
        from ensemble_harness.__main__ import main

        main()
        os._exit(99)
    _, status = os.waitpid(child, 0)
    return _ran(job, os.waitstatus_to_exitcode(status), (job / "stdout").read_bytes(), (job / "stderr").read_bytes())


def _ran(job: Path, code: int, stdout: bytes, stderr: bytes) -> Ran:
    raw = (job / "events").read_bytes() if (job / "events").exists() else b""
    out = job / "out"
    return Ran(
        code=code,
        result=json.loads((out / "result.json").read_text()) if (out / "result.json").is_file() else None,
        preview=json.loads((out / "preview.json").read_text()) if (out / "preview.json").is_file() else None,
        stdout=stdout.decode(),
        stderr=stderr.decode(),
        events=_lines(raw),
        raw_events=raw,
        job=job,
    )


def _lines(raw: bytes) -> list[dict[str, Any]]:
    found = []
    for line in raw.split(b"\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def card_source(body: str, preview: str = "return {}", head: str = "", name: str = "Card") -> str:
    """A card file whose `execute` has `body`; the first line of the body is line 7 of the file plus the lines of `head`, at least one."""
    indent = lambda text: "\n".join("        " + line for line in dedent(text).strip("\n").split("\n"))  # noqa: E731
    return f"""from cards.base import BaseCard
{dedent(head)}
class {name}(BaseCard):
    card_type = "test"
    output_schema = {{}}

    def execute(self, config, inputs, storage):
{indent(body)}

    def get_output_preview(self, outputs, storage):
{indent(preview)}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def warm_project(tmp_path: Path) -> Project:
    """For cards that need pandas and scikit-learn."""
    import pandas  # noqa: F401
    import sklearn.compose
    import sklearn.datasets
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.pipeline  # noqa: F401
    from pyarrow import parquet  # noqa: F401

    return Project(tmp_path, warm=True)

"""The last part of an exported script: runs the pipeline whose plan and sources stand above it in the same file.

Exported by `apps/control-plane/src/modules/transfer/export-script.ts`, which puts `PLAN` and `SOURCES` before it. One process
runs all steps, nothing confines them, and nothing of Ensemble has to be installed: what cards use of it is among `SOURCES`.
"""

import argparse
import hashlib
import importlib
import os
import shutil
import sys
import tempfile
import time
import traceback
from typing import Any

PLAN: dict[str, Any] = globals().get("PLAN", {})
SOURCES: dict[str, str] = globals().get("SOURCES", {})


def main() -> int:
    options = _options()
    # Sets and dicts of text then come in the order they had in Ensemble.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    os.environ.setdefault("MPLBACKEND", "Agg")
    out = os.path.abspath(options.out)
    files = _files(options.file)
    lacking = _lacking(files)
    if lacking:
        print("Nothing was run:\n" + "\n".join(f"  {line}" for line in lacking), file=sys.stderr)
        return 2
    for note in PLAN["notes"]:
        print(f"Note: {note}")
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ensemble-script-") as root:
        # The cards stay importable files, so that pickled objects and worker processes find their classes.
        for path, source in SOURCES.items():
            target = os.path.join(root, "code", *path.split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8", newline="") as file:
                file.write(source)
        sys.path.insert(0, os.path.join(root, "code"))
        sys.dont_write_bytecode = True
        scratch = os.path.join(root, "scratch")
        os.mkdir(scratch)
        before = os.getcwd()
        os.chdir(scratch)
        try:
            return _run_all(out, root, files)
        finally:
            os.chdir(before)


def _run_all(out: str, root: str, files: dict[tuple[str, str], list[str]]) -> int:
    unfinished: set[str] = set()
    steps = PLAN["steps"]
    for index, step in enumerate(steps):
        head = f"[{index + 1}/{len(steps)}] {step['title']} ({step['card']})"
        if unfinished & {source["node"] for source in step["inputs"].values()}:
            print(f"{head}: skipped, a step before it failed")
            unfinished.add(step["node"])
            continue
        print(f"{head} …", flush=True)
        started = time.monotonic()
        try:
            references = _run_step(step, out, os.path.join(root, "steps", str(index)), files)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            traceback.print_exc()
            print(f"      failed after {time.monotonic() - started:.1f} s", flush=True)
            unfinished.add(step["node"])
            continue
        print(f"      done in {time.monotonic() - started:.1f} s", flush=True)
        for name, ref in references.items():
            print(f"      {name}: {os.path.join(out, *ref.split('/'))}")
    print(f"{len(steps) - len(unfinished)} of {len(steps)} steps succeeded; outputs are in {out}")
    return 1 if unfinished else 0


_references: dict[tuple[str, str], str] = {}


def _run_step(step: dict[str, Any], out: str, work: str, files: dict[tuple[str, str], list[str]]) -> dict[str, str]:
    """Executes one card, leaves its artifacts below `out` and returns output → reference."""
    from ensemble import reporting, wire_json
    from ensemble.storage import Storage
    from ensemble_harness import outputs, preview, seeding

    saved_in = os.path.join(work, "out")
    os.makedirs(saved_in)
    storage = Storage(out, saved_in, step["folder"])
    config = {**_config(step, work, files), "_pipeline_id": PLAN["pipelineId"], "_node_id": step["node"]}
    inputs = {port: _references[source["node"], source["output"]] for port, source in step["inputs"].items()}
    reporting.listen(_print_event)
    try:
        seeding.seed_now(step["seed"])
        seeding.seed_late_imports(step["seed"])
        card = getattr(importlib.import_module(step["module"]), step["class"])()
        seeding.seed_now(step["seed"])
        chosen = outputs.choose(step["outputs"], card.execute(config, inputs, storage), storage)
    finally:
        reporting.listen(None)
    try:
        shown = preview.preview_text(card, chosen.references, storage)
    except Exception as error:
        shown = None
        print(f"      no preview: {type(error).__name__}: {error}")
    folder = os.path.join(out, step["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for saved in storage.saved():
        shutil.move(os.path.join(saved_in, saved.file), os.path.join(out, *saved.ref.split("/")))
    if shown is not None:
        with open(os.path.join(folder, ".preview.json"), "w", encoding="utf-8") as file:
            file.write(wire_json.dumps(wire_json.loads(shown)))
    # An output that hands on an input is the copy that this step has of it.
    references = {name: chosen.own[name].ref for name in chosen.references}
    for name, ref in references.items():
        _references[step["node"], name] = ref
    return references


def _config(step: dict[str, Any], work: str, files: dict[tuple[str, str], list[str]]) -> dict[str, Any]:
    """Files become paths, and names of secrets become what the environment holds under them."""
    staged = 0

    def resolve(value: Any, paths: list[str]) -> Any:
        nonlocal staged
        if isinstance(value, list):
            return [resolve(item, paths) for item in value]
        if not isinstance(value, dict):
            return value
        if _is_file(value):
            target = os.path.join(work, "files", str(staged), os.path.basename(value["name"]) or "file")
            staged += 1
            os.makedirs(os.path.dirname(target))
            shutil.copyfile(paths.pop(0), target)
            return target
        if set(value) == {"$secret"}:
            return os.environ[value["$secret"]]
        return {key: resolve(item, paths) for key, item in value.items()}

    return {field: resolve(value, list(files.get((step["node"], field), []))) for field, value in step["config"].items()}


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("$file"), str) and isinstance(value.get("name"), str)


def _wanted(value: Any, test: Any) -> list[Any]:
    if test(value):
        return [value]
    inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return [found for item in inside for found in _wanted(item, test)]


def _files(given: list[str]) -> dict[tuple[str, str], list[str]]:
    """Paths by node and field: those of `--file`, and files of the right name beside the script or in `data/`."""
    chosen: dict[tuple[str, str], list[str]] = {}
    for text in given:
        field, equals, path = text.partition("=")
        node, dot, name = field.rpartition(".")
        if not equals or not dot:
            raise SystemExit(f"--file {text}: expected NODE.FIELD=PATH")
        chosen.setdefault((node, name), []).append(os.path.abspath(path))
    here = os.path.dirname(os.path.abspath(sys.argv[0]))
    for step in PLAN["steps"]:
        for field, value in step["config"].items():
            if (step["node"], field) in chosen:
                continue
            places = []
            for file in _wanted(value, _is_file):
                name = os.path.basename(file["name"])
                candidates = [os.path.join(root, name) for root in (os.path.join(here, "data"), here, os.getcwd())]
                places += [path for path in candidates if os.path.isfile(path) and _sha256(path) == file["$file"]][:1]
            chosen[step["node"], field] = places
    return chosen


def _lacking(files: dict[tuple[str, str], list[str]]) -> list[str]:
    """What has to be given before anything runs, one sentence each."""
    lacking = []
    for step in PLAN["steps"]:
        for field, value in step["config"].items():
            wanted = _wanted(value, _is_file)
            paths = files.get((step["node"], field), [])
            if len(paths) != len(wanted):
                names = " and ".join(file["name"] for file in wanted)
                lacking.append(f"{step['title']} reads {names}: give --file {step['node']}.{field}=PATH" + (" for each, in order" if len(wanted) > 1 else ""))
            for path, file in zip(paths, wanted, strict=False):
                if not os.path.isfile(path):
                    lacking.append(f"{path} is no file")
                elif _sha256(path) != file["$file"]:
                    print(f"Note: {path} is another file than the {file['name']} that was used in Ensemble", file=sys.stderr)
            for secret in _wanted(value, lambda item: isinstance(item, dict) and set(item) == {"$secret"}):
                if secret["$secret"] not in os.environ:
                    lacking.append(f"{step['title']} needs a secret: set the environment variable {secret['$secret']}")
    return lacking


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _print_event(event: dict[str, Any]) -> None:
    if event["kind"] == "metric":
        step = "" if event["step"] is None else f" at {event['step']}"
        print(f"      {event['name']} = {event['value']}{step}")
    elif event["kind"] == "progress" and event["message"]:
        print(f"      {event['fraction']:.0%} {event['message']}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"Runs the pipeline {PLAN['title']!r} without Ensemble.")
    parser.add_argument("--out", default="ensemble-out", help="folder for the outputs (default ./ensemble-out)")
    parser.add_argument("--file", action="append", default=[], metavar="NODE.FIELD=PATH", help="a file for a config field (repeatable)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

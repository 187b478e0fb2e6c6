"""The fixtures that both languages read: `runner/contract/*.json`."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from conftest import CONTRACT, run_harness

from ensemble import reporting, wire_json
from ensemble.errors import ContractError
from ensemble.references import check_reference, make_reference

NUMBERS = {"!NaN": math.nan, "!Infinity": math.inf, "!-Infinity": -math.inf}


def fixture(name: str) -> Any:
    return json.loads((CONTRACT / name).read_text())


def real(value: Any) -> Any:
    """The fixture's value with its '!NaN' strings as numbers."""
    if isinstance(value, str):
        return NUMBERS.get(value, value)
    if isinstance(value, list):
        return [real(item) for item in value]
    return {key: real(item) for key, item in value.items()} if isinstance(value, dict) else value


def same(one: Any, other: Any) -> bool:
    """Equality that takes NaN for equal to itself and 1 for different from True."""
    return repr(one) == repr(other)


@pytest.mark.parametrize("case", fixture("wire-json.json")["cases"], ids=lambda case: json.dumps(case["wire"]))
def test_wire_json_is_written_and_read_as_in_typescript(case: dict) -> None:
    value = real(case["value"])
    assert same(wire_json.encode(value), case["wire"])
    assert same(json.loads(wire_json.dumps(value)), case["wire"])
    assert same(wire_json.decode(case["wire"]), value)
    assert same(wire_json.loads(json.dumps(case["wire"])), value)


@pytest.mark.parametrize("case", fixture("harness-jobs.json")["valid"], ids=lambda case: case["name"])
def test_the_harness_answers_each_job_of_the_contract_with_its_result(case: dict, tmp_path: Path) -> None:
    for name, lines in case["files"].items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text("\n".join(lines) + "\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "job.json").write_text(json.dumps(case["job"]))
    ran = run_harness(tmp_path)
    (expected,) = [found for found in fixture("harness-results.json")["valid"] if found["name"] == case["name"]]
    assert ran.result == expected["result"]
    assert ran.preview == expected.get("preview")
    assert ran.events == expected.get("events", [])


def test_events_outside_the_contract_are_never_sent() -> None:
    sent: list[dict] = []
    reporting.listen(sent.append)
    reporting.progress(1.5, "x" * 900)
    reporting.progress(math.nan)
    reporting.metric("n" * 900, 1, step=math.inf)
    reporting.metric("loss", math.nan)
    reporting.metric("loss", "much")  # type: ignore[arg-type]
    reporting.listen(None)
    assert sent == [
        {"kind": "progress", "fraction": 1.0, "message": "x" * 500},
        {"kind": "metric", "name": "n" * 200, "value": 1.0, "step": None},
        {"kind": "metric", "name": "loss", "value": None, "step": None},
    ]


def test_keys_and_references_are_accepted_and_refused_as_listed() -> None:
    cases = fixture("references.json")
    for key in cases["keys"]["accepted"]:
        assert check_reference(make_reference("n1", key, "json")) == f"n1/{key}.json"
    for key in cases["keys"]["refused"]:
        with pytest.raises(ContractError):
            make_reference("n1", key, "json")
    for ref in cases["references"]["accepted"]:
        assert check_reference(ref) == ref
    for ref in cases["references"]["refused"]:
        with pytest.raises(ContractError):
            check_reference(ref)

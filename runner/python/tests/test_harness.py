"""Cards in a real harness process: what they return, what they raise, and where the error points."""

import math
import sys
from pathlib import Path

import pytest
from conftest import Project, Ran, card_source

from ensemble import wire_json

PATH = "cards/models/card.py"


def run(project: Project, body: str, outputs: dict[str, str] | None = None, preview: str = "return {}", head: str = "", **step) -> Ran:
    project.card(PATH, card_source(body, preview, head))
    return project.step(PATH, "Card", outputs or {}, **step)


# --- outputs


def test_a_returned_name_wins_over_a_saved_key_and_the_rest_are_side_artifacts(project: Project) -> None:
    ran = run(
        project,
        """
        storage.save_json("_p", "_n", "a", "saved under the name")
        ref = storage.save_json("_p", "_n", "other", "returned")
        storage.save_bytes("_p", "_n", "plot", b"png", "png")
        return {"a": ref, "extra": 3}
        """,
        {"a": "json"},
        preview='return {"a": storage.load_json(outputs["a"])}',
    ).succeeded()
    assert ran.preview == {"a": "returned"}
    listed = [(a["key"], a["type"], a["declared"], a["ref"]) for a in ran.result["artifacts"]]
    assert listed == [("a", "json", True, "n1/other.json"), ("a", "json", False, "n1/a.json"), ("plot", "bytes", False, "n1/plot.png")]
    assert "'extra', which is no declared output" in ran.stderr


def test_an_input_can_be_handed_on_as_an_output(project: Project) -> None:
    run(project, 'return {"a": storage.save_json("", "", "data", [1])}', {"a": "json"}).succeeded()
    ran = run(project, 'return {"b": inputs["a"]}', {"b": "json"}, inputs={"a": "n1/data.json"}).succeeded()
    assert ran.result["artifacts"] == [{"key": "b", "type": "json", "declared": True, "ref": "n2/data.json", "file": "0000-data.json"}]
    third = run(
        project, 'return {"c": storage.save_json("", "", "c", storage.load_json(inputs["b"]))}', {"c": "json"}, inputs={"b": "n2/data.json"}
    )
    assert third.succeeded().output("c").read_text() == "[1]"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return None", "output 'a' was promised in output_schema but neither returned nor saved; returned: nothing; saved: nothing"),
        ("return [1]", "execute returned a list; it returns a dict of output name to reference"),
        ('return {"a": "n1/never.json"}', "output 'a' is 'n1/never.json', which is no reference to anything saved"),
        ('return {"a": object()}', "output 'a' is an object, not a reference: return storage.save_model(…, 'a', …) instead"),
        ('return {"a": storage.save_json("", "", "../x", 1)}', "'../x' cannot be the key of an artifact"),
    ],
)
def test_a_broken_promise_is_a_contract_error_that_names_it(project: Project, body: str, message: str) -> None:
    error = run(project, body, {"a": "model"}).error()
    assert error["kind"] == "contract" and message in error["message"] and error["file"] == PATH and error["line"] >= 7


# --- what existing cards rely on


def test_config_has_the_ids_and_numbers_that_json_lacks(project: Project) -> None:
    body = 'return {"a": storage.save_json("", "", "a", [config["_pipeline_id"], config["_node_id"], config["x"] == float("inf")])}'
    ran = run(project, body, {"a": "json"}, config={"x": {"$number": "Infinity"}}).succeeded()
    assert wire_json.loads(ran.output("a").read_text()) == ["pipe", "node-1", True]


def test_both_imports_give_the_same_base_class_and_a_project_cannot_shadow_ours(project: Project) -> None:
    for name in ("cards/__init__.py", "cards/base.py", "cards/std/split.py", "ensemble/__init__.py", "sklearn.py", "random.py"):
        project.card(name, 'raise SystemExit("shadowed")')
    head = "import ensemble, cards.base, random\nfrom cards.std.split import Split\nassert ensemble.BaseCard is cards.base.BaseCard is BaseCard"
    run(project, "return {}", head=head).succeeded()
    assert "belongs to Ensemble itself: rename" in project.step("cards/std/split.py", "Split", {}).error()["message"]


def test_the_pinned_copy_of_a_built_in_card_runs(project: Project) -> None:
    ours = Path(__file__).parent.parent / "cards/std/load_table.py"
    project.card("cards/std/load_table.py", ours.read_text())
    project.step("cards/std/load_table.py", "LoadTable", {"dataset": "dataframe"}, config={"table": "iris"}).succeeded()


def test_a_class_of_one_card_file_is_unpickled_in_a_later_card(project: Project) -> None:
    project.card("cards/models/nets.py", "class Net:\n    def __init__(self, w):\n        self.w = w\n")
    project.card(
        "cards/train/fit.py",
        card_source(
            'return {"m": storage.save_model("", "", "m", (Own(), Net(5)))}',
            head="from cards.models.nets import Net\nclass Own:\n    size = 3",
            name="Fit",
        ),
    )
    project.card(
        "cards/use/apply.py",
        card_source('own, net = storage.load_model(inputs["m"])\nprint(type(own).__module__, own.size + net.w)\nreturn {}', name="Apply"),
    )
    project.step("cards/train/fit.py", "Fit", {"m": "model"}).succeeded()
    assert project.step("cards/use/apply.py", "Apply", {}, {"m": "n1/m.joblib"}).succeeded().stdout == "cards.train.fit 8\n"


def test_random_generators_are_seeded_also_those_imported_late(project: Project) -> None:
    body = 'import random, numpy\nreturn {"a": storage.save_json("", "", "a", [random.random(), float(numpy.random.rand())])}'
    one, again, other = (run(project, body, {"a": "json"}, seed=seed).succeeded().output("a").read_text() for seed in (1, 1, 2))
    assert one == again != other


def test_events_are_sent_in_order_and_a_storm_is_thinned_but_its_end_kept(project: Project) -> None:
    ran = run(
        project, 'for i in range(20001):\n    self.log_metric("loss", i, i)\n    self.progress(i / 20000, "step %d" % i)\nreturn {}'
    ).succeeded()
    metrics = [e for e in ran.events if e["kind"] == "metric"]
    progress = [e for e in ran.events if e["kind"] == "progress"]
    assert metrics[-1]["value"] == 20000 and progress[-1] == {"kind": "progress", "fraction": 1.0, "message": "step 20000"}
    dropped = sum(e["points"] for e in ran.events if e["kind"] == "dropped")
    assert len(metrics) + dropped == 20001 and len(metrics) >= 2000 and len(progress) < 100
    assert [e["step"] for e in metrics] == sorted(e["step"] for e in metrics)


def test_without_a_descriptor_for_events_the_card_runs_all_the_same(project: Project) -> None:
    ran = run(project, 'self.progress(0.5)\nself.log_metric("x", 1)\nopen("/dev/null").close()\nreturn {}', with_events=False).succeeded()
    assert ran.raw_events == b""


def test_a_figure_is_drawn_without_a_display_or_a_writable_home(project: Project) -> None:
    body = """
    import io, matplotlib.pyplot as plt
    plt.plot([1, 2]); plt.show()
    file = io.BytesIO(); plt.savefig(file)
    return {"plot": storage.save_bytes("", "", "plot", file.getvalue(), "png")}
    """
    ran = run(project, body, {"plot": "image"}).succeeded()
    assert ran.output("plot").read_bytes().startswith(b"\x89PNG")
    assert not list((ran.job / "project").rglob("__pycache__"))


# --- previews


def test_a_preview_may_hold_numpy_dates_and_numbers_that_json_lacks(project: Project) -> None:
    preview = """
    import numpy, pandas
    return {"i": numpy.int64(3), "f": numpy.float32(0.5), "nan": numpy.nan, "a": numpy.arange(2), "t": pandas.Timestamp("2026-01-02"), 4: (pandas.NaT, pandas.NA)}
    """
    shown = wire_json.decode(run(project, "return {}", preview=preview).succeeded().preview)
    assert math.isnan(shown.pop("nan"))
    assert shown == {"i": 3, "f": 0.5, "a": [0, 1], "t": "2026-01-02 00:00:00", "4": [None, None]}


@pytest.mark.parametrize(
    ("preview", "problem"),
    [
        ("return 1 / 0", f"ZeroDivisionError: division by zero ({PATH}, line 11)"),
        ('return {"rows": [{"x": object()}]}', "ContractError: preview['rows'][0]['x'] is of type object, which JSON cannot hold"),
        ("return [1]", "ContractError: get_output_preview returned list, not a dict"),
        ('return {"text": "x" * 3_000_000}', "ContractError: the preview is 2.9 MB, more than 2 MB: show fewer rows"),
        ("raise SystemExit(3)", "SystemExit: the card ended the process with sys.exit(3)"),
        ('a = {}; a["a"] = a; return a', "RecursionError: "),
    ],
)
def test_a_preview_that_fails_leaves_the_step_succeeded(project: Project, preview: str, problem: str) -> None:
    ran = run(project, 'return {"a": storage.save_json("", "", "a", 1)}', {"a": "json"}, preview=preview).succeeded()
    assert ran.preview is None and ran.result["preview"] is False and ran.code == 0
    assert ran.result["previewError"].startswith(problem)


def test_an_artifact_saved_by_the_preview_is_kept(project: Project) -> None:
    ran = run(project, "return {}", preview='return {"chart_ref": storage.save_bytes("", "", "chart", b"png", "png")}').succeeded()
    assert ran.preview == {"chart_ref": "n1/chart.png"} and ran.result["artifacts"][0]["declared"] is False


# --- errors


def test_an_error_points_at_the_innermost_line_of_the_project_and_hides_our_frames(project: Project) -> None:
    project.card("cards/lib/mend.py", "def mend(x):\n    import json\n    return json.loads(x)\n")
    error = run(project, 'return mend("{")', head="from cards.lib.mend import mend").error()
    assert (error["kind"], error["type"], error["file"], error["line"]) == ("card", "JSONDecodeError", "cards/lib/mend.py", 3)
    assert 'File "cards/models/card.py", line 8, in execute' in error["traceback"]
    assert 'File "json/decoder.py"' in error["traceback"]
    assert (
        "ensemble_harness" not in error["traceback"]
        and str(project.root) not in error["traceback"]
        and sys.prefix not in error["traceback"]
    )


@pytest.mark.parametrize(
    ("body", "kind", "type_", "message"),
    [
        ("import sys; sys.exit(0)", "card", "SystemExit", "the card ended the process with sys.exit(0) instead of returning"),
        ("raise KeyboardInterrupt", "card", "KeyboardInterrupt", "the card was interrupted"),
        ("f = lambda: f(); f()", "card", "RecursionError", "a function of the card calls itself without end"),
        ("raise MemoryError", "memory", "MemoryError", "the card ran out of memory"),
        ("bytearray(1 << 60)", "memory", "MemoryError", "the card ran out of memory"),
        ("import numpy; numpy.zeros(1 << 57)", "memory", "MemoryError", "the card ran out of memory: Unable to allocate"),
        (
            "import nonesuch.part",
            "card",
            "ModuleNotFoundError",
            "module 'nonesuch' is not installed here; name its package in the card's requirements",
        ),
        ("import cards.lib.gone", "card", "ModuleNotFoundError", "the project has no card file cards/lib"),
        ('{}["speceis"]', "card", "KeyError", "key 'speceis' not found"),
        ("raise ValueError", "card", "ValueError", "ValueError was raised without a message"),
        ('raise ValueError("a\\n  b\\0\\ud800")', "card", "ValueError", "a b\\x00\\ud800"),
        ('raise type("Odd", (Exception,), {"__str__": lambda self: 1 / 0})', "card", "Odd", "Odd was raised without a message"),
        ('raise ExceptionGroup("two", [ValueError("x"), TypeError("y")])', "card", "ExceptionGroup", "two (2 sub-exceptions)"),
        ('storage.load_json("n9/x.json")', "contract", "ContractError", "no artifact 'n9/x.json'. There is: nothing"),
    ],
)
def test_whatever_a_card_raises_becomes_one_sentence_with_its_line(
    project: Project, body: str, kind: str, type_: str, message: str
) -> None:
    ran = run(project, body)
    error = ran.error()
    assert (error["kind"], error["type"], error["file"], error["line"]) == (kind, type_, PATH, 8)
    assert error["message"].startswith(message) and len(error["traceback"]) < 21_000 and ran.code == 1


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("from cards.base import BaseCard\nclass Card(BaseCard)\n", "the file does not parse: expected ':'", 2),
        ("x = 1\nraise RuntimeError('at import')\n", "at import", 2),
        ("x = 1\n", f"{PATH} has no class derived from BaseCard", None),
        ("from cards.std.split import Split as Card\n", f"{PATH} has no class derived from BaseCard", None),
        (card_source("return {}") + card_source("return {}", name="Two"), "has 2 classes derived from BaseCard (Card, Two)", None),
        (card_source("return {}", name="Other"), "defines the card Other, but the pipeline expects Card", None),
        (
            "from cards.base import BaseCard\nclass Card(BaseCard):\n    def execute(self, c, i, s): ...\n",
            "lacks the method get_output_preview",
            None,
        ),
    ],
)
def test_a_card_file_that_is_no_card_says_why(project: Project, source: str, message: str, line: int | None) -> None:
    project.card(PATH, source)
    error = project.step(PATH, "Card", {}).error()
    assert message in error["message"] and error["file"] == PATH and error.get("line") == line


def test_a_class_that_another_derives_from_or_that_says_it_is_abstract_is_a_helper(project: Project) -> None:
    head = """
    from abc import ABC, abstractmethod
    class Common(BaseCard):
        def get_output_preview(self, outputs, storage):
            return {"from": "Common"}
    class Other(Common):
        @abstractmethod
        def more(self): ...
    class Third(Common, ABC): ...
    """
    project.card(PATH, card_source("return {}", head=head).split("    def get_output_preview(self, outputs, storage):\n        return {}\n")[0])
    project.cards[PATH] = project.cards[PATH].replace("class Card(BaseCard)", "class Card(Common)")
    assert project.step(PATH, "Card", {}).succeeded().preview == {"from": "Common"}


def test_a_card_without_network_is_told_how_to_ask_for_it(project: Project) -> None:
    jail = "import socket\ndef refuse(*a, **k):\n    raise PermissionError(1, 'Operation not permitted')\n"
    fetch = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/x', timeout=5)"
    error = run(project, f"{jail}socket.socket.__init__ = refuse\n{fetch}").error()
    assert error["message"].startswith("network is off for this card; ask for it with resources") and error["type"] == "URLError"
    # A file that may not be read is no network problem.
    other = run(project, f"{jail}socket.socket.__init__ = refuse\nraise PermissionError(13, 'Permission denied', '/etc/x')").error()
    assert "network" not in other["message"]


def test_worker_processes_of_a_card_find_the_functions_of_its_file(project: Project) -> None:
    head = "class Square:\n    def __init__(self, x):\n        self.y = x * x\ndef square(x):\n    return Square(x)"
    body = "from joblib import Parallel, delayed\nprint([s.y for s in Parallel(n_jobs=2)(delayed(square)(x) for x in range(4))])\nreturn {}"
    assert run(project, body, head=head).succeeded().stdout == "[0, 1, 4, 9]\n"

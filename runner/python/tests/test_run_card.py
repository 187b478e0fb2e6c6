"""The test helper for authors, and the wheel that it comes in."""

import json
import math
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import CONTRACT, HERE

from ensemble import BaseCard, ContractError
from ensemble_testing import run_card
from ensemble_testing.config_fields import read_fields
from ensemble_testing.config_values import check_config, fill_defaults

UV = HERE.parent.parent / ".cache/tools/bin/uv"


@pytest.mark.parametrize("case", json.loads((CONTRACT / "config-values.json").read_text())["cases"], ids=lambda case: case["name"])
def test_configs_are_filled_and_checked_as_in_typescript(case: dict) -> None:
    fields = read_fields(case["schema"])
    filled = fill_defaults(fields, case["config"])
    assert filled == case["filled"]
    assert [vars(problem) for problem in check_config(fields, filled)] == case["problems"]


class Everything(BaseCard):
    card_type = "everything"
    config_schema = {"factor": {"type": "number", "label": "Factor", "default": 2, "min": 1}, "words": {"type": "file", "label": "Words"}}
    input_schema = {"table": "dataframe", "trained_model": "model", "facts": "json", "photo": "image"}
    output_schema = {"table": "dataframe", "facts": "json"}

    def execute(self, config, inputs, storage):
        table = storage.load_dataframe(inputs["table"])
        model = storage.load_model(inputs["trained_model"])
        meta = storage.load_json(inputs["trained_model"].replace("trained_model.joblib", "model_meta.json"))
        self.progress(0.5, "half")
        self.log_metric("loss", 0.25, 1)
        with open("left.txt", "w") as file:
            file.write("in a folder of its own")
        facts = [storage.load_json(inputs["facts"]), storage.load_bytes(inputs["photo"]).decode(), model, meta, config["_node_id"]]
        if config.get("words"):
            facts.append(Path(config["words"]).read_text())
        storage.save_json("", "", "facts", facts)
        storage.save_bytes("", "", "plot", b"png", "png")
        return {"table": storage.save_dataframe("", "", "table", table * config["factor"])}

    def get_output_preview(self, outputs, storage):
        return {"rows": len(storage.load_dataframe(outputs["table"])), "nan": math.nan}


def inputs() -> dict:
    import pandas

    return {"table": pandas.DataFrame({"a": [1, 2]}, index=[7, 8]), "trained_model": {"w": 1}, "facts": {"at": (1, 2)}, "photo": b"bits"}


def test_values_go_in_and_come_out_as_a_run_would_see_them(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("of a file")
    before = os.getcwd()
    ran = run_card(Everything, {"words": tmp_path / "words.txt"}, inputs(), beside={"model_meta.json": ["a"]})
    assert ran.outputs["table"].to_dict("list") == {"a": [2, 4]} and list(ran.outputs["table"].index) == [0, 1]
    assert ran.outputs["facts"] == [{"at": [1, 2]}, "bits", {"w": 1}, ["a"], "card", "of a file"]
    assert ran.beside == {"plot.png": b"png"}
    assert ran.preview["rows"] == 2 and math.isnan(ran.preview["nan"])
    assert (ran.progress, ran.metrics) == ([(0.5, "half")], [("loss", 0.25, 1)])
    assert os.getcwd() == before and not Path("left.txt").exists()


def test_mistakes_are_told_as_the_product_tells_them() -> None:
    class NoPreview(BaseCard):
        def execute(self, config, inputs, storage):
            return {}

    class Forgets(Everything):
        def execute(self, config, inputs, storage):
            return {}

    class Raises(Everything):
        def execute(self, config, inputs, storage):
            raise KeyError("species")

    def message(card: type[BaseCard], config: dict | None = None, given: dict | None = None) -> str:
        with pytest.raises(ContractError) as found:
            run_card(card, config, inputs() if given is None else given)
        return str(found.value)

    assert message(Everything, {"factor": 0}) == '"Factor" is 0; enter 1 or more.'
    assert message(Everything, {"words": "/etc/passwd"}) == '"Words" is "/etc/passwd", which does not fit; choose a file of this project.'
    assert message(Everything, {}, {}) == "the input 'table' (dataframe) of Everything is not given"
    assert message(Everything, {}, {"tabel": 1}).startswith("Everything has no input 'tabel'; it has 'table'")
    assert message(Everything, {}, {**inputs(), "table": [1]}) == "save_dataframe takes a pandas DataFrame, not list"
    assert message(NoPreview) == "NoPreview lacks the method get_output_preview"
    assert message(Forgets).startswith("outputs 'table' and 'facts' were promised in output_schema but neither returned nor saved")
    with pytest.raises(KeyError, match="species"):
        run_card(Raises, {}, inputs())


@pytest.mark.skipif(not UV.exists(), reason="needs the uv of the tools folder")
def test_the_wheel_is_small_needs_nothing_and_finds_the_cards_of_a_project(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    build = [str(UV), "build", "--wheel", "--no-config", "--python", sys.executable, "--out-dir", str(tmp_path), str(HERE)]
    done = subprocess.run(build, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 200_000
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "installed")
    assert {f"{package}/py.typed" for package in ("ensemble", "ensemble_testing", "cards")} <= set(names)
    assert not [name for name in names if name.startswith("cards/std/")]
    (metadata,) = (tmp_path / "installed").glob("*.dist-info/METADATA")
    assert "Requires-Dist" not in metadata.read_text()

    card = tmp_path / "project/cards/text/count.py"
    card.parent.mkdir(parents=True)
    card.write_text(
        "from cards.base import BaseCard\n"
        "class Count(BaseCard):\n"
        '    card_type = "count"\n    config_schema = {}\n    input_schema = {"text": "json"}\n    output_schema = {"n": "json"}\n'
        '    def execute(self, config, inputs, storage):\n        words = storage.load_json(inputs["text"]).split()\n'
        '        return {"n": storage.save_json("", "", "n", len(words))}\n'
        "    def get_output_preview(self, outputs, storage):\n        return {}\n"
    )
    test = 'from ensemble_testing import run_card; from cards.text.count import Count; print(run_card(Count, {}, {"text": "a b c"}).outputs)'
    # Without site-packages: only the standard library, the wheel and the project are there.
    paths = f"{tmp_path / 'installed'}:{tmp_path / 'project'}"
    ran = subprocess.run([sys.executable, "-S", "-P", "-c", test], env={"PYTHONPATH": paths}, capture_output=True, text=True)
    assert (ran.stdout, ran.returncode) == ("{'n': 3}\n", 0), ran.stderr

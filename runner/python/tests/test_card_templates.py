"""Every card that a new card file starts from is run as it comes."""

import importlib.util
import json

import pandas
import pytest
from conftest import HERE

from ensemble import BaseCard
from ensemble_testing import run_card

TEMPLATES = HERE / "card_templates"
NAMES = sorted(path.stem for path in TEMPLATES.glob("*.py"))
ROWS = pandas.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "b": [2, 4, 6, 8, 10, 12], "name": list("uvwxyz")})


def template(name: str) -> type[BaseCard]:
    spec = importlib.util.spec_from_file_location(f"cards.{name}", TEMPLATES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (found,) = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, BaseCard) and c.__module__ == module.__name__]
    return found


def test_there_are_six_and_each_is_run_below() -> None:
    assert NAMES == ["data_source", "evaluation", "image", "llm_prompt", "model", "transform"]
    for name in NAMES:
        card = template(name)
        assert card.card_type == name
        for field, entry in card.config_schema["properties"].items():
            assert entry["title"] and entry["description"], field
            assert entry.get("format") != "column" or card.input_schema[entry["x-port"]] == "dataframe", field


def test_a_data_source_makes_rows_up_or_reads_a_file(tmp_path) -> None:
    made = run_card(template("data_source"), {"rows": 7})
    assert made.outputs["dataset"].shape == (7, 3) and made.preview["total_rows"] == 7
    assert made.outputs["dataset"].equals(run_card(template("data_source"), {"rows": 7}).outputs["dataset"])
    (tmp_path / "own.csv").write_text("x,y\n1,2\n3,4\n")
    read = run_card(template("data_source"), {"file": tmp_path / "own.csv"})
    assert read.outputs["dataset"].to_dict("list") == {"x": [1, 3], "y": [2, 4]}


def test_a_transform_rescales_and_names_the_columns_there_are() -> None:
    ran = run_card(template("transform"), {"column": "a"}, {"dataset": ROWS})
    assert ran.outputs["dataset"]["a"].tolist() == [0, 0.2, 0.4, 0.6, 0.8, 1] and ran.outputs["dataset"]["b"].tolist() == ROWS["b"].tolist()
    both = run_card(template("transform"), {}, {"dataset": ROWS}).outputs["dataset"]
    assert both["b"].max() == 1 and both["name"].tolist() == list("uvwxyz")
    with pytest.raises(ValueError, match=r"no column 'c'; the table has a, b, name"):
        run_card(template("transform"), {"column": "c"}, {"dataset": ROWS})


def test_a_model_is_trained_and_an_evaluation_finds_what_it_was_trained_for() -> None:
    trained = run_card(template("model"), {"target": "b", "trees": 10}, {"train": ROWS})
    assert trained.preview["hyperparameters"]["rows"] == 6 and trained.metrics[0][0] == "r2_train"
    scored = run_card(template("evaluation"), {}, {"model": trained.outputs["model"], "test": ROWS})
    assert scored.outputs["metrics"]["rows"] == 6 and 0 < scored.outputs["metrics"]["r2"] <= 1
    assert scored.preview == scored.outputs["metrics"]


def test_an_image_is_a_picture_that_the_preview_names() -> None:
    ran = run_card(template("image"), {}, {"dataset": ROWS})
    assert ran.outputs["picture"].startswith(b"\x89PNG") and ran.preview["image_ref"].endswith("picture.png")


def test_an_llm_prompt_writes_its_prompts_without_a_network_and_asks_when_told() -> None:
    ran = run_card(template("llm_prompt"), {"prompt": "Is {name} a {letter}?", "rows": 2}, {"dataset": ROWS})
    assert ran.outputs["answers"]["prompt"].tolist() == ["Is u a {letter}?", "Is v a {letter}?"]
    assert ran.outputs["answers"]["answer"].tolist() == ["", ""] and ran.preview["total_rows"] == 2

    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    asked = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"choices": [{"message": {"content": "yes"}}]}).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
        told = run_card(template("llm_prompt"), {"prompt": "{name}?", "rows": 1, "dry_run": False, "url": url}, {"dataset": ROWS})
    finally:
        server.shutdown()
        server.server_close()
    assert told.outputs["answers"]["answer"].tolist() == ["yes"]
    assert asked == [{"model": "small", "messages": [{"role": "user", "content": "u?"}]}]

"""The storage contract of cards.md, point by point."""

import datetime
import math
from pathlib import Path

import numpy
import pandas
import pytest

from ensemble.errors import ContractError
from ensemble.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    (tmp_path / "out").mkdir()
    return Storage(str(tmp_path / "artifacts"), str(tmp_path / "out"), "n1")


def back(storage: Storage, frame: pandas.DataFrame) -> pandas.DataFrame:
    return storage.load_dataframe(storage.save_dataframe("_p", "_n", "frame", frame))


def test_ids_that_a_card_passes_are_ignored(storage: Storage) -> None:
    assert storage.save_json("../../x", None, "a", 1) == "n1/a.json"  # type: ignore[arg-type]


def test_a_frame_loses_its_index_and_keeps_its_types(storage: Storage) -> None:
    frame = pandas.DataFrame(
        {"i": [1, 2], "f": [0.5, math.nan], "b": [True, False], "s": ["x", None], "d": pandas.to_datetime(["2026-01-01", None])},
        index=[7, 9],
    )
    frame["c"] = pandas.Categorical(["u", "v"])
    loaded = back(storage, frame)
    pandas.testing.assert_frame_equal(loaded, frame.reset_index(drop=True))
    assert loaded["s"].dtype == object


@pytest.mark.parametrize("dtype", ["string[python]", "string[pyarrow]"])
def test_text_comes_back_as_object_whatever_string_type_it_had(storage: Storage, dtype: str) -> None:
    loaded = back(storage, pandas.DataFrame({"s": pandas.Series(["x", None], dtype=dtype)}))
    assert loaded["s"].dtype == object and loaded["s"].tolist() == ["x", None]


def test_empty_frames_survive_and_column_names_become_text_as_in_pandas(storage: Storage, tmp_path: Path) -> None:
    assert back(storage, pandas.DataFrame()).shape == (0, 0)
    assert back(storage, pandas.DataFrame({"a": pandas.Series([], dtype="float64")})).shape == (0, 1)
    odd = pandas.DataFrame(numpy.eye(2))
    odd.to_parquet(tmp_path / "odd.parquet", index=False)
    pandas.testing.assert_frame_equal(back(storage, odd), pandas.read_parquet(tmp_path / "odd.parquet"))


def test_a_column_that_mixes_types_and_a_value_that_is_no_frame_are_explained(storage: Storage) -> None:
    with pytest.raises(ContractError, match=r"column 'm' mixes int and str.*astype\(str\)"):
        storage.save_dataframe("", "", "frame", pandas.DataFrame({"ok": [1, 2], "m": [1, "x"]}))
    with pytest.raises(ContractError, match="takes a pandas DataFrame, not list"):
        storage.save_dataframe("", "", "frame", [1])
    assert storage.saved() == [], "a save that failed leaves nothing behind"


def test_json_is_serialised_at_once_and_comes_back_round_tripped(storage: Storage) -> None:
    data = {"t": (1, 2), 3: None, "day": datetime.date(2026, 1, 2), "n": [math.nan, math.inf, -math.inf], "$number": "NaN"}
    ref = storage.save_json("_", "_", "j", data)
    data["t"] = "changed later"
    loaded = storage.load_json(ref)
    assert loaded["t"] == [1, 2] and loaded["3"] is None and loaded["day"] == "2026-01-02" and loaded["$number"] == "NaN"
    assert math.isnan(loaded["n"][0]) and loaded["n"][1:] == [math.inf, -math.inf]
    assert storage.load_json(storage.save_json("", "", "k", {"$number": "NaN"})) == {"$number": "NaN"}
    assert storage.load_json(storage.save_bytes("", "", "plain", b'{"x": NaN, "y": 1}', "json"))["y"] == 1
    circle: list = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        storage.save_json("", "", "circle", circle)


def test_models_and_bytes_come_back(storage: Storage) -> None:
    assert storage.load_model(storage.save_model("", "", "m", {"w": numpy.arange(3)}))["w"].tolist() == [0, 1, 2]
    assert storage.save_bytes("", "", "picture", b"\x89PNG", ".png") == "n1/picture.png"
    assert storage.load_bytes("n1/picture.png") == b"\x89PNG"
    with pytest.raises(ContractError, match="takes bytes, not str"):
        storage.save_bytes("", "", "text", "hello", "txt")  # type: ignore[arg-type]


def test_a_derived_reference_loads_here_and_downstream(storage: Storage, tmp_path: Path) -> None:
    ref = storage.save_model("", "", "trained_model", 1)
    storage.save_json("", "", "model_meta", {"target": "y"})
    assert storage.load_json(ref.replace("trained_model.joblib", "model_meta.json")) == {"target": "y"}
    staged = tmp_path / "artifacts" / "up"
    staged.mkdir(parents=True)
    (staged / "model_meta.json").write_text('{"target": "z"}')
    (staged / "trained_model.joblib").write_bytes(b"")
    assert storage.load_json("up/trained_model.joblib".replace("trained_model.joblib", "model_meta.json")) == {"target": "z"}


def test_saving_a_key_again_replaces_it(storage: Storage) -> None:
    refs = {storage.save_json("", "", "a", n) for n in range(3)}
    assert refs == {"n1/a.json"} and storage.load_json("n1/a.json") == 2 and len(storage.saved()) == 1


def test_names_of_the_harness_own_files_are_free_for_cards(storage: Storage, tmp_path: Path) -> None:
    for key in ("result", "preview", "job"):
        storage.save_json("", "", key, key)
    assert storage.load_json("n1/result.json") == "result"
    assert not (tmp_path / "out" / "result.json").exists()


def test_an_unknown_reference_lists_what_is_there(storage: Storage) -> None:
    storage.save_json("", "", "metrics", 1)
    with pytest.raises(ContractError) as caught:
        storage.load_json("n1/metric.json")
    assert str(caught.value) == "no artifact 'n1/metric.json'. Did you mean 'n1/metrics.json'? There is: n1/metrics.json"


@pytest.mark.parametrize("ref", ["../job.json", "up/../../job.json", "/etc/passwd", "up/./x.json", "n1/\0.json", None, 3])
def test_references_never_leave_the_artifacts(storage: Storage, tmp_path: Path, ref: object) -> None:
    (tmp_path / "job.json").write_text("{}")
    (tmp_path / "artifacts" / "up").mkdir(parents=True)
    with pytest.raises(ContractError, match="reference"):
        storage.load_json(ref)  # type: ignore[arg-type]


def test_loading_with_the_wrong_call_names_the_right_one(storage: Storage) -> None:
    ref = storage.save_json("", "", "a", 1)
    with pytest.raises(ContractError, match=r"load it with storage\.load_json"):
        storage.load_dataframe(ref)


def test_a_step_saves_at_most_a_thousand_artifacts(storage: Storage) -> None:
    for n in range(1_000):
        storage.save_bytes("", "", f"k{n}", b"", "bin")
    storage.save_bytes("", "", "k5", b"again", "bin")
    with pytest.raises(ContractError, match="at most 1,000 artifacts"):
        storage.save_bytes("", "", "one too many", b"", "bin")

"""`std/load_file` and what it finds out about files: good ones of every format, and broken ones."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from conftest import Project, Ran

from ensemble import table_files

TABLE = pd.DataFrame({"name": ["Ann", "Zoë", None], "age": [31, 25, 47], "paid": [1.5, None, 3.25]})


@pytest.fixture
def load(warm_project: Project, tmp_path: Path):
    def run(name: str, content: bytes | str, **config: object) -> Ran:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return warm_project.std("load_file", file=str(path), **config)

    return run


def same(project: Project, ran: Ran) -> None:
    got = project.frame(ran)
    assert list(got.columns) == ["name", "age", "paid"]
    assert got["age"].tolist() == [31, 25, 47]
    assert got["name"].tolist()[:2] == ["Ann", "Zoë"] and got["name"].isna().tolist() == [False, False, True]
    assert got["paid"].tolist()[0] == 1.5 and got["paid"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found_out(warm_project: Project, load, separator: str, encoding: str) -> None:
    same(warm_project, load("people.csv", TABLE.to_csv(index=False, sep=separator).encode(encoding)))


def test_every_format_gives_the_same_table(warm_project: Project, load, tmp_path: Path) -> None:
    TABLE.to_parquet(tmp_path / "a")
    TABLE.to_excel(tmp_path / "b.xlsx", index=False, sheet_name="People")
    rows = json.loads(TABLE.to_json(orient="records"))
    for name, content in {
        "t.tsv": TABLE.to_csv(index=False, sep="\t"),
        "rows.json": json.dumps(rows),
        "wrapped.json": json.dumps({"count": 3, "data": rows}),
        "columns.json": json.dumps({key: [row[key] for row in rows] for key in rows[0]}),
        "lines.jsonl": "\n".join(map(json.dumps, rows)) + "\n",
        "no-ending": (tmp_path / "a").read_bytes(),
        "book.xlsx": (tmp_path / "b.xlsx").read_bytes(),
    }.items():
        same(warm_project, load(name, content))
    assert "sheet People" in load("c.xlsx", (tmp_path / "b.xlsx").read_bytes()).stdout
    wrong = load("d.xlsx", (tmp_path / "b.xlsx").read_bytes(), sheet="Peple")
    assert wrong.error()["message"] == "d.xlsx: sheet 'Peple' not found; there is People"


def test_dates_decimal_commas_and_files_without_names(warm_project: Project, load) -> None:
    dated = warm_project.frame(load("d.csv", "day,at\n2026-01-31,2026-01-31T10:00:00Z\n,2026-02-01T00:00:00Z\n"))
    assert dated["day"].dtype.kind == "M" and dated["at"].dtype.kind == "M" and dated["day"].isna().tolist() == [False, True]
    german = warm_project.frame(load("g.csv", "a;b\n1,5;x\n2,25;y\n", decimal=","))
    assert german["a"].tolist() == [1.5, 2.25]
    bare = warm_project.frame(load("n.csv", "1,2\n3,4\n", header=False))
    assert list(bare.columns) == ["column_1", "column_2"] and len(bare) == 2
    odd = warm_project.frame(load("o.json", '[{"a": 1, "b": [1, 2]}, {"a": "x", "b": {"c": null}}]'))
    assert odd["a"].tolist() == ["1", "x"] and odd["b"].tolist() == ["[1, 2]", '{"c": null}']


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\n\n\n", "blank.csv: there is nothing but empty lines"),
        ("wide.csv", b"a,b\n1,2\n1,2,3\n", "wide.csv: line 3 has 3 fields where the lines above have 2 (separated by comma)"),
        ("open.csv", b'a,b\n1,"2\n3,4\n', "a quotation mark is opened and never closed"),
        ("binary.csv", b"a,b\n\x00\x01\x02", "binary data"),
        ("bad.json", b'[{"a": 1},', "bad.json: the file is not JSON"),
        ("number.json", b"7", "a table in JSON is a list of objects"),
        ("deep.json", b"[" * 200_000, "the file is n"),
        ("bad.jsonl", b'{"a": 1}\n{"a": }\n', "bad.jsonl: line 2 is not JSON"),
        ("bad.parquet", b"PAR1 and nothing more", "no Parquet file that can be read"),
        ("text.parquet", b"a,b\n1,2\n", "does not begin like one"),
        ("old.xls", b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        ("bad.xlsx", b"PK\x03\x04 and nothing more", "no workbook that can be read"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(load, name: str, content: bytes, sentence: str) -> None:
    error = load(name, content).error()
    assert sentence in error["message"]
    assert error["type"] == "ValueError" and error["file"] == "cards/std/load_file.py"


def test_wrong_choices_and_bombs_are_refused(warm_project: Project, load, tmp_path: Path, monkeypatch) -> None:
    assert "latin.csv is not utf-8: it holds the byte 0xeb" in load("latin.csv", "a,b\nZo\xeb,1\n".encode("latin-1"), encoding="utf-8").error()["message"]
    assert "is not there" in warm_project.std("load_file", file=str(tmp_path / "no.csv")).error()["message"]
    assert "no file is chosen" in warm_project.std("load_file").error()["message"]
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/x", bytes(64 << 20))
    monkeypatch.setattr(table_files, "_MAX_UNZIPPED", 32 << 20)
    assert "unpacks to 0.1 GiB" in warm_project.std("load_file", file=str(bomb)).error()["message"]

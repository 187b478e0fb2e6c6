"""Tables from files of strangers: the format, the encoding and the separator are found out when they are not given.

Knows nothing of cards. Every ValueError is a sentence for the person who chose the file.
"""

import csv
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

FORMATS = ("auto", "csv", "tsv", "json", "jsonl", "parquet", "xlsx")
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BY_EXTENSION = {"csv": "csv", "tsv": "tsv", "tab": "tsv", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl"}
_BY_EXTENSION |= {"parquet": "parquet", "pq": "parquet", "xlsx": "xlsx", "xlsm": "xlsx"}
_HEAD_BYTES = 256 * 1024
_MAX_UNZIPPED = 2 * 1024**3


def read_table(path: str, options: dict[str, Any]) -> tuple["pandas.DataFrame", list[str]]:
    """(the table, what was found out about the file). `options`: format, separator, encoding, decimal, header, sheet."""
    name = os.path.basename(path)
    if not os.path.isfile(path):
        raise ValueError(f"the file {name!r} is not there; choose a file of the project")
    if os.path.getsize(path) == 0:
        raise ValueError(f"{name} is empty")
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    kind = _kind(name, head, options["format"])
    try:
        if kind == "parquet":
            return _read_parquet(path), [kind]
        if kind == "xlsx":
            return _read_xlsx(path, options)
        encoding = _encoding(path, head, options["encoding"])
        if kind in ("json", "jsonl"):
            return _read_json(path, kind, encoding), [kind, encoding]
        return _read_text(path, head, kind, encoding, options)
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ValueError(f"{name} is not {error.encoding}: it holds the byte {byte:#04x}; choose another encoding") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _kind(name: str, head: bytes, chosen: str) -> str:
    """The format: as chosen, else by the first bytes, else by the ending of the name, else separated text."""
    if chosen != "auto":
        if chosen not in FORMATS:
            raise ValueError(f"format {chosen!r} does not exist; choose one of {', '.join(FORMATS)}")
        return chosen
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{name} is an old Excel workbook (xls); save it as xlsx or CSV")
    known = _BY_EXTENSION.get(name.rpartition(".")[2].lower())
    if known in ("parquet", "xlsx"):
        raise ValueError(f"{name} is called {known} but does not begin like one; it is damaged or something else")
    if known:
        return known
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "json" if start == b"[" else "jsonl" if start == b"{" else "csv"


def _encoding(path: str, head: bytes, chosen: str) -> str:
    """The encoding of the whole file: as chosen, by its mark, UTF-8 when every byte fits, else Windows-1252."""
    if chosen != "auto":
        return chosen
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        raise ValueError("this is no text but binary data; give the file its right ending, or choose the format")
    try:
        with open(path, encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
        return "utf-8"
    except UnicodeDecodeError:
        return "cp1252"


def _separator(sample: str) -> str:
    """The candidate that cuts the first lines into the most columns, as equally as possible; a comma when none does."""
    best, best_score = ",", 0.0
    lines = sample.splitlines()[:200]
    for candidate in SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=candidate) if row]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (usual - 1) * (widths.count(usual) / len(widths)) ** 2
        if score > best_score:
            best, best_score = candidate, score
    return best


def _read_text(path: str, head: bytes, kind: str, encoding: str, options: dict[str, Any]) -> tuple["pandas.DataFrame", list[str]]:
    import pandas

    sample = head.decode(encoding, errors="ignore")
    if len(head) == _HEAD_BYTES:
        sample = sample[: sample.rfind("\n") + 1] or sample
    names = {name: separator for separator, name in SEPARATORS.items()}
    separator = names.get(options["separator"]) or ("\t" if kind == "tsv" else _separator(sample))
    try:
        table = pandas.read_csv(
            path, sep=separator, encoding=encoding, decimal=options["decimal"], header=0 if options["header"] else None, low_memory=False
        )
    except pandas.errors.EmptyDataError:
        raise ValueError("there is nothing but empty lines") from None
    except pandas.errors.ParserError as error:
        raise ValueError(_parser_sentence(str(error), separator)) from None
    if not options["header"]:
        table.columns = [f"column_{number + 1}" for number in range(table.shape[1])]
    return tidy(table), [kind, encoding, f"separated by {SEPARATORS[separator]}"]


def _parser_sentence(message: str, separator: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if found:
        return (
            f"line {found[2]} has {found[3]} fields where the lines above have {found[1]} (separated by {SEPARATORS[separator]}); "
            "mend the line, or choose another separator"
        )
    if "EOF inside string" in message:
        return "a quotation mark is opened and never closed; mend that line"
    return message


def _read_json(path: str, kind: str, encoding: str) -> "pandas.DataFrame":
    import pandas

    with open(path, encoding=encoding) as file:
        if kind == "jsonl":
            rows = []
            for number, line in enumerate(file, 1):
                if line.strip():
                    rows.append(_parsed(line, f"line {number}"))
        else:
            rows = _parsed(file.read(), "the file")
    if isinstance(rows, dict):
        inner = [value for value in rows.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        rows = inner[0] if len(inner) == 1 else rows
    if isinstance(rows, dict) and rows and all(isinstance(value, (list, dict)) for value in rows.values()):
        return tidy(pandas.DataFrame(rows).reset_index(drop=True))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError('a table in JSON is a list of objects, such as [{"name": "Ann", "age": 31}]')
    if not rows:
        raise ValueError("there are no rows")
    return tidy(pandas.DataFrame(rows))


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError(f"{where} is nested too deeply") from None


def _read_parquet(path: str) -> "pandas.DataFrame":
    import pyarrow

    from ensemble.frames import read_frame

    try:
        return tidy(read_frame(path))
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError(f"this is no Parquet file that can be read: {error}") from None


def _read_xlsx(path: str, options: dict[str, Any]) -> tuple["pandas.DataFrame", list[str]]:
    import pandas

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _MAX_UNZIPPED:
            raise ValueError(f"the workbook unpacks to {size / 2**30:.1f} GiB, more than 2 GiB; save the table as CSV or Parquet")
        with pandas.ExcelFile(path, engine="openpyxl") as book:
            sheet = options["sheet"].strip() or book.sheet_names[0]
            if sheet not in book.sheet_names:
                raise ValueError(f"sheet {sheet!r} not found; there is {', '.join(map(str, book.sheet_names))}")
            table = book.parse(sheet, header=0 if options["header"] else None)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise ValueError(f"this is no workbook that can be read: {error}") from None
    if not options["header"]:
        table.columns = [f"column_{number + 1}" for number in range(table.shape[1])]
    return tidy(table), ["xlsx", f"sheet {sheet}"]


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")


def tidy(table: "pandas.DataFrame") -> "pandas.DataFrame":
    """Names as text, ISO dates as dates, and what Parquet cannot hold (lists, mixed values) as text. Raises ValueError without columns."""
    import pandas

    if table.shape[1] == 0:
        raise ValueError("there are no columns")
    table.columns = [str(name).strip() for name in table.columns]
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise ValueError(f"two columns are called {twice[0]!r}; give each a name of its own")
    for position in range(table.shape[1]):
        column = table.iloc[:, position]
        if column.dtype != object:
            continue
        present = column.dropna()
        kinds = {type(item) for item in present}
        if kinds == {str} and all(_DATE.fullmatch(text) for text in present.head(1000)):
            dates = pandas.to_datetime(column, errors="coerce", format="ISO8601", utc=True if present.str.contains("[Z+]").any() else None)
            if dates.notna().sum() == len(present):
                table.isetitem(position, dates)
        elif kinds & {dict, list}:
            table.isetitem(position, column.map(_nested_text, na_action="ignore"))
        elif len(kinds) > 1 and not kinds <= {int, float}:
            table.isetitem(position, column.map(str, na_action="ignore"))
    return table


def _nested_text(item: Any) -> str:
    return json.dumps(item) if isinstance(item, (dict, list)) else str(item)

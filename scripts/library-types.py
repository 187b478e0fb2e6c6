"""Makes the file that the code editor's type checker reads: the types of the libraries every card has, with their docs.

    python library-types.py <site-packages of the cards> <folder with stub packages> <typeshed> <target.json.gz>

It runs in the environment of the cards and imports their libraries, for the docs that stubs leave out. Knows nothing of cards.
The target is gzipped JSON, path to text: `/libraries/<package>/…` and, with docs, `/typeshed/stdlib/…`. The same input gives the same bytes.
"""

import ast
import gzip
import importlib
import inspect
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

# Package to the folder its types come from: its own, where it brings types, else a stub package.
OWN_TYPES = ["numpy", "matplotlib"]
STUBS = {"pandas": "pandas-stubs", "sklearn": "sklearn-stubs", "pyarrow": "pyarrow-stubs", "joblib": "joblib-stubs"}
# Longer docs are cut at a paragraph: what parameters mean is in, long examples are not.
LONGEST_DOC = 900


def main(site: str, stubs: str, typeshed: str, target: str) -> None:
    files: dict[str, str] = {}
    for package in OWN_TYPES:
        files |= types_of(package, Path(site, package))
    for package, folder in STUBS.items():
        files |= types_of(package, Path(stubs, folder))
    for file in sorted(Path(typeshed, "stdlib").rglob("*.pyi")):
        files["/typeshed/" + file.relative_to(typeshed).as_posix()] = file.read_text("utf-8")
    data = json.dumps(files, ensure_ascii=False, sort_keys=True).encode()
    Path(target).write_bytes(gzip.compress(data, compresslevel=9, mtime=0))


def types_of(package: str, folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise SystemExit(f"The types of {package} are not there: {folder} is missing.")
    found = {}
    for file in sorted([*folder.rglob("*.pyi"), *folder.rglob("*.py")]):
        inside = file.relative_to(folder)
        if "tests" in inside.parts or inside.name == "conftest.pyi":
            continue
        if file.suffix == ".py" and (file.with_suffix(".pyi").exists() or package not in OWN_TYPES):
            continue
        text = file.read_text("utf-8")
        module = ".".join([package, *inside.with_suffix("").parts]).removesuffix(".__init__")
        shown = inside.with_suffix(".pyi").as_posix()
        found[f"/libraries/{package}/{shown}"] = signatures(text) if file.suffix == ".py" else with_docs(text, module)
    return found


def signatures(source: str) -> str:
    """A module without what its functions do; their docs stay, cut."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            doc = ast.get_docstring(node)
            node.body = [ast.Expr(ast.Constant(shorten(doc) if doc else ...))]
        elif isinstance(node, ast.ClassDef) and (doc := ast.get_docstring(node)):
            node.body[0] = ast.Expr(ast.Constant(shorten(doc)))
    return ast.unparse(tree)


def with_docs(stub: str, module: str) -> str:
    """The stub with the docs of the module's classes and functions, where it has none itself. As it is, where either cannot be read."""
    try:
        tree = ast.parse(stub)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            owner = importlib.import_module(module)
    except Exception:
        return stub
    lines = stub.encode().splitlines(keepends=True)
    # From the end, so that what is inserted moves nothing that comes later.
    for row, column, end, text in sorted(docs_for(tree, owner), reverse=True):
        line = lines[row]
        lines[row] = line[:column] + text.encode() + (line[end:] if end is not None else b"\n" + b" " * column + line[column:])
    return b"".join(lines).decode()


def docs_for(node: ast.Module | ast.ClassDef, owner: object) -> Iterator[tuple[int, int, int | None, str]]:
    """Row, column, the column where `...` ends or None where the doc gets a line of its own, and the doc as a literal."""
    seen = set()
    for child in node.body:
        if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        value = inspect.getattr_static(owner, child.name, None)
        # Overloads tell once. What begins with an underscore is nobody’s to call.
        doc = documentation(value) if child.name not in seen and not child.name.startswith("_") else None
        seen.add(child.name)
        first = child.body[0]
        if doc and ast.get_docstring(child) is None:
            literal = repr(shorten(doc))
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.value.value is ...:
                if first.lineno == first.end_lineno:
                    yield first.lineno - 1, first.col_offset, first.end_col_offset, literal
            elif first.lineno > child.lineno:
                row = min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))]) - 1
                yield row, first.col_offset, None, literal
        if isinstance(child, ast.ClassDef) and inspect.isclass(value):
            yield from docs_for(child, value)


def documentation(value: object) -> str | None:
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    doc = getattr(value, "__doc__", None)
    return inspect.cleandoc(doc) if isinstance(doc, str) and doc.strip() else None


def shorten(doc: str) -> str:
    if len(doc) <= LONGEST_DOC:
        return doc
    end = doc.rfind("\n\n", 0, LONGEST_DOC)
    return doc[: end if end > 0 else LONGEST_DOC].rstrip() + "\n\n..."


main(*sys.argv[1:])

"""What forms and the harness rely on, checked for every built-in card."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HERE

from ensemble import BaseCard

NAMES = sorted(path.stem for path in (HERE / "cards" / "std").glob("*.py") if path.stem != "__init__")


def card_class(name: str) -> type[BaseCard]:
    module = importlib.import_module(f"cards.std.{name}")
    (found,) = [c for c in vars(module).values() if isinstance(c, type) and issubclass(c, BaseCard) and c.__module__ == module.__name__]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_field_explains_itself_and_column_fields_name_their_table(name: str) -> None:
    card = card_class(name)
    assert card.card_type == f"std/{name}"
    for field, entry in card.config_schema["properties"].items():
        assert entry["title"] and entry["description"].endswith((".", ")")), field
        assert "default" in entry or field in card.config_schema["required"], field
        if "enum" in entry and entry["type"] != "array":
            assert entry["default"] in entry["enum"], field
        if entry.get("format") in ("column", "columns"):
            assert card.input_schema[entry["x-port"]] == "dataframe", field
            assert entry["type"] == ("string" if entry["format"] == "column" else "array"), field
    assert set(card.config_schema["required"]) <= set(card.config_schema["properties"])


@pytest.mark.parametrize("name", NAMES)
def test_a_card_is_one_idea(name: str) -> None:
    lines = (HERE / "cards" / "std" / f"{name}.py").read_text().splitlines()
    assert len(lines) <= 150 and max(map(len, lines)) <= 140


def test_importing_all_cards_loads_nothing_heavy() -> None:
    heavy = ("pandas", "numpy", "sklearn", "matplotlib", "pyarrow", "openpyxl", "scipy")
    imports = "; ".join(f"import cards.std.{name}" for name in NAMES)
    check = f"import sys; {imports}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-P", "-c", check], env={"PYTHONPATH": str(HERE)}, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_each_card_is_run_by_some_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in NAMES if f'"{name}"' not in tests and f"std/{name}.py" not in tests] == []

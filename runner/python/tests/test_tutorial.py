"""Runs every Python block of docs/writing-cards.md: cards and their tests, as files of one project."""

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import HERE

TUTORIAL = HERE.parent.parent / "docs/writing-cards.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"# ((?:cards/|test_)[\w/]*\.py)\n")


def test_the_tutorial_works_as_it_is_written(tmp_path: Path) -> None:
    blocks = BLOCK.findall(TUTORIAL.read_text())
    names = [named[1] if (named := NAME.match(block)) else None for block in blocks]
    assert None not in names and len(names) == len(set(names)) >= 6, names
    for name, block in zip(names, blocks, strict=True):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block)
    expected = sum(len(re.findall(r"^def test_", block, re.MULTILINE)) for block in blocks)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert f"{expected} passed" in ran.stdout and ran.returncode == 0, ran.stdout + ran.stderr

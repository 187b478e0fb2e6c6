"""The same seed for every random generator a card is likely to use, also one that it imports late."""

import random
import sys
from collections.abc import Callable
from functools import partial
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_SEEDED: dict[str, Callable[[Any, int], Any]] = {
    "numpy.random": lambda module, seed: module.seed(seed % 2**32),
    "torch": lambda module, seed: module.manual_seed(seed % 2**63),
}


def seed_now(seed: int) -> None:
    """Seeds `random`, and numpy and torch if they are imported already."""
    random.seed(seed)
    for name, apply in _SEEDED.items():
        module = sys.modules.get(name)
        if module is not None:
            apply(module, seed)


def seed_late_imports(seed: int) -> None:
    """Seeds numpy and torch right after their first import. Importing them here would cost every card that needs neither."""
    for name, apply in _SEEDED.items():
        if name not in sys.modules:
            sys.meta_path.insert(0, _SeedAfterImport(name, partial(_apply, apply, seed)))


def _apply(apply: Callable[[Any, int], Any], seed: int, module: ModuleType) -> None:
    apply(module, seed)


class _SeedAfterImport:
    """Finds one module by the usual finders, once, and seeds it when it was executed."""

    def __init__(self, name: str, apply: Callable[[ModuleType], Any]) -> None:
        self._name = name
        self._apply = apply

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute, apply = spec.loader.exec_module, self._apply

        def execute_and_seed(module: ModuleType) -> None:
            execute(module)
            apply(module)

        spec.loader.exec_module = execute_and_seed  # type: ignore[method-assign]
        return spec

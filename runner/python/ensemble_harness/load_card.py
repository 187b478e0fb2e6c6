"""Imports the card file of a job under its stable name and makes the one card in it."""

import filecmp
import importlib
import os
import sys
from abc import ABC
from importlib.util import module_from_spec, spec_from_file_location
from pkgutil import extend_path
from types import ModuleType

from ensemble.base_card import BaseCard
from ensemble.errors import ContractError
from ensemble_harness.job import Job


def load_card(job: Job) -> BaseCard:
    """The card, ready to execute. Raises ContractError, or whatever the card file raises while it is imported."""
    _join_project(job.project)
    module = _import(job)
    file = os.path.join(job.project, *job.path.split("/"))
    # The pinned copy of a built-in card is the same text as ours, and then ours runs.
    if os.path.isfile(file) and not filecmp.cmp(file, module.__file__ or file, shallow=False):
        raise ContractError(f"the name {job.path} belongs to Ensemble itself: rename the card file")
    card = _only_card(module, job)
    lacking = sorted(getattr(card, "__abstractmethods__", ()))
    if lacking:
        raise ContractError(f"{card.__name__} in {job.path} lacks the method {' and '.join(lacking)}")
    return card()


def _only_card(module: ModuleType, job: Job) -> type[BaseCard]:
    """The card class of the file, chosen as by the manifest reader: one that another derives from, or that says it is abstract, is a helper."""
    found = {
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseCard) and value.__module__ == module.__name__
    }
    helpers = {base for value in found for base in value.__bases__} | {value for value in found if _says_abstract(value)}
    cards = sorted(found - helpers, key=lambda value: value.__name__)
    if len(cards) != 1:
        names = ", ".join(value.__name__ for value in cards)
        there = f"{len(cards)} classes derived from BaseCard ({names})" if cards else "no class derived from BaseCard"
        raise ContractError(f"{job.path} has {there}; a card file has exactly one")
    (card,) = cards
    if card.__name__ != job.class_name:
        raise ContractError(f"{job.path} defines the card {card.__name__}, but the pipeline expects {job.class_name}: save the card again")
    return card


def _says_abstract(card: type) -> bool:
    return ABC in card.__bases__ or any(getattr(value, "__isabstractmethod__", False) for value in vars(card).values())


def _join_project(project: str) -> None:
    """Makes the project's files importable, after ours and after everything installed, so that none of them shadows anything."""
    if project not in sys.path:
        sys.path.append(project)
    importlib.invalidate_caches()
    cards = importlib.import_module("cards")
    cards.__path__ = extend_path(cards.__path__, "cards")


def _import(job: Job) -> ModuleType:
    try:
        return importlib.import_module(job.module)
    except ModuleNotFoundError as error:
        if error.name is None or not (job.module == error.name or job.module.startswith(error.name + ".")):
            raise
    # The file's name is none that an import statement could say (a dot in it), or its folder is named like one of ours.
    file = os.path.join(job.project, *job.path.split("/"))
    if not os.path.isfile(file):
        raise ContractError(f"the card file {job.path} is not there; it was renamed or deleted after the run started")
    spec = spec_from_file_location(job.module, file)
    if spec is None or spec.loader is None:
        raise ContractError(f"{job.path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[job.module] = module
    spec.loader.exec_module(module)
    return module

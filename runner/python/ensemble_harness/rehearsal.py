"""Runs a job that does nothing, and forgets it.

After a fork, the first write to each page of memory copies it. A small card spends most of its time so; a process that has
rehearsed has copied what every job touches before there is one.
"""

import contextlib
import json
import os
import sys
import threading

from ensemble_harness import result_file
from ensemble_harness.job import read_job
from ensemble_harness.run_job import run_card

_NAME = "ensemble_rehearsal"
_SOURCE = f'''
from cards.base import BaseCard


class Rehearsal(BaseCard):
    card_type = "{_NAME}"
    display_name = "Rehearsal"
    description = ""
    category = "data"
    output_view_type = "metrics"
    config_schema = {{}}
    input_schema = {{}}
    output_schema = {{"out": "json"}}

    def execute(self, config, inputs, storage):
        return {{"out": storage.save_json("", "", "out", config)}}

    def get_output_preview(self, outputs, storage):
        return storage.load_json(outputs["out"])
'''
_CARD = {
    "cardType": _NAME,
    "module": f"cards.{_NAME}",
    "className": "Rehearsal",
    "path": f"cards/{_NAME}.py",
    "outputs": {"out": "json"},
    "outputViewType": "metrics",
}
_JOB = {"v": 1, "pipelineId": "", "nodeId": "node", "refFolder": "node", "card": _CARD, "config": {}, "inputs": {}, "seed": 0}


def prepare(folder: str) -> None:
    """Makes the job. `folder` is writable and does not exist."""
    for name in ("project/cards", "artifacts", "out"):
        os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, "project", _CARD["path"]), "w", encoding="utf-8") as file:
        file.write(_SOURCE)
    with open(os.path.join(folder, "job.json"), "w", encoding="utf-8") as file:
        json.dump(_JOB, file)


def rehearse(folder: str) -> None:
    """The job of `prepare`. The random generators have another state afterwards; nothing else that a card could notice has changed."""
    import cards

    lists = (sys.path, sys.meta_path, cards.__path__)
    before = [list(values) for values in lists]
    importers = set(sys.path_importer_cache)
    try:
        job = read_job(folder)
        result_file.write(job.out, "result.json", result_file.dumps(run_card(job)))
        # As at the end of each card.
        last = threading.Thread(target=int, daemon=True)
        last.start()
        last.join()
    finally:
        sys.path[:], sys.meta_path[:], cards.__path__ = before
        sys.modules.pop(_CARD["module"], None)
        with contextlib.suppress(AttributeError):
            delattr(cards, _NAME)
        for path in set(sys.path_importer_cache) - importers:
            del sys.path_importer_cache[path]

"""One job from `job.json` to `out/result.json`. Whatever the card does, short of ending the process, there is a result."""

import os
from typing import Any

from ensemble import reporting
from ensemble.storage import Storage
from ensemble_harness import outputs, result_file, seeding
from ensemble_harness.error_report import CardFiles, describe
from ensemble_harness.event_channel import EventChannel
from ensemble_harness.job import Job, read_job
from ensemble_harness.load_card import load_card
from ensemble_harness.preview import write_preview


def run_job(folder: str) -> bool:
    """True when the card succeeded. Raises only when there is no readable job or no place for the result."""
    job = read_job(folder)
    os.makedirs(job.out, exist_ok=True)
    channel = EventChannel.on_descriptor(3)
    reporting.listen(channel.send)
    try:
        result = run_card(job)
    finally:
        reporting.listen(None)
        channel.close()
    result_file.write(job.out, "result.json", result_file.dumps(result))
    return result["status"] == "succeeded"


def run_card(job: Job) -> dict[str, Any]:
    """What belongs into `result.json`."""
    files = CardFiles(job.project)
    storage = Storage(job.artifacts, job.out, job.ref_folder)
    card = None
    try:
        seeding.seed_now(job.seed)
        seeding.seed_late_imports(job.seed)
        card = load_card(job)
        seeding.seed_now(job.seed)
        returned = card.execute(dict(job.config), dict(job.inputs), storage)
        chosen = outputs.choose(job.outputs, returned, storage)
    except BaseException as error:
        return {"v": 1, "status": "failed", "artifacts": [], "preview": False, "error": describe(error, files, job.path, card)}
    problem = write_preview(card, chosen.references, storage, job.out, files)
    result: dict[str, Any] = {"v": 1, "status": "succeeded", "artifacts": chosen.artifacts(storage), "preview": problem is None}
    if problem is not None:
        result["previewError"] = problem
    return result

"""`job.json`, as the daemon wrote it. The same cases as in TypeScript: `runner/contract/harness-jobs.json`."""

import os
from dataclasses import dataclass
from typing import Any

from ensemble import wire_json


@dataclass(frozen=True)
class Job:
    """One step to execute. `outputs` maps declared output to port type, `inputs` port to reference."""

    folder: str
    pipeline_id: str
    node_id: str
    ref_folder: str
    module: str
    class_name: str
    path: str
    outputs: dict[str, str]
    config: dict[str, Any]
    inputs: dict[str, str]
    seed: int

    @property
    def project(self) -> str:
        return os.path.join(self.folder, "project")

    @property
    def artifacts(self) -> str:
        return os.path.join(self.folder, "artifacts")

    @property
    def out(self) -> str:
        return os.path.join(self.folder, "out")


def read_job(folder: str) -> Job:
    """Raises OSError, ValueError or KeyError when the daemon and this harness do not fit together."""
    with open(os.path.join(folder, "job.json"), encoding="utf-8") as file:
        raw = wire_json.loads(file.read())
    if raw["v"] != 1:
        raise ValueError(f"job.json has version {raw['v']!r}, this harness reads version 1")
    card = raw["card"]
    return Job(
        folder=folder,
        pipeline_id=raw["pipelineId"],
        node_id=raw["nodeId"],
        ref_folder=raw["refFolder"],
        module=card["module"],
        class_name=card["className"],
        path=card["path"],
        outputs=card["outputs"],
        config={**raw["config"], "_pipeline_id": raw["pipelineId"], "_node_id": raw["nodeId"]},
        inputs=raw["inputs"],
        seed=raw["seed"],
    )

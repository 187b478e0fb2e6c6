"""The class every card derives from.

Knows nothing of where it runs: storage comes as an argument, progress and metrics go to whoever listens.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from ensemble import reporting

if TYPE_CHECKING:
    from ensemble.storage import Storage


class BaseCard(ABC):
    """One step of a pipeline.

    The class attributes are read from the source text without running it, so each must be a literal.
    """

    card_type: ClassVar[str]
    display_name: ClassVar[str]
    description: ClassVar[str]
    category: ClassVar[str]
    config_schema: ClassVar[dict]
    input_schema: ClassVar[dict]
    output_schema: ClassVar[dict]
    output_view_type: ClassVar[str]
    execution_mode: ClassVar[str] = "local"

    output_columns: ClassVar[dict] = {}
    resources: ClassVar[dict] = {}
    requirements: ClassVar[list] = []
    retries: ClassVar[int] = 0
    cache: ClassVar[bool] = True
    scratch: ClassVar[bool] = False

    @abstractmethod
    def execute(self, config: dict[str, Any], inputs: dict[str, str], storage: "Storage") -> dict[str, str] | None:
        """Does the work. `inputs` maps port to reference; the result maps output name to reference."""

    @abstractmethod
    def get_output_preview(self, outputs: dict[str, str], storage: "Storage") -> dict[str, Any]:
        """What the canvas shows of the outputs: a JSON value of at most 2 MB. Runs after `execute`, in its process."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Shows how far the step is. `fraction` is clamped to 0..1."""
        reporting.progress(fraction, message)

    def log_metric(self, name: str, value: float, step: float | None = None) -> None:
        """Adds one point to a live curve. Values that are not finite are gaps in it, with a note in the log."""
        reporting.metric(name, value, step)

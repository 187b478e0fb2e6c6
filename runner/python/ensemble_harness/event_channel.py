"""Progress and metrics on a file descriptor, one JSON line each. A slow or absent reader never slows the card down."""

import contextlib
import json
import os
import select
import stat
import threading
import time
from collections.abc import Callable
from typing import Any

PROGRESS_SECONDS = 0.1
METRICS_PER_SECOND = 20_000
METRIC_BURST = 100_000
PATIENCE_MS = 50


class EventChannel:
    """Sends `HarnessEvent`s. What is left out for being too much is counted, and the last value of each name is sent."""

    def __init__(self, descriptor: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._descriptor = descriptor
        self._clock = clock
        self._lock = threading.RLock()
        self._pending: dict[str, dict[str, Any]] = {}
        self._dropped = 0
        self._next_progress = 0.0
        self._allowance = float(METRIC_BURST)
        self._refilled = clock()

    @classmethod
    def on_descriptor(cls, descriptor: int) -> "EventChannel":
        """Takes over the descriptor if a pipe, socket or file is open there, and ignores events if not."""
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            return cls(None)
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISREG(mode)):
            return cls(None)
        # A copy that child processes do not inherit, and out of the way of whoever writes to a descriptor by number.
        copy = os.dup(descriptor)
        os.close(descriptor)
        return cls(copy)

    def send(self, event: dict[str, Any]) -> None:
        """Writes the event now, or keeps it as the last of its name when there are too many."""
        if self._descriptor is None:
            return
        with self._lock:
            name = "progress" if event["kind"] == "progress" else f"metric {event['name']}"
            replaced = self._pending.pop(name, None)
            if replaced is not None and replaced["kind"] == "metric":
                self._dropped += 1
            if not (self._may_send(event) and self._write(event)):
                self._pending[name] = event

    def close(self) -> None:
        """Sends the last value of everything that was held back, and how many points were not sent at all."""
        with self._lock:
            if self._descriptor is None:
                return
            for event in self._pending.values():
                if not self._write(event):
                    self._dropped += event["kind"] == "metric"
            if self._dropped:
                self._write({"kind": "dropped", "points": self._dropped})
            with contextlib.suppress(OSError):
                # The card may have closed it: whoever closes every descriptor means no harm to its result.
                os.close(self._descriptor)
            self._descriptor = None

    def _may_send(self, event: dict[str, Any]) -> bool:
        now = self._clock()
        if event["kind"] == "progress":
            if now < self._next_progress:
                return False
            self._next_progress = now + PROGRESS_SECONDS
            return True
        self._allowance = min(METRIC_BURST, self._allowance + (now - self._refilled) * METRICS_PER_SECOND)
        self._refilled = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _write(self, event: dict[str, Any]) -> bool:
        """False when the reader is too slow. A line is under 4 KiB, which a pipe that is ready takes whole."""
        assert self._descriptor is not None
        line = (json.dumps(event) + "\n").encode()
        try:
            ready = select.poll()
            ready.register(self._descriptor, select.POLLOUT)
            if not ready.poll(PATIENCE_MS):
                return False
            os.write(self._descriptor, line)
            return True
        except OSError:
            self._descriptor = None
            return True

"""Looks at time, memory and folders of one card. Ends nothing itself."""
import time

import folder_usage
import process_tree

FOLDER_CHECK_SECONDS = 0.5


class Watch:
    """What can end a card before it ends by itself."""

    def __init__(self, limits, folders, started, processes):
        """`processes()` lists the pids that count as the card."""
        self.limits, self.folders, self.started, self.processes = limits, folders, started, processes
        self.peak, self.next_folder_check = 0, started

    def verdict(self, now):
        """The cause to stop for, or None."""
        if now - self.started > self.limits["wallSeconds"]:
            return "timeout"
        processes = self.processes()
        used = process_tree.resident_bytes(processes)
        if used > self.limits["memoryBytes"]:
            used = process_tree.proportional_bytes(processes)
        self.peak = max(self.peak, used)
        if used > self.limits["memoryBytes"]:
            return "memory"
        if now >= self.next_folder_check:
            for name in ("out", "scratch"):
                size, entries = folder_usage.usage(self.folders[name], self.limits["folderEntries"])
                if size > self.limits["folderBytes"] or entries > self.limits["folderEntries"]:
                    return "disk"
            # A big tree takes long to measure: spend at most a tenth of the time on it.
            self.next_folder_check = now + max(FOLDER_CHECK_SECONDS, 10 * (time.monotonic() - now))
        return None

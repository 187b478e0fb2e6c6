"""Watches the folders that one container may write to, and opens the run's scratch folder to the next steps afterwards.

Trusted, standard library only. Started by the daemon for each container; its argument is a JSON plan.
Prints `disk` once when too much lies there. When its input closes it repairs the folder and ends.
"""
import json
import os
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "process", "launcher"))

import folder_usage

CHECK_SECONDS = 0.5


def is_too_much(plan):
    for folder in (plan["out"], plan["scratch"]):
        size, entries = folder_usage.usage(folder, plan["folderEntries"])
        if size > plan["folderBytes"] or entries > plan["folderEntries"]:
            return True
    return False


def main():
    plan = json.loads(sys.argv[1])
    wait = CHECK_SECONDS
    told = False
    while not select.select([0], [], [], wait)[0]:
        started = time.monotonic()
        if not told and is_too_much(plan):
            told = True
            print("disk", flush=True)
        # A big tree takes long to measure: spend at most a tenth of the time on it.
        wait = max(CHECK_SECONDS, 10 * (time.monotonic() - started))
    if plan["uid"] is not None:
        folder_usage.open_to_next_steps(plan["scratch"], plan["uid"], plan["folderEntries"])


main()

"""Starts one card in a sandbox, watches it, and leaves no process behind.

Trusted, standard library only. Started by the runner daemon, as root or as an ordinary user:
descriptor 0 brings the plan (one JSON line) and then `stop` or the daemon's end; 1 and 2 are the card's
output; 3 the card's events; 4 takes this program's own reports as JSON lines.
Ignores what the card does; knows only processes, memory, folders and time.
"""
import json
import os
import select
import signal
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import confinement
import folder_usage
import kernel
import process_tree
from watch import Watch

TICK_SECONDS = 0.15
# How long the daemon may take to read what was written before the end.
RELAY_SECONDS = 30


def report(**fields):
    os.write(4, (json.dumps(fields) + "\n").encode())


def read_plan():
    """The plan, and whether the word to stop came along with it."""
    text = b""
    while b"\n" not in text:
        piece = os.read(0, 65536)
        if not piece:
            sys.exit(0)
        text += piece
    line, _, rest = text.partition(b"\n")
    return json.loads(line), rest != b""


def start(plan, folders, output, events):
    """Forks the card, writing to these pipes. Returns its pid, or raises with what the kernel refused."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.dup2(events, 3)
            confinement.become_card(plan, folders, write_end)
        except BaseException as error:
            os.write(write_end, str(error).encode()[:500])
        finally:
            os._exit(127)
    for fd in (write_end, output, events):
        os.close(fd)
    failure = os.read(read_end, 1000)
    os.close(read_end)
    if failure:
        os.waitpid(child, 0)
        raise OSError(failure.decode(errors="replace"))
    return child


def relay(source, target):
    """Copies until no process holds the pipe's other end.

    The daemon's ends are sockets of the host's network namespace, which a card must not hold.
    """
    def copy():
        try:
            while piece := os.read(source, 1 << 16):
                while piece:
                    piece = piece[os.write(target, piece):]
        except OSError:
            # The daemon is gone; so is the card, soon.
            pass

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    return thread


def supervise(plan, folders, child, stopped):
    """Waits for the card to end or for a reason to end it. Returns (cause, wait status or None, peak bytes)."""
    watch = Watch(plan["limits"], folders, time.monotonic(), lambda: process_tree.descendants(os.getpid()))
    pidfd = os.pidfd_open(child)
    poll = select.poll()
    poll.register(0, select.POLLIN | select.POLLHUP)
    poll.register(pidfd, select.POLLIN)
    cause, kill_at = ("stopped", watch.started) if stopped else ("finished", None)
    while True:
        now = time.monotonic()
        if kill_at is None:
            found = watch.verdict(now)
            if found in ("memory", "disk"):
                return found, None, watch.peak
            if found == "timeout":
                cause, kill_at = found, now + plan["graceSeconds"]
                terminate(plan)
        elif now >= kill_at:
            return cause, None, watch.peak
        wait = TICK_SECONDS if kill_at is None else max(0.0, min(TICK_SECONDS, kill_at - now))
        ready = dict(poll.poll(wait * 1000 + 1))
        # Orphans of the card come to this process as their reaper and count against its limit until collected.
        for pid, status in process_tree.reap()[0]:
            if pid == child:
                return cause, status, watch.peak
        if 0 in ready:
            word = os.read(0, 100)
            if not word:
                return "abandoned", None, watch.peak
            if kill_at is None:
                cause, kill_at = "stopped", time.monotonic() + plan["graceSeconds"]
                terminate(plan)


def terminate(plan):
    processes = process_tree.descendants(os.getpid())
    if plan["level"] == "L2":
        # Bubblewrap's own processes hold the sandbox up; they go when the card has had its chance.
        processes = [pid for pid in processes if not process_tree.is_namespace_init(pid)]
    process_tree.send(processes, signal.SIGTERM)


def main():
    plan, stopped = read_plan()
    os.umask(0o022)
    for fd in range(5):
        os.set_inheritable(fd, False)
    started = time.monotonic()
    try:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1, "become the reaper of the sandbox")
        folders = confinement.stage_mounts(plan) if plan["stage"] is not None else plan["folders"]
        (output, output_end), (events, events_end) = os.pipe(), os.pipe()
        if plan["uid"] is not None:
            # So that the card can open /dev/stdout.
            os.fchown(output_end, plan["uid"], plan["uid"])
        child = start(plan, folders, output_end, events_end)
    except OSError as error:
        report(event="refused", reason=str(error))
        return
    report(event="started", pid=child)
    relays = [relay(output, 1), relay(events, 3)]
    cause, status, peak = supervise(plan, folders, child, stopped)
    ended, survivors = process_tree.end_all(plan["uid"])
    for pid, reaped in ended:
        if pid == child and status is None and cause == "finished":
            status = reaped
    for thread in relays:
        thread.join(RELAY_SECONDS)
    if plan["uid"] is not None:
        folder_usage.open_to_next_steps(folders["scratch"], plan["uid"], plan["limits"]["folderEntries"])
    code = os.waitstatus_to_exitcode(status) if status is not None else None
    try:
        report(event="ended", cause=cause, code=code, peakBytes=peak, survivors=survivors, seconds=time.monotonic() - started)
    except OSError:
        pass


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
# The daemon decides when to stop; a terminal's ^C must not end the supervisor first.
signal.signal(signal.SIGINT, signal.SIG_IGN)
main()

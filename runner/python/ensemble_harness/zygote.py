"""A process that has imported what cards import, and forks a child for each card.

It runs as the first process of a sandbox: nothing in there can kill, stop or trace it, and it holds no right that
a card has not. Outside, the runner's launcher makes the folders of a card appear in the sandbox, sets the limits of the
waiting child, and takes the other ends of its pipes. This process sees no job, no data and no secret, and has one thread.

`python -m ensemble_harness.zygote <descriptor of commands> <descriptor of replies> <module …>`
One line each way: `spare` → `pipes <output> <events> <job>`, `fork` → `forked`; when the child and everything that it
started are gone: `ended <wait status> <peak bytes>`. The end of the commands ends it.
"""

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import random
import runpy
import signal
import sys

from ensemble_harness import __main__ as harness
from ensemble_harness import process, rehearsal

_PR_SET_DUMPABLE = 4
_MADV_COLLAPSE = 25
_HUGE_PAGE = 2 << 20
# Covered by another mount while a card runs.
_REHEARSAL = "/dev/shm/rehearsal"


def preload(modules: list[str]) -> None:
    """Imports what is there. What is not installed, or fails to import, is left to the card."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def serve(commands: int, replies: int) -> None:
    """Returns in the child, with everything of a fresh process ready, and never in the zygote itself."""
    # It ends everything that it may signal: nothing but its sandbox, when it is the first process of a pid namespace.
    if os.getpid() != 1:
        return _refuse(replies, "it is not the first process of its sandbox")
    # Signals without a handler do not reach the first process of a pid namespace from inside.
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN):
            signal.signal(number, signal.SIG_DFL)
    # Else a child could read its memory and its descriptors through /proc.
    _set_dumpable(False)
    rehearsal.prepare(_REHEARSAL)
    # Here too: what the first job imports and keeps is then there for all of them.
    rehearsal.rehearse(_REHEARSAL)
    gc.collect()
    gc.freeze()
    _use_huge_pages()
    # Libraries of linear algebra end their threads when a process forks, and start them again in the child that needs them.
    if (first := os.fork()) == 0:
        os._exit(0)
    os.waitpid(first, 0)
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        return _refuse(replies, f"the packages of the environment started {threads - 1} threads while they were imported")
    _say(replies, "ready")
    lines = _lines(commands)
    while next(lines, None) == "spare":
        output, events, job = os.pipe(), os.pipe(), os.pipe()
        _say(replies, f"pipes {output[0]} {events[0]} {job[1]}")
        if next(lines, None) != "fork":
            break
        for descriptor in (output[0], events[0], job[1]):
            os.close(descriptor)
        waits, prepared = os.pipe()
        child = os.fork()
        if child == 0:
            for descriptor in (commands, replies, waits):
                os.close(descriptor)
            rehearsal.rehearse(_REHEARSAL)
            os.close(prepared)
            return _become_card(output[1], events[1], job[0])
        for descriptor in (output[1], events[1], job[0], prepared):
            os.close(descriptor)
        # Its end: the child has closed it, or is gone.
        os.read(waits, 1)
        os.close(waits)
        _say(replies, "forked")
        _say(replies, f"ended {_end_of(child)}")
    os._exit(0)


def _end_of(child: int) -> str:
    """Waits for the child, collecting orphans on the way, then ends everything that it left behind. Wait status and peak memory."""
    while True:
        ended, status, used = os.wait4(-1, 0)
        if ended == child:
            break
    with contextlib.suppress(ChildProcessError):
        while True:
            with contextlib.suppress(ProcessLookupError):
                # The kernel picks all processes of the namespace but the first at once: nothing forks away.
                os.kill(-1, signal.SIGKILL)
            os.waitpid(-1, 0)
    return f"{status} {used.ru_maxrss * 1024}"


def _become_card(output: int, events: int, job: int) -> None:
    """Waits for the job, then makes this process what a fresh Python would be."""
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    # The number 3 may be taken by any of them.
    job, events = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, 10) for descriptor in (job, events))
    os.dup2(events, 3)
    text = b""
    while piece := os.read(job, 1 << 16):
        text += piece
    if not text:
        os._exit(0)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    request = json.loads(text)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    os.umask(0)
    _set_dumpable(True)
    _reseed()
    _run(request["args"])


def _reseed() -> None:
    """Generators that the operating system seeds in a fresh process."""
    random.seed()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()


def _run(args: list[str]) -> None:
    """As `python <args>` would: a module, a text, or a file."""
    if args[:2] == ["-m", harness.__package__]:
        # Imported already.
        sys.argv = [str(harness.__file__), *args[2:]]
        sys.modules["__main__"] = harness
        harness.main()
    elif args[0] == "-m":
        sys.argv = args[1:]
        runpy.run_module(args[1], run_name="__main__", alter_sys=True)
    elif args[0] == "-c":
        sys.argv = ["-c", *args[2:]]
        exec(compile(args[1], "<string>", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})
    else:
        sys.argv = args
        runpy.run_path(args[0], run_name="__main__")


def _set_dumpable(dumpable: bool) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE)")


def _use_huge_pages() -> None:
    """Copying the page tables for a child, and taking them down at its end, is then a third quicker. Linux before 6.1 lacks it."""
    library = ctypes.CDLL(None)
    with contextlib.suppress(OSError), open("/proc/self/maps", encoding="ascii") as file:
        for line in file.readlines():
            span, mode, *_, inode = line.split()[:5]
            start, end = (int(address, 16) for address in span.split("-"))
            start, end = -(-start // _HUGE_PAGE) * _HUGE_PAGE, end // _HUGE_PAGE * _HUGE_PAGE
            if mode.startswith("rw") and inode == "0" and start < end:
                # What cannot be collapsed stays as it is.
                library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE)


def _lines(descriptor: int):  # type: ignore[no-untyped-def]
    """Lines as they come; read by the byte, so that none of the next is taken along into a child."""
    line = b""
    while piece := os.read(descriptor, 1):
        if piece == b"\n":
            yield line.decode()
            line = b""
        else:
            line += piece


def _say(replies: int, text: str) -> None:
    os.write(replies, f"{text}\n".encode())


def _refuse(replies: int, reason: str) -> None:
    _say(replies, f"refused {reason}")
    os._exit(1)


def main() -> None:
    preload(sys.argv[3:])
    serve(int(sys.argv[1]), int(sys.argv[2]))


if __name__ == "__main__":
    main()

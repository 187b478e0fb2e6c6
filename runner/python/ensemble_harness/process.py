"""What the process around a card is like: its streams, its environment, and an end that no leftover thread can delay."""

import atexit
import contextlib
import faulthandler
import io
import os
import signal
import sys
import threading

EXIT_HANDLERS_SECONDS = 2.0


def prepare(out: str) -> None:
    """Before anything of the card is imported. `out` is the only folder that is surely writable."""
    sys.dont_write_bytecode = True
    # `python -m` puts the working directory first, which may be a scratch folder full of an earlier card's files.
    if not sys.flags.safe_path and sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if here not in sys.path:
        sys.path.insert(0, here)
    os.environ["MPLBACKEND"] = "Agg"
    os.environ.setdefault("MPLCONFIGDIR", os.path.join(out, ".cache", "matplotlib"))
    # Else fontconfig, which matplotlib asks for fonts, complains into every log.
    os.environ.setdefault("XDG_CACHE_HOME", os.path.join(out, ".cache"))
    os.umask(0o022)
    # A crash in native code then leaves the card's line in the log.
    if sys.stderr is not None:
        faulthandler.enable(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def leave(code: int) -> None:
    """Ends the process now. Threads that the card left running are not waited for; exit handlers get two seconds.

    Worker processes that outlive their pool's exit handlers are killed: they hold the log open and wait for work for minutes.
    """
    handlers = threading.Thread(target=_run_exit_handlers, daemon=True)
    handlers.start()
    handlers.join(EXIT_HANDLERS_SECONDS)
    for child in _children():
        with contextlib.suppress(OSError):
            os.kill(child, signal.SIGKILL)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # The card may have closed or replaced it; there is nobody left to tell.
            continue
    os._exit(code)


def _run_exit_handlers() -> None:
    # What the interpreter would do at its end. Pools of processes and threads stop their workers in the first kind.
    for handler in reversed(getattr(threading, "_threading_atexits", [])):
        with contextlib.suppress(Exception):
            handler()
    atexit._run_exitfuncs()


def _children() -> list[int]:
    """Process ids of the children of all our threads; none where the system does not tell."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    return found

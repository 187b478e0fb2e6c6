"""Recognises a failure that comes from the network being off, so that the error can say how to ask for it."""

import errno
import socket
import sys

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
_CLIENTS = {"requests", "urllib3", "httpx", "httpcore", "aiohttp", "botocore"}

HINT = (
    'network is off for this card; ask for it with resources = {"network": ["the.host"]}, which a maintainer of the project grants, '
    "or put the file into the project and read it through a config field of type file"
)


def is_network_off(error: BaseException) -> bool:
    """True when the error, or one behind it, is a failed connection and this process has no network to connect with."""
    return any(_is_connection_failure(behind) for behind in _chain(error)) and not _has_network()


def _chain(error: BaseException | None) -> list[BaseException]:
    seen: list[BaseException] = []
    while error is not None and all(error is not earlier for earlier in seen):
        seen.append(error)
        reason = getattr(error, "reason", None)
        error = error.__cause__ or error.__context__ or (reason if isinstance(reason, BaseException) else None)
    return seen


def _is_connection_failure(error: BaseException) -> bool:
    if isinstance(error, (socket.gaierror, ConnectionRefusedError)):
        return True
    if type(error).__module__.partition(".")[0] in _CLIENTS and ("Connect" in type(error).__name__ or "Resolution" in type(error).__name__):
        return True
    if not isinstance(error, OSError):
        return False
    # A jail without socket() answers "not permitted", which alone says nothing: it must come out of socket.py.
    refused = error.errno in (errno.EPERM, errno.EACCES) and "/socket.py" in _files(error)
    return (refused or error.errno in _UNREACHABLE) and "/multiprocessing/" not in _files(error)


def _files(error: BaseException) -> str:
    files, frame = [], error.__traceback__
    while frame is not None:
        files.append(frame.tb_frame.f_code.co_filename)
        frame = frame.tb_next
    return "\n".join(files)


def _has_network() -> bool:
    """Whether a socket can be made and there is an interface besides loopback."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        with open("/proc/net/dev", encoding="ascii") as file:
            names = [line.partition(":")[0].strip() for line in file if ":" in line]
    except OSError:
        return False
    return any(name != "lo" for name in names)

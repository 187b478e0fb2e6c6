"""Finds, measures and ends the processes below one process. Knows nothing of sandboxes."""
import os
import signal
import time

_PAGE = os.sysconf("SC_PAGE_SIZE")


def _children_by_parent():
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as stat:
                    parent = int(stat.read().rpartition(b")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            found.setdefault(parent, []).append(int(name))
    return found


def descendants(root):
    """Pids of all processes below `root`, parents before children."""
    children = _children_by_parent()
    found = list(children.get(root, ()))
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def children(pid):
    """Pids of the direct children of a process that has one thread; reads one file where `descendants` reads one a process."""
    with open(f"/proc/{pid}/task/{pid}/children", "rb") as listed:
        return [int(child) for child in listed.read().split()]


def below(root):
    """As `descendants`, cheap while `root` has none."""
    return descendants(root) if children(root) else []


def data_bytes(pid):
    """What counts against the process's limit of data."""
    with open(f"/proc/{pid}/status", "rb") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmData:"))


def resident_bytes(pids):
    """Memory in use by the processes together; pages they share count once where the kernel tells."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/statm", "rb") as statm:
                total += int(statm.read().split()[1]) * _PAGE
        except (OSError, IndexError, ValueError):
            pass
    return total


def proportional_bytes(pids):
    """As `resident_bytes`, shared pages divided by their sharers; slower."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", "rb") as rollup:
                total += next(int(line.split()[1]) * 1024 for line in rollup if line.startswith(b"Pss:"))
        except (OSError, StopIteration, ValueError):
            total += resident_bytes([pid])
    return total


def is_namespace_init(pid):
    """True for a process that is not inside a pid namespace of its own, or is its first process."""
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            for line in status:
                if line.startswith(b"NSpid:"):
                    inside = line.split()[1:]
                    return len(inside) < 2 or inside[-1] == b"1"
    except OSError:
        pass
    return True


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass


def kill_user(uid):
    """Ends every process of a uid at once: as that uid, so that the kernel picks them and nothing forks away."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        pass


def reap():
    """Collects ended children. Returns (pid, wait status) pairs and whether children are left."""
    ended = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended, False
        if pid == 0:
            return ended, True
        ended.append((pid, status))


def end_all(uid, seconds=10.0):
    """Kills everything below this process (and everything of `uid`). Returns what it reaped and how many survived."""
    deadline = time.monotonic() + seconds
    ended = []
    while True:
        send(descendants(os.getpid()), signal.SIGKILL)
        if uid is not None:
            kill_user(uid)
        more, left = reap()
        ended += more
        if not left:
            return ended, 0
        if time.monotonic() > deadline:
            return ended, len(descendants(os.getpid()))
        time.sleep(0.002)

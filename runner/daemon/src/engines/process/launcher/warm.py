"""Keeps one sandbox with a zygote in it and runs one card after the other in children of the zygote.

Trusted, standard library only; started by the runner daemon as root. Descriptor 0 brings the plan (one JSON line),
then one line for each `{"run": …}` or `{"stop": id}`, or the daemon's end; 1 takes frames: a letter (`o` output, `e` events,
`r` a report in JSON), four bytes of length, and that many bytes.

WARM-1 one card at a time: the next child is forked only when the zygote says that no process is left and the kernel agrees.
WARM-2 the folders of a card are in the sandbox only while it runs; shared memory is new for each.
WARM-3 limits are set on the waiting child from here, and its output comes here without passing the zygote.
WARM-4 whatever is odd ends the whole sandbox: the daemon starts another one.
"""
import json
import os
import resource
import select
import signal
import stat
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import confinement
import folder_usage
import kernel
import process_tree
from sandbox_mounts import SandboxMounts
from watch import Watch

TICK_SECONDS = 0.15
READY_SECONDS = 60
RELAY_SECONDS = 30
PATIENCE_SECONDS = 5
# How long the zygote may take to end everything of a card that was killed, before the sandbox is ended instead.
KILL_SECONDS = 15
LAST_WORDS = 2000
# Of the zygote alone: it holds imports and no data.
ZYGOTE_BYTES = 1 << 30

frames = threading.Lock()


class Odd(Exception):
    """The zygote cannot be used any more."""


class Gone(Exception):
    """The daemon is."""


def frame(kind, content):
    data = kind + len(content).to_bytes(4, "big") + content
    with frames:
        while data:
            data = data[os.write(1, data):]


def report(**fields):
    frame(b"r", json.dumps(fields).encode())


class Lines:
    """Lines from a descriptor, without waiting for more than is asked for."""

    def __init__(self, descriptor):
        self.descriptor, self._rest, self.ended = descriptor, b"", False

    def take(self):
        """Reads once; a list of whole lines, empty when there is none yet. `ended` tells the end."""
        piece = os.read(self.descriptor, 1 << 16)
        self.ended = piece == b""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return lines


def relay(source, kind):
    def copy():
        try:
            while piece := os.read(source, 1 << 16):
                frame(kind, piece)
        except OSError:
            # The daemon is gone; so is the card, soon.
            pass
        finally:
            os.close(source)

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    return thread


class Zygote:
    """The process in the sandbox, with its waiting child. Every method raises Odd when something is not as it should be."""

    def __init__(self, plan, folders, daemon):
        self.daemon, self.words = daemon, b""
        failure, failure_end = os.pipe()
        info, info_end = os.pipe()
        commands_end, self.commands = os.pipe()
        replies, replies_end = os.pipe()
        words, words_end = os.pipe()
        plan["command"] = [*plan["command"], str(commands_end), str(replies_end), *plan["modules"]]
        self.bubblewrap = os.fork()
        if self.bubblewrap == 0:
            try:
                os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
                os.dup2(words_end, 1)
                os.dup2(words_end, 2)
                for fd in (info_end, commands_end, replies_end):
                    os.set_inheritable(fd, True)
                confinement.become_zygote(plan, folders, failure_end, info_end, (commands_end, replies_end))
            except BaseException as error:
                os.write(failure_end, str(error).encode()[:500])
            finally:
                os._exit(127)
        for fd in (failure_end, info_end, commands_end, replies_end, words_end):
            os.close(fd)
        refused = os.read(failure, 1000)
        os.close(failure)
        if refused:
            raise Odd(refused.decode(errors="replace"))
        self.replies, self.pending = Lines(replies), []
        listening = threading.Thread(target=self._listen, args=(words,), daemon=True)
        listening.start()
        about = b""
        while piece := os.read(info, 1000):
            about += piece
        os.close(info)
        try:
            self.pid = json.loads(about)["child-pid"]
        except (ValueError, KeyError):
            listening.join(1)
            raise Odd(f"bubblewrap did not start: {self.words.decode(errors='replace')}") from None
        self.pidfd = os.pidfd_open(self.pid)
        self._expect(b"ready", READY_SECONDS)

    def _listen(self, words):
        while piece := os.read(words, 4096):
            self.words = (self.words + piece)[-LAST_WORDS:]

    def next_child(self):
        """Has the next child forked. Its pipes belong to the sandbox; their other ends are taken from there."""
        os.write(self.commands, b"spare\n")
        numbers = self._expect(b"pipes").split()
        if len(numbers) != 3:
            raise Odd("the zygote has no pipes")
        output, events, job = taken = [kernel.take_descriptor(self.pidfd, int(number)) for number in numbers]
        if not all(stat.S_ISFIFO(os.fstat(fd).st_mode) for fd in taken):
            raise Odd("what the zygote calls pipes are none")
        # A job fits into an empty pipe: nobody waits here for a reader.
        os.set_blocking(job, False)
        os.write(self.commands, b"fork\n")
        self._expect(b"forked")
        born = process_tree.children(self.pid)
        if len(born) != 1:
            raise Odd(f"the zygote has {len(born)} children")
        return Child(born[0], output, events, job)

    def check_size(self):
        if process_tree.resident_bytes([self.pid]) > ZYGOTE_BYTES:
            raise Odd("the zygote grows")

    def take_replies(self):
        lines = self.replies.take()
        if self.replies.ended:
            raise Odd(f"the zygote ended {self.words.decode(errors='replace')}".strip())
        self.pending += lines

    def _expect(self, word, seconds=PATIENCE_SECONDS):
        deadline = time.monotonic() + seconds
        poll = select.poll()
        for fd in (self.daemon.descriptor, self.replies.descriptor):
            poll.register(fd, select.POLLIN)
        while not self.pending:
            ready = dict(poll.poll(max(0.0, deadline - time.monotonic()) * 1000 + 1))
            if self.daemon.descriptor in ready:
                self.daemon.read()
            if self.replies.descriptor in ready:
                self.take_replies()
            if not self.pending and time.monotonic() > deadline:
                raise Odd(f"the zygote does not say {word.decode()}")
        said, _, rest = self.pending.pop(0).partition(b" ")
        if said != word:
            raise Odd(f"the zygote says {said.decode(errors='replace')} {rest.decode(errors='replace')}")
        return rest


class Child:
    def __init__(self, pid, output, events, job):
        self.pid, self.output, self.events, self.job = pid, output, events, job
        self.pidfd = os.pidfd_open(pid)

    def begin(self, request):
        text = json.dumps(request).encode()
        while text:
            text = text[os.write(self.job, text):]
        os.close(self.job)

    def kill(self):
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except OSError:
            pass


class Limits:
    """Sets the limits of one waiting child as its user: root of a container may lack the right to. Gone before the card begins."""

    def __init__(self, child, uid):
        orders, self._orders = os.pipe()
        self._helper = os.fork()
        if self._helper == 0:
            try:
                os.close(self._orders)
                os.setgroups([])
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
                data, cpu = map(int, os.read(orders, 100).split())
                for which, value in ((resource.RLIMIT_DATA, data), (resource.RLIMIT_CPU, cpu)):
                    resource.prlimit(child.pid, which, (value, value))
                os._exit(0)
            finally:
                os._exit(1)
        os.close(orders)

    def set(self, limits, room):
        """`room`: what the imports of the zygote have taken already. Raises OSError."""
        os.write(self._orders, f"{limits['memoryBytes'] + room} {limits['cpuSeconds']}".encode())
        os.close(self._orders)
        if os.waitpid(self._helper, 0)[1] != 0:
            raise OSError("the limits of the waiting child could not be set")


class Daemon:
    """What the daemon asks for: one attempt at a time, and perhaps its end."""

    def __init__(self):
        self._lines = Lines(0)
        self.descriptor, self.asked, self.stopped = 0, [], set()

    def read(self):
        for line in self._lines.take():
            message = json.loads(line)
            if "stop" in message:
                self.stopped.add(message["stop"])
            else:
                self.asked.append(message.get("run", message))
        if self._lines.ended:
            raise Gone

    def wait(self, zygote):
        """The next message. Watches the zygote meanwhile."""
        poll = select.poll()
        poll.register(0, select.POLLIN)
        if zygote is not None:
            poll.register(zygote.replies.descriptor, select.POLLIN)
        while not self.asked:
            ready = dict(poll.poll(1000))
            if zygote is not None:
                zygote.check_size()
            if 0 in ready:
                self.read()
            if zygote is not None and zygote.replies.descriptor in ready:
                zygote.take_replies()
                raise Odd("its waiting child ended")
        return self.asked.pop(0)


def supervise(plan, zygote, child, daemon, run):
    """Waits until nothing of the card is left, ending it when there is a reason to. Returns (cause, wait status, peak bytes); Odd when something stays."""
    attempt = lambda: process_tree.below(zygote.pid)
    started = time.monotonic()
    watch = Watch(run["limits"], run["folders"], started, attempt)
    poll = select.poll()
    for fd in (0, zygote.replies.descriptor):
        poll.register(fd, select.POLLIN)
    cause, kill_at, give_up_at, next_look = "finished", None, None, started + TICK_SECONDS
    while True:
        now = time.monotonic()
        if kill_at is None:
            if run["id"] in daemon.stopped:
                cause, kill_at = "stopped", now + plan["graceSeconds"]
                process_tree.send(attempt(), signal.SIGTERM)
            elif now >= next_look:
                zygote.check_size()
                found = watch.verdict(now)
                next_look = time.monotonic() + TICK_SECONDS
                if found is not None:
                    cause, kill_at = found, now + (plan["graceSeconds"] if found == "timeout" else 0)
                    if found == "timeout":
                        process_tree.send(attempt(), signal.SIGTERM)
        elif now >= kill_at:
            give_up_at = give_up_at or now + KILL_SECONDS
            child.kill()
            if now > give_up_at:
                raise Odd(cause)
        wake_at = kill_at if kill_at is not None and now < kill_at else now + TICK_SECONDS
        ready = dict(poll.poll(max(0.0, min(TICK_SECONDS, wake_at - now)) * 1000 + 1))
        if zygote.replies.descriptor in ready:
            zygote.take_replies()
            status, peak = map(int, zygote._expect(b"ended").split())
            return cause, status if cause == "finished" else None, max(watch.peak, peak)
        if 0 in ready:
            daemon.read()


def run_card(plan, zygote, mounts, child, allowed, daemon, run):
    """True when the zygote can serve the next one."""
    limits, folders = run["limits"], run["folders"]
    started = time.monotonic()
    mounts.put_in(folders)
    allowed.set(limits, process_tree.data_bytes(zygote.pid))
    # From here on it may have had effects.
    report(event="begun")
    child.begin({"args": run["args"], "environment": run["environment"], "folder": plan["inside"]["scratch"]})
    relays = [relay(child.output, b"o"), relay(child.events, b"e")]
    status, peak = None, 0
    try:
        cause, status, peak = supervise(plan, zygote, child, daemon, run)
        usable = process_tree.children(zygote.pid) == []
    except (Odd, OSError, ValueError) as error:
        cause, usable = str(error) if str(error) in ("stopped", "timeout", "memory", "disk") else "lost", False
    survivors = 0
    if not usable:
        _, survivors = process_tree.end_all(plan["uid"])
    for thread in relays:
        thread.join(RELAY_SECONDS)
    # Whoever still holds the card's output would write into that of the next one.
    if usable and any(thread.is_alive() for thread in relays):
        usable, (_, survivors) = False, process_tree.end_all(plan["uid"])
    os.close(child.pidfd)
    daemon.stopped.discard(run["id"])
    folder_usage.open_to_next_steps(folders["scratch"], plan["uid"], limits["folderEntries"])
    code = os.waitstatus_to_exitcode(status) if status is not None else None
    report(event="ended", id=run["id"], cause=cause, code=code, peakBytes=peak, survivors=survivors, seconds=time.monotonic() - started, usable=usable)
    return usable


def serve(daemon):
    plan = daemon.wait(None)
    os.umask(0o022)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1, "become the reaper of the sandbox")
    folders = confinement.stage_mounts(plan)
    try:
        zygote = Zygote(plan, folders, daemon)
        mounts = SandboxMounts(zygote.pid, plan["inside"], plan["limits"]["sharedMemoryBytes"])
        usable = True
        while usable:
            child = zygote.next_child()
            allowed = Limits(child, plan["uid"])
            report(event="ready")
            run = daemon.wait(zygote)
            usable = run_card(plan, zygote, mounts, child, allowed, daemon, run)
            if usable:
                mounts.take_out()
    except (Odd, OSError, ValueError) as error:
        report(event="refused", reason=str(error))
    finally:
        process_tree.end_all(plan["uid"])


# The daemon decides when to stop; a terminal's ^C must not end the supervisor first.
signal.signal(signal.SIGINT, signal.SIG_IGN)
try:
    serve(Daemon())
except (Gone, BrokenPipeError):
    pass

"""Puts the folders of one card after the other into a sandbox that runs, from outside.

Nothing inside has the right to mount. A helper process joins the sandbox's mount namespace (and none of its
others, so that nobody in there sees it) and does two things when told: put the folders in, take them out.
The places it mounts on lie in a root that is read-only inside, so their paths cannot be bent.
Needs root, Linux 5.12 or newer.
"""
import array
import os
import signal
import socket

import kernel

_SHARED_MEMORY = "/dev/shm"


class SandboxMounts:
    def __init__(self, pid, inside, shared_memory_bytes):
        """`pid`: the first process of the sandbox. `inside`: the places of job and scratch."""
        self._inside, self._size = inside, shared_memory_bytes
        namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        self._channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            try:
                self._channel.close()
                kernel.prctl(kernel.PR_SET_PDEATHSIG, 9, "set the parent-death signal")
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                kernel.enter_mounts(namespace)
                os.chdir("/")
                self._serve(other)
            finally:
                os._exit(0)
        other.close()
        os.close(namespace)
        self._answer()

    def put_in(self, folders):
        """The card's job (read-only), its out folder and its run's scratch folder; shared memory starts empty. Raises OSError."""
        flags = kernel.MOUNT_NOSUID | kernel.MOUNT_NODEV
        mounts = []
        try:
            for name in ("job", "out", "scratch"):
                mounts.append(kernel.detached_mount(folders[name], flags | (kernel.MOUNT_RDONLY if name == "job" else 0)))
            self._channel.sendmsg([b"in"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", mounts))])
            self._answer()
        finally:
            for fd in mounts:
                os.close(fd)

    def take_out(self):
        self._channel.send(b"out")
        self._answer()

    def _answer(self):
        answer = self._channel.recv(1000)
        if answer != b"done":
            raise OSError(answer.decode(errors="replace") or "the mount helper is gone")

    def _serve(self, channel):
        answer = b"done"
        filled = False
        while True:
            channel.send(answer)
            message, rights, _, _ = channel.recvmsg(100, socket.CMSG_SPACE(3 * 4))
            if not message:
                return
            try:
                if filled:
                    filled = False
                    for place in (self._inside["job"], self._inside["scratch"]):
                        kernel.unmount(place)
                    kernel.unmount(_SHARED_MEMORY)
                if message == b"in":
                    self._fill(array.array("i", rights[0][2]))
                    filled = True
                answer = b"done"
            except OSError as error:
                answer = str(error).encode()[:500]

    def _fill(self, mounts):
        try:
            job, out, scratch = mounts
            kernel.mount("ensemble", _SHARED_MEMORY, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, f"mode=1777,size={self._size}")
            kernel.attach_mount(job, self._inside["job"])
            kernel.attach_mount(out, f"{self._inside['job']}/out")
            kernel.attach_mount(scratch, self._inside["scratch"])
        finally:
            for fd in mounts:
                os.close(fd)

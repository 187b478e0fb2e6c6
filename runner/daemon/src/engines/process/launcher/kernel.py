"""Thin calls into the kernel that Python 3.11 has no name for. Raises OSError with the call's name."""
import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWNS = 0x20000
MOUNT_RDONLY, MOUNT_NOSUID, MOUNT_NODEV = 1, 2, 4
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18

_SECCOMP_SET_FILTER = 2
_PR_SET_SECCOMP = 22
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
# The same numbers on every processor.
_OPEN_TREE, _MOVE_MOUNT, _PIDFD_GETFD, _MOUNT_SETATTR = 428, 429, 438, 442
_OPEN_TREE_CLONE, _AT_FDCWD, _AT_EMPTY_PATH, _MOVE_MOUNT_F_EMPTY_PATH, _MNT_DETACH = 1, -100, 0x1000, 4, 2


def _checked(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option, value, what):
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), what)


def unshare(flags, what):
    _checked(_libc.unshare(flags), what)


def mount(source, target, kind, flags, data=None):
    encode = lambda text: None if text is None else os.fsencode(text)
    _checked(_libc.mount(encode(source), encode(target), encode(kind), ctypes.c_ulong(flags), encode(data)), f"mount on {target}")


def detached_mount(path, attributes):
    """A descriptor of a mount of the folder that is in nobody's mount table yet."""
    fd = _checked(_libc.syscall(_OPEN_TREE, _AT_FDCWD, os.fsencode(path), _OPEN_TREE_CLONE | os.O_CLOEXEC), f"clone the mount of {path}")
    try:
        described = b"".join(word.to_bytes(8, "little") for word in (attributes, 0, 0, 0))
        _checked(_libc.syscall(_MOUNT_SETATTR, fd, b"", _AT_EMPTY_PATH, described, ctypes.c_size_t(len(described))), "set the attributes of a mount")
    except OSError:
        os.close(fd)
        raise
    return fd


def attach_mount(fd, target):
    _checked(_libc.syscall(_MOVE_MOUNT, fd, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH), f"attach a mount at {target}")


def unmount(target):
    _checked(_libc.umount2(os.fsencode(target), _MNT_DETACH), f"unmount {target}")


def enter_mounts(fd):
    """Joins the mount namespace that the descriptor stands for."""
    _checked(_libc.setns(fd, CLONE_NEWNS), "enter the mounts of the sandbox")


def take_descriptor(pidfd, number):
    """A copy of another process's descriptor, which closes on exec."""
    return _checked(_libc.syscall(_PIDFD_GETFD, pidfd, number, 0), "take a descriptor of the zygote")


def load_seccomp(program):
    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

    buffer = ctypes.create_string_buffer(program, len(program))
    described = Filter(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _checked(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_SET_FILTER, ctypes.byref(described), 0, 0), "load the seccomp program")


class Landlock:
    """A ruleset that allows nothing until told, in the newest form the kernel knows. `network` leaves connections alone."""

    EXECUTE, WRITE, READ, READ_DIR = 1, 2, 4, 8
    MAKE_DEVICES = (1 << 6) | (1 << 11)
    MAKE_FIFO_SOCKET = (1 << 9) | (1 << 10)
    TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15

    def __init__(self, network=False):
        self.abi = _checked(_libc.syscall(_LANDLOCK_CREATE, None, 0, 1), "ask for Landlock")
        if self.abi < 3:
            raise OSError(38, f"Landlock ABI {self.abi} is too old, 3 (Linux 6.2) is needed")
        self.all = (1 << 15) - 1 | (self.IOCTL_DEV if self.abi >= 5 else 0)
        words = [self.all, 3 if self.abi >= 4 and not network else 0, 3 if self.abi >= 6 else 0]
        attributes = b"".join(word.to_bytes(8, "little") for word in words)[: 24 if self.abi >= 6 else 16 if self.abi >= 4 else 8]
        self._fd = _checked(_libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0), "create a Landlock ruleset")

    def allow(self, path, access, needed=False):
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            if needed:
                raise
            return
        try:
            if not os.path.isdir(path):
                access &= self.EXECUTE | self.WRITE | self.READ | self.TRUNCATE | (self.all & self.IOCTL_DEV)
            rule = (access & self.all).to_bytes(8, "little") + fd.to_bytes(4, "little")
            _checked(_libc.syscall(_LANDLOCK_ADD, self._fd, 1, rule, 0), f"allow {path}")
        finally:
            os.close(fd)

    def enforce(self):
        _checked(_libc.syscall(_LANDLOCK_RESTRICT, self._fd, 0), "enforce Landlock")
        os.close(self._fd)

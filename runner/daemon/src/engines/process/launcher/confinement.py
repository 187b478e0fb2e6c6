"""Confines the calling process, level by level, and becomes the card's program. Runs in the forked child; never returns."""
import base64
import os
import resource

import kernel

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ssl/certs", "/etc/alternatives", "/etc/localtime", "/etc/fonts")


def stage_mounts(plan):
    """Gives this process a mount table of its own with the sandbox's folders at a place everybody may enter.

    Only for root: folders below a private (0700) parent are opened before the uid is dropped.
    """
    kernel.unshare(kernel.CLONE_NEWNS, "make a private mount table")
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    stage = plan["stage"]
    opened = {name: os.open(source, os.O_PATH) for name, source in plan["folders"].items()}
    kernel.mount("ensemble", stage, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=64k")
    os.chmod(stage, 0o755)
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_NOSUID | kernel.MS_NODEV
    for name, fd in opened.items():
        target = f"{stage}/{name}"
        os.mkdir(target)
        kernel.mount(f"/proc/self/fd/{fd}", target, None, kernel.MS_BIND)
        kernel.mount(None, target, None, flags | (0 if name in ("out", "scratch") else kernel.MS_RDONLY))
        os.close(fd)
    if "job" not in opened:
        return {name: f"{stage}/{name}" for name in opened}
    out = f"{stage}/job/out"
    kernel.mount(f"{stage}/out", out, None, kernel.MS_BIND)
    kernel.mount(None, out, None, flags)
    if plan["level"] == "L3":
        kernel.mount(f"{stage}/scratch", "/tmp", None, kernel.MS_BIND)
        kernel.mount("ensemble", "/dev/shm", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, f"mode=1777,size={plan['limits']['sharedMemoryBytes']}")
    return {name: f"{stage}/{name}" for name in opened}


def _processes_of(uid):
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}").st_uid == uid:
                    count += len(os.listdir(f"/proc/{name}/task"))
            except OSError:
                pass
    return count


def _limit(which, value):
    hard = resource.getrlimit(which)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def _set_limits(limits, own_uid):
    # Without a uid of its own the card shares its count of processes with everything else of that user.
    others = 0 if own_uid else _processes_of(os.getuid())
    _limit(resource.RLIMIT_NPROC, limits["processes"] + others)
    _limit(resource.RLIMIT_NOFILE, limits["openFiles"])
    _limit(resource.RLIMIT_FSIZE, limits["fileBytes"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits["cpuSeconds"])
    _limit(resource.RLIMIT_DATA, limits["memoryBytes"])
    _limit(resource.RLIMIT_STACK, 8 << 20)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("800")


def _drop_user(plan):
    uid = plan["uid"]
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    # After the uid: changing credentials clears it.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9, "set the parent-death signal")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1, "give up new privileges")


def _close_all_but(kept):
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass


def _file_in_memory(name, content):
    """A descriptor that bubblewrap inherits and reads."""
    fd = os.memfd_create(name, 0)
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def bubblewrap_options(plan, folders, seccomp_fd):
    """Without a job among the folders its places stay empty, for `SandboxMounts` to fill."""
    inside = plan["inside"]
    command = ["--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--disable-userns", "--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib32", "lib64", "libx32"):
        if os.path.islink(f"/{name}"):
            command += ["--symlink", f"usr/{name}", f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            command += ["--ro-bind", f"/{name}", f"/{name}"]
    for path in _SYSTEM_FILES:
        command += ["--ro-bind-try", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(plan["limits"]["sharedMemoryBytes"]), "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    command += ["--ro-bind", folders["python"], inside["python"], "--ro-bind", folders["sdk"], inside["sdk"]]
    if "base" in folders:
        command += ["--ro-bind", folders["base"], inside["base"]]
    if "job" in folders:
        command += ["--ro-bind", folders["job"], inside["job"], "--bind", folders["out"], f"{inside['job']}/out", "--bind", folders["scratch"], inside["scratch"]]
    else:
        command += ["--dir", inside["job"], "--dir", inside["scratch"]]
    command += ["--remount-ro", "/", "--chdir", inside["scratch"], "--clearenv"]
    for name, value in plan["environment"].items():
        command += ["--setenv", name, value]
    return command + ["--uid", "65534", "--gid", "65534", "--hostname", "card", "--cap-drop", "ALL", "--seccomp", str(seccomp_fd)]


def _confine_by_landlock(folders):
    landlock = kernel.Landlock()
    read = landlock.EXECUTE | landlock.READ | landlock.READ_DIR
    for path in _SYSTEM + _SYSTEM_FILES:
        landlock.allow(path, read)
    for path in ("/dev/null", "/dev/zero", "/dev/full"):
        landlock.allow(path, landlock.READ | landlock.WRITE)
    for path in ("/dev/random", "/dev/urandom", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"):
        landlock.allow(path, landlock.READ | landlock.READ_DIR)
    for name in ("python", "sdk", "base"):
        if name in folders:
            landlock.allow(folders[name], read, needed=True)
    landlock.allow(folders["job"], landlock.READ | landlock.READ_DIR, needed=True)
    write = landlock.all & ~landlock.EXECUTE & ~landlock.MAKE_DEVICES & ~landlock.MAKE_FIFO_SOCKET & ~landlock.IOCTL_DEV
    return landlock, write


def become_card(plan, folders, report_fd):
    """`report_fd` is closed by exec; until then it tells the parent what failed."""
    os.setsid()
    os.umask(0)
    if plan["level"] == "L2":
        _become_bubblewrap(plan, folders, {3, report_fd}, [])
    _set_limits(plan["limits"], plan["uid"] is not None)
    _drop_user(plan)
    landlock, write = _confine_by_landlock(folders)
    for path in (folders["out"], f"{plan['inside']['job']}/out", folders["scratch"], plan["inside"]["scratch"]):
        landlock.allow(path, write, needed=True)
    if plan["stage"] is not None:
        landlock.allow("/dev/shm", write)
    os.chdir(plan["inside"]["scratch"])
    landlock.enforce()
    _close_all_but({3, report_fd})
    kernel.load_seccomp(base64.b64decode(plan["seccomp"]))
    os.execve(plan["command"][0], plan["command"], plan["environment"])


def become_zygote(plan, folders, report_fd, info_fd, kept):
    """The first process of its pid namespace, which no process in there can kill or stop. Its pid comes out of `info_fd`."""
    os.setsid()
    os.umask(0)
    _become_bubblewrap(plan, folders, {report_fd, info_fd, *kept}, ["--as-pid-1", "--info-fd", str(info_fd)])


def _become_bubblewrap(plan, folders, kept, more_options):
    seccomp_fd = _file_in_memory("seccomp", base64.b64decode(plan["seccomp"]))
    # Not as arguments: a card can read those of the first process of its namespace, and they name folders of the host.
    options = bubblewrap_options(plan, folders, seccomp_fd) + more_options
    options_fd = _file_in_memory("options", b"".join(os.fsencode(option) + b"\0" for option in options))
    _set_limits(plan["limits"], plan["uid"] is not None)
    _drop_user(plan)
    _close_all_but({seccomp_fd, options_fd, *kept})
    command = [plan["bubblewrap"], "--args", str(options_fd), "--", *plan["command"]]
    os.execve(command[0], command, {"PATH": "/usr/bin:/bin"})

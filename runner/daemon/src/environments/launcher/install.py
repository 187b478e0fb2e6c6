"""Becomes the installer (uv, or Python for compiling), confined: it may read what everybody may, write below two folders, and go online.

Trusted, standard library only. Descriptor 0 brings the plan as one JSON line:
    places    name -> path; `@name@` in arguments and environment becomes the path as it is seen from inside
    writable  folders that may be written
    stage     a folder to show the places below, or null
    uid       to drop to, or null
    limits    fileBytes, memoryBytes
    command, environment, directory
Nothing that is installed is executed.
"""
import json
import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "engines", "process", "launcher"))

import kernel


def show_places(places, stage):
    """Binds the places below `stage` in a mount table of its own, so that the uid need not enter the folders above them."""
    kernel.unshare(kernel.CLONE_NEWNS, "make a private mount table")
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    opened = {name: (os.open(path, os.O_PATH), os.path.isdir(path)) for name, path in places.items()}
    kernel.mount("ensemble", stage, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=64k")
    os.chmod(stage, 0o755)
    for name, (fd, is_folder) in opened.items():
        target = f"{stage}/{name}"
        if is_folder:
            os.mkdir(target)
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))
        kernel.mount(f"/proc/self/fd/{fd}", target, None, kernel.MS_BIND)
        os.close(fd)
    return {name: f"{stage}/{name}" for name in places}


def limit(which, value):
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def write_only_below(folders):
    """Without Landlock in this kernel the uid and the modes of files are what there is."""
    try:
        landlock = kernel.Landlock(network=True)
    except OSError:
        return
    landlock.allow("/", landlock.EXECUTE | landlock.READ | landlock.READ_DIR, needed=True)
    for path in ("/dev/null", "/dev/shm", *folders):
        landlock.allow(path, landlock.all & ~landlock.MAKE_DEVICES)
    landlock.enforce()


def main():
    plan = json.loads(sys.stdin.readline())
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.umask(0o022)
    places = plan["places"]
    if plan["stage"] is not None:
        try:
            places = show_places(places, plan["stage"])
        except OSError:
            # Root without the right to mount: the uid has to enter the folders themselves.
            pass

    def inside(text):
        for name, path in places.items():
            text = text.replace(f"@{name}@", path)
        return text

    limits, uid = plan["limits"], plan["uid"]
    limit(resource.RLIMIT_FSIZE, limits["fileBytes"])
    limit(resource.RLIMIT_DATA, limits["memoryBytes"])
    limit(resource.RLIMIT_NOFILE, 8192)
    limit(resource.RLIMIT_CORE, 0)
    if uid is not None:
        limit(resource.RLIMIT_NPROC, 1024)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    # After the uid: changing credentials clears it.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9, "set the parent-death signal")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1, "give up new privileges")
    write_only_below([inside(folder) for folder in plan["writable"]])
    os.chdir(inside(plan["directory"]))
    command = [inside(part) for part in plan["command"]]
    os.execve(command[0], command, {name: inside(value) for name, value in plan["environment"].items()})


try:
    main()
except OSError as error:
    sys.exit(f"error: the installer could not be confined: {error}")

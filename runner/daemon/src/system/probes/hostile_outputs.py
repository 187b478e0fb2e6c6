"""Hostile things left in `out/`, one folder each. Runs inside the sandbox; what comes of them is judged outside."""
import json
import os
import socket
import sys

with open(sys.argv[1]) as file:
    T = json.load(file)
OUT, SECRET = f"{T['job']}/out", T["secret"]


def entry(file="x.json", key="out", ref="node/out.json", declared=True, **more):
    return {"key": key, "type": "json", "declared": declared, "ref": ref, "file": file, **more}


def result(folder, artifacts, **more):
    with open(f"{folder}/result.json", "w") as file:
        json.dump({"v": 1, "status": "succeeded", "artifacts": artifacts, "preview": False, **more}, file)


def good(folder):
    with open(f"{folder}/x.json", "w") as file:
        file.write("1")


def raw(text):
    def action(folder):
        good(folder)
        with open(f"{folder}/result.json", "w") as file:
            file.write(text)

    return action


def with_artifacts(*artifacts, **more):
    def action(folder):
        good(folder)
        result(folder, list(artifacts), **more)

    return action


def placed(make):
    def action(folder):
        result(folder, [entry("y.json")])
        make(f"{folder}/y.json")

    return action


def instead(name, make):
    def action(folder):
        good(folder)
        result(folder, [entry()], preview=True)
        if os.path.exists(f"{folder}/{name}"):
            os.unlink(f"{folder}/{name}")
        make(f"{folder}/{name}")

    return action


def bind(path):
    made = socket.socket(socket.AF_UNIX)
    os.chdir(os.path.dirname(path))
    made.bind(os.path.basename(path))


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def linked(path):
    write("/tmp/source", "1")
    os.link("/tmp/source", path)


def twice(path):
    write(path, "1")
    os.link(path, path + ".second")


def sparse(path):
    with open(path, "wb") as file:
        file.truncate(32 << 20)


CASES = {
    "link to a secret": placed(lambda path: os.symlink(SECRET, path)), "link to /etc/passwd": placed(lambda path: os.symlink("/etc/passwd", path)),
    "link to itself": placed(lambda path: os.symlink(path, path)), "link to its job": placed(lambda path: os.symlink(f"{T['job']}/job.json", path)),
    "link to /proc/self/environ": placed(lambda path: os.symlink("/proc/self/environ", path)), "link to /dev/zero": placed(lambda path: os.symlink("/dev/zero", path)),
    "a FIFO": placed(os.mkfifo), "a folder": placed(os.mkdir), "a socket": placed(bind), "a file with two names": placed(twice), "a second name of a file in /tmp": placed(linked),
    "a second name of its job": placed(lambda path: os.link(f"{T['job']}/targets.json", path)), "a device": placed(lambda path: os.mknod(path, 0o20666, os.makedev(1, 5))),
    "a huge sparse file": placed(sparse), "nothing": placed(lambda path: None),
    "a climbing file name": with_artifacts(entry("../../targets.json")), "a file name with a folder": with_artifacts(entry("a/b")), "an absolute file name": with_artifacts(entry(SECRET)),
    "a file name with NUL": with_artifacts(entry("x.json\0")), "an empty file name": with_artifacts(entry("")), "the folder itself": with_artifacts(entry(".")), "a very long file name": with_artifacts(entry("x" * 5000)),
    "a climbing reference": with_artifacts(entry(ref="node/../../x")), "a reference of another node": with_artifacts(entry(ref="other/out.json")), "an absolute reference": with_artifacts(entry(ref="/etc/passwd")),
    "a reference with NUL": with_artifacts(entry(ref="node/out\0.json")), "the same output twice": with_artifacts(entry(), entry()), "an undeclared output": with_artifacts(entry(), entry(key="more", ref="node/more.json")),
    "a missing output": with_artifacts(), "a key that climbs": with_artifacts(entry(key="../x", declared=False)), "a prototype as key": with_artifacts(entry(key="__proto__", ref="node/__proto__", declared=True)),
    "too many artifacts": with_artifacts(*[entry(key=f"k{n}", ref=f"node/k{n}", declared=False) for n in range(2000)]),
    "a result that is no JSON": raw("{nope"), "a result that is null": raw("null"), "a deep result": raw("[" * 200_000), "a huge result": raw(" " * (9 << 20)), "an invented status": raw('{"v":1,"status":"great","artifacts":[],"preview":false}'),
    "another version": raw('{"v":2,"status":"succeeded","artifacts":[],"preview":false}'), "a result that is a list": raw("[]"), "an empty result": raw(""),
    "a result that links to a secret": instead("result.json", lambda path: os.symlink(SECRET, path)), "a result that is a FIFO": instead("result.json", os.mkfifo), "a result that is a folder": instead("result.json", os.mkdir),
    "a preview that links to a secret": instead("preview.json", lambda path: os.symlink(SECRET, path)), "a preview that is a FIFO": instead("preview.json", os.mkfifo), "a preview that is no JSON": instead("preview.json", lambda path: write(path, "{nope")),
    "a huge preview": instead("preview.json", lambda path: write(path, '"' + "x" * (9 << 20) + '"')), "a missing preview": instead("preview.json", lambda path: None), "a preview with two names": instead("preview.json", twice),
}

names = []
for index, (name, action) in enumerate(CASES.items()):
    folder = f"{OUT}/case{index}"
    os.mkdir(folder)
    try:
        action(folder)
    except OSError as error:
        print(f"{name}: {error}")
    names.append(name)
print("CASES " + json.dumps(names))

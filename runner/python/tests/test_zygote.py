"""The zygote's own parts. What its children are like is tested in the sandbox: `runner/daemon/src/system/zygotes.system.test.ts`."""

import os
import subprocess
import sys

from ensemble_harness import zygote

SDK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run_in_a_child(action):
    """What the action writes to its pipe, and the exit code of the process that it replaced."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            action(write_end)
        finally:
            os._exit(99)
    os.close(write_end)
    text = b""
    while piece := os.read(read_end, 1000):
        text += piece
    os.close(read_end)
    return text.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_outside_a_sandbox_of_its_own_it_refuses_before_it_could_signal_anybody():
    said, code = run_in_a_child(lambda replies: zygote.serve(0, replies))
    assert said == "refused it is not the first process of its sandbox\n"
    assert code == 1


def test_what_cannot_be_imported_is_left_to_the_card(tmp_path, monkeypatch):
    (tmp_path / "zygote_test_broken.py").write_text("raise RuntimeError('hostile')")
    (tmp_path / "zygote_test_whole.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    zygote.preload(["zygote_test_broken", "zygote_test_missing", "zygote_test_whole"])
    assert "zygote_test_whole" in sys.modules
    assert "zygote_test_broken" not in sys.modules


def test_a_child_becomes_what_a_fresh_process_would_be(tmp_path):
    """In a process of its own: this one keeps its environment and its folder."""
    program = f"""
import json, os
from ensemble_harness import zygote
output, events, job = os.pipe(), os.pipe(), os.pipe()
if os.fork() == 0:
    for end in (output[0], events[0], job[1]): os.close(end)
    zygote._become_card(output[1], events[1], job[0])
    os._exit(0)
for end in (output[1], events[1], job[0]): os.close(end)
code = "import os, sys; print(os.getcwd(), sorted(os.environ), sys.argv, os.getsid(0) == os.getpid(), flush=True); os.write(3, b'event')"
request = {{"args": ["-c", code, "more"], "environment": {{"ONLY": "this"}}, "folder": {str(tmp_path)!r}}}
os.write(job[1], json.dumps(request).encode())
os.close(job[1])
print(open(output[0]).read(), open(events[0]).read(), os.waitstatus_to_exitcode(os.wait()[1]))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": SDK})
    assert done.stderr == ""
    assert done.stdout.split() == f"{tmp_path} ['ONLY'] ['-c', 'more'] True event 0".split()


def test_a_child_without_a_job_ends():
    def action(_):
        read_end, write_end = os.pipe()
        os.close(write_end)
        zygote._become_card(os.dup(1), os.dup(1), read_end)

    assert run_in_a_child(action)[1] == 0


def test_lines_are_taken_one_by_one_so_that_a_child_gets_none_of_the_next():
    read_end, write_end = os.pipe()
    os.write(write_end, b"spare\nfork\n")
    lines = zygote._lines(read_end)
    assert next(lines) == "spare"
    assert os.read(read_end, 100) == b"fork\n"
    os.close(write_end)
    assert next(lines, None) is None

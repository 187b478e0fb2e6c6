"""Cards that misbehave on purpose. The daemon guards the rest; here is what the harness itself promises."""

import time

from conftest import Project, Ran, card_source

PATH = "cards/evil/card.py"


def run(project: Project, body: str, outputs: dict[str, str] | None = None, **step) -> Ran:
    project.card(PATH, card_source(body))
    return project.step(PATH, "Card", outputs or {}, **step)


def test_a_card_that_ends_the_process_leaves_no_result_to_mistake_for_success(project: Project) -> None:
    ran = run(project, "import os; os._exit(0)")
    assert ran.result is None and ran.code == 0


def test_a_crash_in_native_code_leaves_no_result_and_a_stack_in_the_log(project: Project) -> None:
    ran = run(project, "import ctypes; ctypes.string_at(0)")
    assert ran.result is None and ran.code == -11
    assert 'card.py", line 8 in execute' in ran.stderr


def test_a_forged_result_is_replaced_by_the_real_one(project: Project) -> None:
    forge = """
    import os, json
    out = os.path.dirname(os.path.abspath(storage._out + "/x"))
    for name in ("result.json", "preview.json", ".result.json.part"):
        {how}
    raise ValueError("the truth")
    """
    for how in (
        "open(f'{out}/{name}', 'w').write('{}')",
        "os.symlink('/nonexistent/x', f'{out}/{name}')",
        "os.makedirs(f'{out}/{name}/deep')",
        "os.mkfifo(f'{out}/{name}')",
    ):
        assert run(project, forge.replace("{how}", how)).error()["message"] == "the truth"


def test_garbage_on_the_event_descriptor_does_not_reach_it_by_number(project: Project) -> None:
    ran = run(
        project, 'import os\ntry:\n    os.write(3, b"\\xff" * 100000)\nexcept OSError:\n    pass\nself.progress(0.5, "fine")\nreturn {}'
    ).succeeded()
    assert ran.events == [{"kind": "progress", "fraction": 0.5, "message": "fine"}] and b"\xff" not in ran.raw_events


def test_five_megabytes_of_print_come_through_whole_and_closed_streams_do_no_harm(project: Project) -> None:
    ran = run(project, 'for i in range(50000):\n    print("x" * 99)\nreturn {}').succeeded()
    assert len(ran.stdout) == 5_000_000
    run(project, "import sys\nsys.stdout.close()\nsys.stderr = None\nreturn {}").succeeded()
    assert run(project, 'print("ü\\ud800")\nreturn {}').succeeded().stdout == "ü\\ud800\n"


def test_threads_processes_and_exit_handlers_left_behind_delay_the_end_by_two_seconds_at_most(project: Project) -> None:
    started = time.monotonic()
    body = "import threading, atexit, time, subprocess\nsubprocess.Popen(['sleep', '60'])\nthreading.Thread(target=time.sleep, args=(60,)).start()\natexit.register(time.sleep, 60)\nreturn {}"
    run(project, body).succeeded()
    assert time.monotonic() - started < 10


def test_what_the_card_does_to_its_arguments_and_modules_does_not_lose_the_result(project: Project) -> None:
    body = """
    import json, os, builtins
    config.clear(); inputs.clear(); self.__class__.execute = None
    return {"a": storage.save_json("", "", "a", 1)}
    """
    run(project, body, {"a": "json"}).succeeded()


def test_a_module_in_the_working_folder_is_never_imported(project: Project) -> None:
    project.card(
        "cards/evil/plant.py",
        card_source(
            'open("textwrap.py", "w").write("raise SystemExit")\nimport sys\nassert "" not in sys.path\nimport textwrap\nreturn {}',
            name="Plant",
        ),
    )
    project.step("cards/evil/plant.py", "Plant", {}).succeeded()


def test_a_job_that_cannot_be_read_is_said_on_the_error_stream(project: Project) -> None:
    ran = run(project, "return {}")
    (ran.job / "job.json").write_text('{"v": 2}')
    (ran.job / "out" / "result.json").unlink()
    from conftest import run_harness

    again = run_harness(ran.job)
    assert again.code == 2 and again.result is None and "job.json has version 2, this harness reads version 1" in again.stderr

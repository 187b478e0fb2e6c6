"""`python3 -P -m ensemble_harness <job folder>`: exit code 0 when the card succeeded, 1 when it failed, 2 when there was no job.

`out/result.json` is the answer; the exit code is for people.
"""

import os
import sys


def main() -> None:
    if len(sys.argv) != 2:
        print("usage: python3 -P -m ensemble_harness <job folder>", file=sys.stderr)
        sys.exit(2)
    folder = os.path.abspath(sys.argv[1])

    from ensemble_harness import process

    process.prepare(os.path.join(folder, "out"))
    from ensemble_harness.run_job import run_job

    code = 2
    try:
        code = 0 if run_job(folder) else 1
    except BaseException as error:
        print(f"harness: {type(error).__name__}: {error}", file=sys.stderr)
    process.leave(code)


if __name__ == "__main__":
    main()

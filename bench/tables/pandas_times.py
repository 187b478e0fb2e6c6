"""Times expressions of pandas on one table. Reads {csv, parquet, repeat, operations} from stdin, writes milliseconds."""

import json
import sys
import time

import numpy as np
import pandas as pd


def elapsed_ms(work):
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


asked = json.load(sys.stdin)
convert_ms, _ = elapsed_ms(lambda: pd.read_csv(asked["csv"]).to_parquet(asked["parquet"] + ".pandas"))
load_ms, df = elapsed_ms(lambda: pd.read_parquet(asked["parquet"]))
times = {}
for name, expression in asked["operations"].items():
    code = compile(expression, name, "eval")
    print(f"  pandas: {name}", file=sys.stderr, flush=True)
    turns = [elapsed_ms(lambda: eval(code, {"df": df, "np": np}))[0] for _ in range(asked["repeat"] + 1)]
    times[name] = turns[1:]
json.dump({"convert": convert_ms, "load": load_ms, "operations": times}, sys.stdout)

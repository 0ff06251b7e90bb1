#!/usr/bin/env python3
"""Turns the A/A arm of a study into a study of its own: the second measurement of each case becomes
a mode with "again" in its name, so that `uringbench report` judges the very same thing against
itself. Everything else of the study is left out.

usage: bench/aa.py STUDY OUT
"""

import json
import pathlib
import sys


def identity(case):
    return json.dumps({**case, "purpose": ""}, sort_keys=True)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: bench/aa.py STUDY OUT")
    source = pathlib.Path(sys.argv[1]) / "samples.jsonl"
    target = pathlib.Path(sys.argv[2])
    records = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line]
    twice = {identity(record["case"]) for record in records
             if record["record"] == "sample" and record["case"]["purpose"] == "noise"}
    kept = []
    for record in records:
        if record["record"] != "sample":
            kept.append(record)
            continue
        case = record["case"]
        if identity(case) not in twice or case["purpose"] not in ("comparison", "noise"):
            continue
        if case["purpose"] == "noise":
            case["path"] += "-again"
            case["mode"] += "-again"
            case["purpose"] = "comparison"
        kept.append(record)
    target.mkdir(parents=True)
    text = "".join(json.dumps(record) + "\n" for record in kept)
    (target / "samples.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""What `uringbench report DIR DIR...` needs for many studies, in time and memory.

  bench/fleet/matrix_cost.py [--studies 10,100,1000] [--formats text,json,html] STUDY [URINGBENCH]

Makes copies of a real study, each as of another host: every sample's bytes and messages times a number drawn for the
host and one drawn for the sample. Prints a line for each number of studies and format.
"""
import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def lines_of(study):
    with open(os.path.join(study, "samples.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_host(folder, lines, draw):
    """The study of one more host. Hosts differ by some per cent, samples of one host by less."""
    os.makedirs(folder)
    of_host = draw.gauss(1, 0.05)
    with open(os.path.join(folder, "samples.jsonl"), "w", encoding="utf-8") as file:
        for line in lines:
            if line["record"] == "sample" and isinstance(line.get("bytes"), int):
                share = of_host * draw.gauss(1, 0.02)
                line = dict(line, bytes=int(line["bytes"] * share), messages=int(line["messages"] * share))
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def measured(command, most_s, most_bytes):
    """(seconds, peak bytes, what ended it) of a command."""
    begin = time.monotonic()
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    with open(os.devnull, "wb") as null:
        process = subprocess.Popen(["timeout", str(most_s), *command], stdout=null, stderr=subprocess.PIPE,
                                   text=True, preexec_fn=limit)
        said = process.stderr.read().strip().splitlines()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    why = {0: "", 124: f"not done after {most_s} s"}.get(process.returncode, (said or ["status"])[-1])
    return time.monotonic() - begin, usage.ru_maxrss * 1024, why


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", default="10,100,1000")
    parser.add_argument("--formats", default="text,json,html")
    parser.add_argument("--most-seconds", type=int, default=300, help="of one report")
    parser.add_argument("--most-gib", type=float, default=4, help="address space of one report")
    parser.add_argument("study")
    parser.add_argument("program", nargs="?", default=os.path.join(ROOT, "build/release/src/uringbench"))
    asked = parser.parse_args()
    lines = lines_of(asked.study)
    samples = sum(line["record"] == "sample" for line in lines)
    size = os.path.getsize(os.path.join(asked.study, "samples.jsonl"))
    print(f"the study: {samples} samples, {size} bytes, {size // max(1, samples)} a sample", flush=True)
    draw = random.Random(1)
    whole = True
    folder = tempfile.mkdtemp()
    try:
        made = []
        for number in sorted(int(each) for each in asked.studies.split(",")):
            while len(made) < number:
                made.append(os.path.join(folder, f"host{len(made):05}"))
                write_host(made[-1], lines, draw)
            for form in asked.formats.split(","):
                seconds, peak, why = measured([os.path.abspath(asked.program), "report", *made, "--format", form],
                                              asked.most_seconds, int(asked.most_gib * (1 << 30)))
                print(f"{number} studies, {form}: {seconds:.2f} s, {peak / (1 << 20):.0f} MiB"
                      f"{', ' + why if why else ''}", flush=True)
                whole = whole and not why
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if whole else 1)


if __name__ == "__main__":
    main()

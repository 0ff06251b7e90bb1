#!/usr/bin/python3
"""How large a study may be: planning and reporting one of 100,000 samples, in time and memory.

  tests/scale.py [--samples N] [URINGBENCH]

Plans as many cases, and makes studies of as many samples, real ones repeated with other sizes,
modes and repetitions: few cases often repeated, and many cases. Prints a line for each, and fails
where planning takes more than 5 s, or a report more than 30 s or 1 GiB.
"""
import argparse
import copy
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_PLAN_S, MOST_REPORT_S, MOST_BYTES = 5, 30, 1 << 30


def measured(command, **more):
    """(seconds, peak bytes, status) of a command."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 130):
        print(said, file=sys.stderr)
    return time.monotonic() - begin, usage.ru_maxrss * 1024, process.returncode


def templates(program, folder):
    """The records of a short real study."""
    out = os.path.join(folder, "real")
    subprocess.run([program, "--mode", "pthread,epoll,uring-two-copy,uring-send-zc", "--size", "4K", "--duration",
                    "200ms", "--warmup", "0s", "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with open(os.path.join(out, "samples.jsonl"), encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    environment, plan = records[:2]
    samples = [each for each in records[2:]
               if each["status"] == "valid" and each["case"]["purpose"] == "comparison"]
    return environment, plan, samples


def write_study(folder, parts, sizes, clients, reps):
    environment, plan, samples = parts
    os.makedirs(folder)
    cases = []
    for one_size in sizes:
        for number in clients:
            for sample in samples:
                case = dict(sample["case"], size_bytes=one_size, clients=number)
                cases.append((sample, case))
    draw = random.Random(1)
    plan = dict(plan, reps=reps, cases=[{"case": case, "unavailable": None} for _, case in cases])
    with open(os.path.join(folder, "samples.jsonl"), "w", encoding="utf-8") as file:
        for head in (environment, plan):
            file.write(json.dumps(head) + "\n")
        for block in range(reps):
            for sample, case in cases:
                one = dict(sample, case=case, rep=block, block=block)
                share = draw.uniform(0.9, 1.1)
                for name in ("bytes", "messages"):
                    one[name] = int(sample[name] * share)
                file.write(json.dumps(one) + "\n")
    return len(cases) * reps


def verdict(what, seconds, most_s, peak_bytes=None):
    good = seconds <= most_s and (peak_bytes is None or peak_bytes <= MOST_BYTES)
    memory = "" if peak_bytes is None else f", {peak_bytes / (1 << 20):.0f} MiB"
    print(f"{what}: {seconds:.1f} s{memory}{'' if good else '  TOO MUCH'}", flush=True)
    return good


def plan_of(program, folder, count):
    """From the start to the first line on the disk, which holds the plan."""
    out = os.path.join(folder, "planned")
    sizes = ",".join(str(1024 + i) for i in range(max(1, count // 40)))
    begin = time.monotonic()
    process = subprocess.Popen([program, "--mode", "pthread,epoll,uring-two-copy,uring-send-zc", "--size", sizes,
                                "--clients", "1,2,3,4,5,6,7,8,9,10", "--duration", "20ms", "--warmup", "0s", "--out",
                                out], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    name = os.path.join(out, "samples.jsonl")
    while process.poll() is None and not os.path.exists(name):
        time.sleep(0.01)
    seconds = time.monotonic() - begin
    process.send_signal(signal.SIGTERM)
    said = process.stderr.read()
    process.wait()
    if not os.path.exists(name):
        sys.exit(said)
    with open(name, encoding="utf-8") as file:
        file.readline()
        planned = len(json.loads(file.readline())["cases"])
    begin = time.monotonic()
    return verdict(f"plan of {planned} cases", seconds, MOST_PLAN_S)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("program", nargs="?", default=os.path.join(ROOT, "build/release/src/uringbench"))
    asked = parser.parse_args()
    program = os.path.abspath(asked.program)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        good &= plan_of(program, folder, asked.samples)
        parts = templates(program, folder)
        each = len(parts[2])
        shapes = {
            "few cases": (range(64, 64 + 25), [1], asked.samples // (25 * each)),
            "many sizes": (range(1024, 1024 + asked.samples // (5 * each)), [1], 5),
            "many groups": ([64, 4096], range(1, 1 + asked.samples // (10 * each)), 5),
        }
        for name, (sizes, clients, reps) in shapes.items():
            study = os.path.join(folder, name)
            count = write_study(study, parts, sizes, clients, reps)
            for form in ("text", "csv", "html"):
                seconds, peak_bytes, status = measured([program, "report", study, "--format", form])
                good &= verdict(f"report of {count} samples, {name}, {form}", seconds, MOST_REPORT_S, peak_bytes)
                good &= status == 0
            shutil.rmtree(study)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

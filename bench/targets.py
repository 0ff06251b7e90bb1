"""Runs the program and the bare loops in turn and holds the outcome against the targets.

Called by targets.sh with the build folder. Every figure comes from the program's own samples.jsonl
lines or from recv_loop's count of what arrived.
"""
import os
import subprocess
import sys
from statistics import median

import program
from program import NotRun, spread

BUILD = sys.argv[1]
REPS = max(1, int(os.environ.get("REPS", "5")))
DURATION_MS = int(os.environ.get("DURATION_MS", "1000"))
WARMUP_MS = 200
CPUS = sorted(os.sched_getaffinity(0))  # the program's defaults: server last, client first
MANY = 10_000


def sample(mode, size, clients=1):
    return program.sample(BUILD, "--mode", mode, "--size", str(size), "--clients", str(clients),
                          "--duration", f"{DURATION_MS}ms", "--warmup", f"{WARMUP_MS}ms")


def goodput_gbps(mode, size):
    return sample(mode, size)["goodput_bps"] / 1e9


def bare_gbps(size):
    """A bare send() loop in C, received as the program receives."""
    folder = f"{BUILD}/bench/baseline"
    with subprocess.Popen([f"{folder}/send_loop", str(size), str(CPUS[-1])],
                          stdout=subprocess.PIPE, text=True) as sender:
        port = sender.stdout.readline().strip()
        command = [f"{folder}/recv_loop", port, str(CPUS[0]), str(WARMUP_MS), str(DURATION_MS)]
        receiver = subprocess.run(command, capture_output=True, text=True)
        sender.wait()
    if receiver.returncode != 0 or sender.returncode != 0:
        raise NotRun(f"the bare loops: {receiver.stderr.strip()}")
    return float(receiver.stdout)


class Report:
    """Prints verdicts and remembers them."""

    def __init__(self):
        self.met = self.not_met = self.not_run = 0

    def judge(self, label, figures, holds):
        self.met += holds
        self.not_met += not holds
        print(f"  {label:24} {figures}  {'met' if holds else 'NOT MET'}", flush=True)

    def fail(self, label, why):
        self.not_run += 1
        print(f"  {label:24} could not run: {why}", flush=True)


def judge_ratio(report, label, first, second, least):
    """first() over second(), taking turns, must be `least` or more."""
    try:
        pairs = [(first(), second()) for _ in range(REPS)]
    except NotRun as why:
        report.fail(label, why)
        return
    ratios = [a / b for a, b in pairs]
    figures = f"{spread([a for a, _ in pairs])} / {spread([b for _, b in pairs])} Gbit/s"
    report.judge(label, f"{figures} = {spread(ratios)}", median(ratios) >= least)


def ratios(report):
    print("pthread-two-copy over a bare send() loop: 0.95 or more")
    for size in (64, 4096, 65536):
        judge_ratio(report, f"{size} B", lambda: goodput_gbps("pthread-two-copy", size),
                    lambda: bare_gbps(size), 0.95)
    print("uring-bundle over pthread-two-copy: 10 or more")
    judge_ratio(report, "64 B", lambda: goodput_gbps("uring-bundle", 64),
                lambda: goodput_gbps("pthread-two-copy", 64), 10)


def memory(report):
    print(f"user memory of the server for one of {MANY} clients, 64 B: less than 64 KiB")
    for mode in ("pthread-two-copy", "epoll-two-copy", "uring-two-copy", "uring-bundle",
                 "uring-send-zc"):
        try:
            kib = []
            for _ in range(REPS):
                few, many = (sample(mode, 64, n)["server_peak_rss_bytes"] for n in (1, MANY))
                kib.append((many - few) / (MANY - 1) / 1024)
            report.judge(mode, f"{spread(kib, 1)} KiB", median(kib) < 64)
        except NotRun as why:
            report.fail(mode, why)


def own_cost(report):
    print("the harness's own CPU time of a message, from the null path: less than 30 ns")
    for engine in ("pthread", "epoll", "uring"):
        try:
            runs = [sample(f"{engine}-null", 64) for _ in range(REPS)]
            ns = [run["server"]["cpu_ns"] / run["messages"] for run in runs]
            report.judge(engine, f"{spread(ns, 1)} ns", median(ns) < 30)
        except NotRun as why:
            report.fail(engine, why)


def main():
    print(f"Median [least, most] of {REPS} runs of {DURATION_MS} ms")
    report = Report()
    ratios(report)
    memory(report)
    own_cost(report)
    print(f"{report.met} met, {report.not_met} not met, {report.not_run} could not run")
    return 1 if report.not_run else 0


sys.exit(main())

"""Holds requests and responses against the program's targets, beside sockperf where it is there.

Called by latency.sh with the build folder. Every figure comes from the program's own sample lines
or from what sockperf prints.
"""
import os
import re
import socket
import subprocess
import sys
import time
from statistics import median

import program
from program import NotRun, spread

BUILD = sys.argv[1]
REPS = max(1, int(os.environ.get("REPS", "7")))
DURATION_MS = int(os.environ.get("DURATION_MS", "1000"))
CPUS = sorted(os.sched_getaffinity(0))  # the program's defaults: server last, client first


def sample(*options):
    return program.sample(BUILD, "--workload", "rr", "--size", "64", *options, "--duration",
                          f"{DURATION_MS}ms", "--warmup", "200ms")


def round_trip_us(*options):
    p50 = sample(*options)["latency_ns"]["p50"]
    if p50 is None:
        raise NotRun("too few requests for a median; raise DURATION_MS")
    return p50 / 1e3


def rate(*options):
    return sample(*options)["message_rate"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def sockperf_round_trip_us():
    """Twice the median that `sockperf ping-pong --tcp` reports: half a round trip, by its manual."""
    port = free_port()
    address = ["--tcp", "-i", "127.0.0.1", "-p", port]
    try:
        server = subprocess.Popen(
            ["taskset", "-c", str(CPUS[-1]), "sockperf", "server", *address],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except FileNotFoundError as missing:
        raise NotRun(f"{missing.filename} is not installed") from missing
    try:
        time.sleep(0.3)  # it does not say when it listens
        seconds = str(max(1, DURATION_MS // 1000))
        client = subprocess.run(
            ["taskset", "-c", str(CPUS[0]), "sockperf", "ping-pong", *address, "-m", "64", "-t",
             seconds], capture_output=True, text=True)
    finally:
        server.terminate()
        server.wait()
    found = re.search(r"percentile 50\.000\s*=\s*([0-9.]+)", client.stdout)
    if not found:
        raise NotRun(f"sockperf: {client.stdout.strip()[-200:]}{client.stderr.strip()[-200:]}")
    return 2 * float(found.group(1))


def judge_ratio(label, first, second, holds, target):
    """first() over second(), taking turns."""
    try:
        ratios = [first() / second() for _ in range(REPS)]
    except NotRun as why:
        print(f"  {label:44} could not run: {why}", flush=True)
        return False
    verdict = "met" if holds(median(ratios)) else "NOT MET"
    print(f"  {label:44} {spread(ratios)}  {target}  {verdict}", flush=True)
    return True


def judge_lateness():
    """p99 of the generator's own lateness at 70 % of what a closed loop of 64 clients reaches."""
    label = "open loop at 70 %: generator late, p99 us"
    try:
        capacity = rate("--mode", "uring-two-copy", "--clients", "64")
        late, marked = [], 0
        for _ in range(REPS):
            record = sample("--mode", "uring-two-copy", "--clients", "64", "--rate",
                            f"{0.7 * capacity:.0f}")
            late.append(record["requests"]["lateness_ns"]["p99"] / 1e3)
            marked += "generator-late" in record["marks"]
    except NotRun as why:
        print(f"  {label:44} could not run: {why}", flush=True)
        return False
    held = median(late) <= 20
    verdict = "met" if held else f"late, and marked so in {marked} of {REPS}"
    print(f"  {label:44} {spread(late, 1)}  <= 20, or marked  {verdict}", flush=True)
    return True


def main():
    ran = []
    print(f"Requests and responses of 64 B, {REPS} runs of each side, window {DURATION_MS} ms")
    for mode in ("pthread-two-copy", "epoll-two-copy", "uring-two-copy"):
        ran.append(judge_ratio(f"{mode} / sockperf, blocking, p50",
                               lambda mode=mode: round_trip_us("--mode", mode),
                               sockperf_round_trip_us, lambda ratio: ratio <= 1.0, "<= 1.00"))
    spinning = ("--wait", "spin", "--client-wait", "spin")
    ran.append(judge_ratio("uring-two-copy, spinning / blocking, p50",
                           lambda: round_trip_us("--mode", "uring-two-copy", *spinning),
                           lambda: round_trip_us("--mode", "uring-two-copy"),
                           lambda ratio: ratio <= 0.25, "<= 0.25"))
    ran.append(judge_ratio("uring / pthread, both spinning, p50",
                           lambda: round_trip_us("--mode", "uring-two-copy", *spinning),
                           lambda: round_trip_us("--mode", "pthread-two-copy", *spinning),
                           lambda ratio: ratio <= 1.15, "<= 1.15"))
    many = ("--clients", "64")
    for mode, least in (("epoll-two-copy", 1.0), ("pthread-two-copy", 1.5)):
        ran.append(judge_ratio(f"uring-two-copy / {mode}, 64 clients, req/s",
                               lambda: rate("--mode", "uring-two-copy", *many),
                               lambda mode=mode: rate("--mode", mode, *many),
                               lambda ratio, least=least: ratio >= least, f">= {least:.2f}"))
    ran.append(judge_lateness())
    return 0 if all(ran) else 1


sys.exit(main())

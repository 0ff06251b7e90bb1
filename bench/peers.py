"""Runs the program and its peers in rounds and prints each work as a table.

Called by peers.sh with the build folder, inside a network namespace of its own.
"""
import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import Callable

import peer_arms as arms
from peer_arms import Settings, uringbench
from program import NotRun, spread

REPS = max(1, int(os.environ.get("REPS", "5")))
SEED = int(os.environ.get("SEED", "1"))
SIZES = {"64 B": 64, "4 KiB": 4096, "64 KiB": 65536, "1 MiB": 1 << 20}


@dataclass
class Comparison:
    title: str
    unit: str
    best: Callable  # max or min: which figure is the best
    arms: list


def gbps(sample):
    return sample["goodput_bps"] / 1e9


def requests(sample):
    return sample["message_rate"]


def p50_us(sample):
    if sample["latency_ns"]["p50"] is None:
        raise NotRun("too few requests for a median; raise DURATION_MS")
    return sample["latency_ns"]["p50"] / 1e3


def own(settings, figure, modes, *options):
    """An arm of the program for each mode; "mode: options" says further options."""
    made = []
    for each in modes:
        mode, _, more = each.partition(": ")
        made.append(uringbench(settings, f"ub {mode} {more}".strip(), figure, "--mode", mode,
                               *shlex.split(more), *options))
    return made


def stream(settings):
    for label, size in SIZES.items():
        modes = ["pthread-two-copy", "epoll-two-copy", "uring-two-copy", "uring-bundle",
                 "uring-send-zc-fixed", "pthread-sendfile"]
        if size == 64:
            modes.append("pthread-two-copy: --client-lowat 128K")
        if size <= 65536:
            modes.append(f"pthread-sendfile: --working-set {max(size, 65536)}")
        made = own(settings, gbps, modes, "--size", str(size))
        made += [arms.bare_stream(settings, size), arms.bare_stream(settings, size, 8),
                 arms.iperf3(settings, size, 1), arms.iperf3(settings, size, 1, "-Z")]
        made += stream_peers(settings, size, 1)
        yield Comparison(f"Stream, {label}, 1 connection", "Gbit/s", max, made)


def stream_peers(settings, size, connections):
    """Those that the user named."""
    made = []
    if folder := arms.folder_of("NEPER"):
        made.append(arms.neper_stream(settings, folder, size, connections))
    if connections > 1:
        return made
    if folder := arms.folder_of("NETPERF"):
        made.append(arms.netperf_stream(settings, folder, size))
    if fio := arms.folder_of("FIO"):
        made.append(arms.fio_stream(settings, fio, size))
    if folder := arms.folder_of("LIBURING_EXAMPLES"):
        made.append(arms.send_zerocopy(settings, folder, size, "copy", "-n", 1, "-z", 0, "-d"))
        made.append(
            arms.send_zerocopy(settings, folder, size, "zc fixed", "-n", 1, "-z", 1, "-b", 1, "-d"))
    return made


def many(settings):
    made = own(settings, gbps,
               ["pthread-two-copy", "epoll-two-copy", "uring-two-copy", "uring-bundle"], "--size",
               "64K", "--clients", "8")
    made.append(arms.iperf3(settings, 65536, 8))
    made += stream_peers(settings, 65536, 8)
    yield Comparison("Stream, 64 KiB, 8 connections", "Gbit/s", max, made)


def echo_servers(settings, connections, column):
    made = [arms.bare_rr(settings, connections, "block", column)]
    if folder := arms.folder_of("LIBURING_EXAMPLES"):
        made.append(arms.echo_server(settings, "liburing echo-server",
                                     [f"{folder}/echo-server", "{port}"], connections, column))
    if command := os.environ.get("ECHO_SERVER"):
        words = shlex.split(command)
        made.append(arms.echo_server(settings, os.path.basename(words[0]), words, connections,
                                     column))
    return made


def rr(settings):
    engines = ["pthread-two-copy", "epoll-two-copy", "uring-two-copy"]
    work = ("--workload", "rr", "--size", "64")
    made = own(settings, p50_us, engines, *work) + [arms.sockperf(settings)]
    yield Comparison("Requests of 64 B, 1 connection, blocking", "us, p50", min,
                     made + echo_servers(settings, 1, 1))
    made = own(settings, p50_us, engines, *work, "--wait", "spin", "--client-wait", "spin")
    made += [arms.sockperf(settings, "--nonblocked", "--timeout", 0),
             arms.bare_rr(settings, 1, "spin", 1)]
    yield Comparison("Requests of 64 B, 1 connection, spinning", "us, p50", min, made)
    for connections in (64, 1000):
        made = own(settings, requests, engines + ["uring-two-copy: --recv single",
                                                  "uring-two-copy: --registered-files on"], *work,
                   "--clients", str(connections))
        made += echo_servers(settings, connections, 0)
        if folder := arms.folder_of("NEPER"):
            made.append(arms.neper_rr(settings, folder, "tcp_rr", connections))
        yield Comparison(f"Requests of 64 B, {connections} connections", "requests/s", max, made)


def udp(settings):
    for label, size in (("4 KiB", 4096), ("60,000 B", 60000)):
        work = ("--link", "sink", "--size", str(size))
        made = own(settings, gbps, ["uring-two-copy", "uring-send-zc", "uring-send-zc-fixed"], *work)
        if folder := arms.folder_of("LIBURING_EXAMPLES"):
            make_sink()
            made.append(arms.udp_sink(settings, folder, size, "copy n1", "-n", 1, "-z", 0, "-d"))
            for in_flight in (1, 8):
                made.append(arms.udp_sink(settings, folder, size, f"zc fixed n{in_flight}", "-n",
                                          in_flight, "-z", 1, "-b", 1, "-d"))
        yield Comparison(f"UDP into a device that drops, {label}", "Gbit/s", max, made)


def make_sink():
    """The device that the program uses too, as a peer can use it: in this namespace."""
    if os.path.exists("/proc/sys/net/ipv4/conf/sink0"):
        return
    for words in ("link add sink0 mtu 65535 type ifb", "addr add 192.0.2.1/24 dev sink0",
                  "link set sink0 up",
                  "neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev sink0 nud permanent"):
        subprocess.run(["ip", *words.split()], check=True)


WORKS = {"stream": stream, "many": many, "rr": rr, "udp": udp}


class Rounds:
    """All runs of one comparison: by arm, a figure and the cores of both ends a round."""

    def __init__(self, comparison):
        self.comparison = comparison
        self.runs = {arm.name: {} for arm in comparison.arms}
        self.reasons = {}

    def run(self, draw):
        for number in range(REPS):
            for arm in draw.sample(self.comparison.arms, len(self.comparison.arms)):
                try:
                    self.runs[arm.name][number] = arm.run()
                except NotRun as why:
                    self.reasons.setdefault(arm.name, str(why))

    def figures(self, name):
        return [run[0] for run in self.runs[name].values()]

    def best_peer(self):
        ran = [arm.name for arm in self.comparison.arms if arm.peer and self.runs[arm.name]]
        return self.comparison.best(ran, key=lambda name: median(self.figures(name)), default=None)

    def ratios(self, name, to):
        """Within each round in which both ran."""
        mine, theirs = self.runs[name], self.runs[to]
        return [mine[number][0] / theirs[number][0] for number in mine if number in theirs]

    def cores(self, name, end):
        values = [run[end] for run in self.runs[name].values() if run[end] is not None]
        return f"{median(values):.2f}" if values else "-"


def digits_for(value):
    return 0 if value >= 1000 else 1 if value >= 20 else 2


def row(name, figure, server, client, ratio):
    if len(name) > 30:
        print(name)
        name = ""
    print(f"{name:30} {figure:>24} {server:>4} {client:>4} {ratio:>14}")


def print_table(rounds):
    comparison = rounds.comparison
    peer = rounds.best_peer()
    print(f"\n{comparison.title}: {comparison.unit}; median [least, most] of {REPS} rounds")
    row("", comparison.unit, "srv", "cli", "to best peer")
    order = sorted((arm for arm in comparison.arms if rounds.runs[arm.name]),
                   key=lambda arm: median(rounds.figures(arm.name)),
                   reverse=comparison.best is max)
    for arm in order:
        figures = rounds.figures(arm.name)
        ratio = ratio_text(rounds.ratios(arm.name, peer)) if peer else "-"
        row(("* " if arm.name == peer else "") + arm.name,
            spread(figures, digits_for(median(figures))), rounds.cores(arm.name, 1),
            rounds.cores(arm.name, 2), ratio)
    for arm in order:
        if arm.unlike:
            print(f"  {arm.name}: {arm.unlike}")
    for name, why in rounds.reasons.items():
        print(f"  {name}: did not run: {why}")
    sys.stdout.flush()


def ratio_text(ratios):
    if not ratios:
        return "-"
    return f"{median(ratios):.2f} [{min(ratios):.2f},{max(ratios):.2f}]"


def prepare_namespace():
    """Its loopback is down, and its congestion control the host's. A route says which one its
    connections get: the sysctl of a namespace takes only what the host allows everybody."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in ("127.0.0.0/8", "127.0.0.1"):
        subprocess.run(["ip", "route", "replace", "local", address, "dev", "lo", "src", "127.0.0.1",
                        "congctl", "cubic", "table", "local"], check=True)


def record_of(rounds):
    comparison = rounds.comparison
    return {"work": comparison.title, "unit": comparison.unit, "best_peer": rounds.best_peer(),
            "arms": [{"name": arm.name, "peer": arm.peer, "unlike": arm.unlike,
                      "not_run": rounds.reasons.get(arm.name),
                      "runs": [{"round": number, "figure": run[0], "server_cores": run[1],
                                "client_cores": run[2]}
                               for number, run in rounds.runs[arm.name].items()]}
                     for arm in comparison.arms]}


def arguments_of():
    parser = argparse.ArgumentParser(prog="bench/peers.sh", add_help=False)
    parser.add_argument("build")
    parser.add_argument("--json")
    parser.add_argument("work", nargs="*")
    arguments = parser.parse_intermixed_args()
    for work in arguments.work:
        if work not in WORKS:
            parser.error(f"{work}: no such work; there are {', '.join(WORKS)}")
    return arguments


def main():
    arguments = arguments_of()
    cpus = sorted(os.sched_getaffinity(0))
    settings = Settings(arguments.build, int(os.environ.get("DURATION_MS", "1000")),
                        server_cpu=cpus[-1], client_cpu=cpus[0])
    if shutil.which("ip") is None:
        sys.exit("bench/peers.sh: ip is not installed: apt install iproute2")
    prepare_namespace()
    print(f"Server on CPU {cpus[-1]}, client on CPU {cpus[0]}, cubic, seed {SEED}; load average"
          f" {os.getloadavg()[0]:.1f}. srv, cli: cores' worth of CPU time of each end.\n"
          "Ratios within rounds, to the best peer (*); Nagle's algorithm is on in streams of all,"
          "\nNODELAY with requests. ub: uringbench, which rotates through 1 MiB of messages.")
    draw = random.Random(SEED)
    done = []
    status = 0
    try:
        for work in arguments.work or WORKS:
            for comparison in WORKS[work](settings):
                rounds = Rounds(comparison)
                done.append(rounds)
                rounds.run(draw)
                print_table(rounds)
                status = 1 if rounds.reasons else status
    except KeyboardInterrupt:
        print("\ninterrupted; what was measured of the last work:")
        print_table(done[-1])
        status = 130
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as out:
            json.dump([record_of(rounds) for rounds in done], out, indent=1)
    return status


sys.exit(main())

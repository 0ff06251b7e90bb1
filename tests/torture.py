#!/usr/bin/python3
"""Torture: each system call of a short run fails once, and the program has to take it well.

  tests/torture.py [--seed N] [--seconds N] [--full] [--strict] [--only SCENARIO,...] [URINGBENCH]

strace(1) makes the Nth call of a name fail with an errno that the kernel gives for it, in every
process of the run that makes so many. Without --full, --seconds (50) of trials drawn by --seed are
made; with it, all of them. A trial is `SCENARIO CALL ERRNO N`; --trial 'run-epoll mmap ENOMEM 7'
makes that one again and shows what it said.

What has to hold: no process is ended by a signal, all has ended within 30 s, no process, namespace or
temporary file is left, and samples.jsonl holds whole lines. What failed should be said with its
errno: where it is not, that is told, and is a failure with --strict.
"""
import argparse
import collections
import ctypes
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIMIT_S = 30
SHORT = ["--duration", "30ms", "--warmup", "0s", "--size", "4K", "--working-set", "64K"]
SCENARIOS = {
    "run-pthread": ["--mode", "pthread-two-copy,epoll-null", *SHORT, "--out", "OUT"],
    "run-epoll": ["--mode", "epoll-two-copy,pthread-null", *SHORT, "--out", "OUT"],
    "run-uring": ["--mode", "uring-send-zc-fixed,pthread-null", *SHORT, "--out", "OUT"],
    "run-rr": ["--mode", "uring-two-copy,pthread-null", "--workload", "rr", "--recv", "multishot", *SHORT,
               "--clients", "2", "--out", "OUT"],
    "run-profile": ["--mode", "pthread-two-copy", "--profile", *SHORT, "--out", "OUT"],
    "run-sink": ["--mode", "pthread-two-copy,epoll-null", "--link", "sink", *SHORT, "--out", "OUT"],
    "run-veth": ["--mode", "pthread-two-copy,epoll-null", "--link", "veth", *SHORT, "--out", "OUT"],
    "run-unix": ["--mode", "epoll-two-copy,pthread-null", "--transport", "unix", *SHORT, "--out", "OUT"],
    "resume": ["--resume", "STUDY"],
    "report": ["report", "STUDY", "--output", "OUT.txt"],
    "compare": ["compare", "STUDY", "TWIN"],
    "list": ["list"],
    "doctor": ["doctor", "--quick"],
}
# What makes no sense to refuse: the kernel never does, or the C library ends the process itself.
NEVER_FAIL = {"exit", "exit_group", "rt_sigreturn", "execve", "close", "munmap", "futex", "wait4", "waitid", "kill",
              "tgkill", "set_robust_list", "set_tid_address", "rseq", "arch_prctl", "rt_sigprocmask", "restart_syscall",
              "brk", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "shutdown", "vfork",
              "sched_yield", "clock_gettime", "clock_nanosleep"}
ERRNOS = {
    "read": ["EIO", "EINTR"], "pread64": ["EIO"], "write": ["ENOSPC", "EIO"], "writev": ["ENOSPC"],
    "openat": ["EMFILE", "EACCES", "ENOENT"], "mmap": ["ENOMEM"], "mprotect": ["ENOMEM"], "socket": ["EMFILE", "EACCES"],
    "socketpair": ["EMFILE"], "bind": ["EADDRINUSE", "EACCES"], "listen": ["EADDRINUSE"], "connect": ["ECONNREFUSED"],
    "accept4": ["EMFILE", "ECONNABORTED"], "sendto": ["ENOBUFS", "ECONNRESET"], "sendmsg": ["ENOBUFS", "EPIPE"],
    "recvfrom": ["ECONNRESET", "ENOMEM"], "recvmsg": ["ENOMEM"], "setsockopt": ["ENOPROTOOPT", "ENOMEM"],
    "getsockopt": ["ENOPROTOOPT"], "clone3": ["EAGAIN", "EPERM"], "clone": ["EAGAIN", "EPERM"],
    "io_uring_setup": ["ENOMEM", "EPERM"], "io_uring_enter": ["ENOMEM", "EBUSY", "EINTR"],
    "io_uring_register": ["ENOMEM", "EINVAL"], "epoll_create1": ["EMFILE"], "epoll_ctl": ["ENOSPC", "ENOMEM"],
    "epoll_wait": ["EINTR"], "poll": ["EINTR", "ENOMEM"], "ppoll": ["EINTR", "ENOMEM"], "eventfd2": ["EMFILE"],
    "pipe2": ["EMFILE"], "memfd_create": ["EMFILE"], "ftruncate": ["EIO"], "fdatasync": ["EIO"], "fsync": ["EIO"],
    "rename": ["ENOSPC"], "linkat": ["EPERM", "ENOENT"], "flock": ["ENOLCK"], "unlink": ["EACCES"],
    "perf_event_open": ["EACCES", "EMFILE"], "unshare": ["EPERM", "ENOSPC"], "setns": ["EPERM"],
    "pidfd_open": ["EMFILE"], "timerfd_create": ["EMFILE"], "signalfd4": ["EMFILE"], "mlock": ["ENOMEM"],
    "getdents64": ["EIO"], "newfstatat": ["EACCES"], "fstat": ["EIO"], "lseek": ["ESPIPE"], "prlimit64": ["EPERM"],
    "sched_setaffinity": ["EINVAL"], "sched_getaffinity": ["EINVAL"], "getrandom": ["ENOSYS"], "prctl": ["EPERM"],
    "dup2": ["EMFILE"], "fcntl": ["EMFILE"], "ioctl": ["EPERM"], "getsockname": ["ENOBUFS"],
}
# The last that the dynamic loader does (glibc's __libc_early_init); before, its faults are not the program's.
LOADED = re.compile(r"prlimit64\(0, RLIMIT_STACK, NULL")
# A peer that is gone is the end of a control channel, whatever the errno.
ENDS = {("recvfrom", "ECONNRESET")}
# Sentences that name the cause by another word: output that cannot be written, and, of a --resume, what
# the machine seems to have lost because it could not be asked.
TOLD = ("the disk is full", "the machine or the program is not what it was")
UNTOLD = "failed, and nothing says"
LOADER = "error while loading shared libraries"
FIRST, SPREAD = 12, 4  # of the calls of a name: so many from the first, and so many of the others


def become_reaper():
    """Whoever is left behind becomes a child of this process."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def children():
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
        return [int(each) for each in file.read().split()]


def leftover_processes():
    """Those that are still there after a moment, which are ended here."""
    end = time.monotonic() + 2
    while children() and time.monotonic() < end:
        for child in children():
            os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    left = []
    for child in children():
        with open(f"/proc/{child}/cmdline", "rb") as file:
            left.append(file.read().replace(b"\0", b" ").decode(errors="replace"))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return left


def named_things():
    """Namespaces with a name and network devices: a run leaves neither."""
    names = set(os.listdir("/run/netns")) if os.path.isdir("/run/netns") else set()
    names |= set(os.listdir("/sys/class/net"))
    # Another run on this machine may have some; they carry the number of its process.
    return {each for each in names if not os.path.isdir(f"/proc/{each.rpartition('-')[2]}")}


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.study = os.path.join(folder, "study")
        self.count = 0
        subprocess.run([program, "--mode", "pthread,epoll", *SHORT, "--reps", "2", "--out", self.study],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def prepared(self, scenario):
        """A directory of a trial's own, and the command."""
        self.count += 1
        place = os.path.join(self.folder, str(self.count))
        os.makedirs(os.path.join(place, "tmp"))
        names = {"OUT": os.path.join(place, "out"), "OUT.txt": os.path.join(place, "report.txt"),
                 "STUDY": os.path.join(place, "study"), "TWIN": self.study}
        if "STUDY" in SCENARIOS[scenario]:
            os.makedirs(names["STUDY"])
            with open(os.path.join(self.study, "samples.jsonl"), encoding="utf-8") as whole:
                lines = whole.readlines()
            if scenario == "resume":
                lines = lines[: 2 + (len(lines) - 2) // 2]
            with open(os.path.join(names["STUDY"], "samples.jsonl"), "w", encoding="utf-8") as part:
                part.writelines(lines)
        return place, [self.program, *(names.get(each, each) for each in SCENARIOS[scenario])]

    def run(self, scenario, strace_options):
        """(place, exit status or None when it hung, stdout, stderr, seconds)."""
        place, command = self.prepared(scenario)
        begin = time.monotonic()
        process = subprocess.Popen(["strace", "-f", "-qq", "-e", "signal=none", *strace_options, *command],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=dict(os.environ, TMPDIR=os.path.join(place, "tmp")), start_new_session=True)
        try:
            out, err = process.communicate(timeout=LIMIT_S)
            status = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            status = None
        return place, status, out.decode(errors="replace"), err.decode(errors="replace"), time.monotonic() - begin

    def trials_of(self, scenario, draw):
        """Every call of an undisturbed run, as often as any one process makes it."""
        log = os.path.join(self.folder, f"{scenario}.calls")
        place, _, _, _, _ = self.run(scenario, ["-o", log])
        counts, loaders = collections.Counter(), collections.defaultdict(int)
        with open(log, encoding="utf-8", errors="replace") as file:
            for line in file:
                found = re.match(r"(\d+) +([a-z]\w*)\(", line)
                if not found:
                    continue
                counts[found.groups()] += 1
                if LOADED.search(line):
                    for (process, call), count in counts.items():
                        if process == found.group(1):
                            loaders[call] = max(loaders[call], count)
        shutil.rmtree(place)
        most = collections.defaultdict(int)
        for (_, call), count in counts.items():
            most[call] = max(most[call], count)
        for call, count in sorted(most.items()):
            if call in NEVER_FAIL:
                continue
            first = loaders[call] + 1
            numbers = set(range(first, min(count, first + FIRST - 1) + 1))
            numbers |= {draw.randint(first, count) for _ in range(SPREAD) if first <= count}
            for number in sorted(numbers):
                for error in ERRNOS.get(call, ["ENOMEM"]):
                    yield scenario, call, error, number


def whole_lines(place):
    """What is wrong with the samples that a trial left; the reasons in them."""
    reasons, faults = [], []
    for name in ("out", "study"):
        path = os.path.join(place, name, "samples.jsonl")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            for line in file:
                try:
                    record = json.loads(line)
                except ValueError:
                    faults.append("samples.jsonl holds a line that is no JSON")
                    continue
                if record.get("reason"):
                    reasons.append(f'{record["status"]}: {record["reason"]}')
    return reasons, faults


def other_files(place):
    found = []
    for folder, _, files in os.walk(place):
        for name in files:
            if folder.startswith(os.path.join(place, "tmp")) or ".tmp" in name or name.startswith("."):
                found.append(os.path.join(folder, name))
    return found


def judge(trial, place, status, out, err, reasons):
    """What did not hold."""
    _, call, error, _ = trial
    if status is None:
        yield f"had not ended after {LIMIT_S} s"
    elif status < 0 or status >= 128 and status != 130:
        yield f"ended by signal {-status if status < 0 else status - 128}"
    text = "\n".join([err, out, *reasons])
    if "ended by signal" in text or "bug:" in text:
        yield "a role died of a signal, or a bug is told"
    for name in other_files(place):
        yield f"left {name}"
    if LOADER in text:
        return
    if status not in (0, None, 130) and not text.strip():
        yield "failed without a word"
    told = error in text or any(each in text for each in TOLD)
    if status not in (0, None, 130, 3) and not told and (call, error) not in ENDS:
        yield f"{UNTOLD} {error}"


def make(bench, trial, loud=False):
    scenario, call, error, number = trial
    before = named_things()
    inject = ["-o", "/dev/null", "--seccomp-bpf", "-e", f"trace={call}", f"--inject={call}:error={error}:when={number}"]
    place, status, out, err, seconds = bench.run(scenario, inject)
    reasons, faults = whole_lines(place)
    faults += judge(trial, place, status, out, err, reasons)
    faults += [f"left a process: {each}" for each in leftover_processes()]
    faults += [f"left {each}" for each in named_things() - before if "ub-" in each]
    if loud:
        print(f"status {status}, {seconds:.1f} s\n--- stdout\n{out}--- stderr\n{err}--- reasons")
        print("\n".join(reasons))
    if faults:
        said = " | ".join([line for line in err.splitlines() if line.startswith("uringbench:")][:2] + reasons[:2])
        print(f"{' '.join(map(str, trial))}: {'; '.join(faults)}\n    said: {said[:600]}", flush=True)
    shutil.rmtree(place)
    return all(each.startswith(UNTOLD) for each in faults), not faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--seconds", type=int, default=50)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--trial")
    parser.add_argument("program", nargs="?", default=os.path.join(ROOT, "build/release/src/uringbench"))
    asked = parser.parse_args()
    subprocess.run([os.path.join(ROOT, "cmake/install_packages.sh"), "torture"], check=True)
    become_reaper()
    draw = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        bench = Bench(os.path.abspath(asked.program), folder)
        if asked.trial:
            scenario, call, error, number = asked.trial.split()
            sys.exit(0 if all(make(bench, (scenario, call, error, int(number)), loud=True)) else 1)
        print(f"torture: seed {asked.seed}", flush=True)
        end = time.monotonic() + asked.seconds
        scenarios = asked.only.split(",") if asked.only else list(SCENARIOS)
        if not asked.full:
            draw.shuffle(scenarios)
            scenarios = scenarios[:5]  # looking at a run takes as long as many trials
        trials = [trial for scenario in scenarios for trial in bench.trials_of(scenario, draw)]
        draw.shuffle(trials)
        made = failed = untold = 0
        for trial in trials:
            if not asked.full and time.monotonic() >= end:
                break
            made += 1
            held, told = make(bench, trial)
            failed += not held
            untold += held and not told
    print(f"torture: {made} of {len(trials)} faults of {', '.join(scenarios)}: {made - failed} taken well, {failed} not; "
          f"of {untold} the errno is not told")
    sys.exit(1 if failed or asked.strict and untold or not made else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""bench/containers/seccomp.py: the program under a runtime's default profile, where io_uring is refused, and under what
the script makes of it, where it is not.

usage: tests/bench/containers_test.py PROGRAM [DEFAULT-PROFILE]

The filter is built from the profile's rules as a runtime does it. Without a profile it takes the installed one, or
downloads Debian's golang-github-containers-common without installing it. Ends with 77 and the reason where neither
that nor python3-seccomp can be had.
"""
import ctypes
import errno
import glob
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bench/containers/seccomp.py"
PACKAGE = "golang-github-containers-common"
# What Docker and Podman leave a container's root; no profile grants one of these io_uring or perf.
CAPS = {"CAP_" + name for name in (
    "CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP").split()}
ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "ppc64le": "ppc64le", "riscv64": "riscv64", "s390x": "s390x"}
SHORT = ["--size", "4K", "--reps", "1", "--warmup", "20ms", "--duration", "50ms"]

try:
    import seccomp
except ImportError:
    print("skipped: Debian's python3-seccomp is missing; cmake/install_packages.sh test")
    sys.exit(77)


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def default_profile():
    for place in ("/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"):
        if os.path.exists(place):
            return place
    folder = ROOT / "build/containers"
    place = folder / "tree/usr/share/containers/seccomp.json"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            # apt drops its rights for a download, and then could not write here.
            subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", PACKAGE], cwd=folder,
                           check=True, timeout=40, capture_output=True, text=True)
            subprocess.run(["dpkg-deb", "--extract", glob.glob(f"{folder}/{PACKAGE}_*.deb")[0], folder / "tree"],
                           check=True, timeout=40)
        except (OSError, subprocess.SubprocessError) as error:
            skip(f"no default profile is installed, and {PACKAGE} cannot be had: {getattr(error, 'stderr', '') or error}")
    return str(place)


def applies(rule):
    """Whether a runtime would take this rule here, for a container with CAPS."""
    includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
    arch = ARCHES[platform.machine()]
    if not set(includes.get("caps") or []) <= CAPS or set(excludes.get("caps") or []) & CAPS:
        return False
    if arch in (excludes.get("arches") or []):
        return False
    return not includes.get("arches") or arch in includes["arches"]  # every kernel here is above every minKernel


def action_of(rule, profile):
    if rule["action"] == "SCMP_ACT_ALLOW":
        return seccomp.ALLOW
    assert rule["action"] == "SCMP_ACT_ERRNO", rule["action"]
    return seccomp.ERRNO(rule.get("errnoRet", profile.get("defaultErrnoRet", errno.EPERM)))


def condition_of(arg):
    operator = getattr(seccomp, arg["op"].removeprefix("SCMP_CMP_"))
    if operator == seccomp.MASKED_EQ:
        return seccomp.Arg(arg["index"], operator, arg["value"], arg.get("valueTwo", 0))
    return seccomp.Arg(arg["index"], operator, arg["value"])


def filter_of(profile):
    default = seccomp.ERRNO(profile.get("defaultErrnoRet", errno.EPERM))
    result = seccomp.SyscallFilter(default)
    for rule in filter(applies, profile["syscalls"]):
        action = action_of(rule, profile)
        if action == default:
            continue
        for name in rule["names"]:
            if seccomp.resolve_syscall(seccomp.Arch(), name) != -1:  # -1: unknown to this library
                result.add_rule(action, name, *map(condition_of, rule.get("args") or []))
    return result


def answers():
    """What these calls answer to nonsense: EFAULT, EINVAL or EBADF where they are let through."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = {}
    for name in ("io_uring_setup", "io_uring_enter", "io_uring_register", "perf_event_open", "mount"):
        libc.syscall(seccomp.resolve_syscall(seccomp.Arch(), name), -1, None, -1, -1, None, 0)
        result[name] = errno.errorcode[ctypes.get_errno()]
    return result


class UnderAProfile(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.default = json.loads(pathlib.Path(DEFAULT).read_text(encoding="utf-8"))

    def made(self, *options, default=None):
        path = self.folder / "made.json"
        subprocess.run([SCRIPT, "--default", default or DEFAULT, "--output", path, *options], check=True)
        return json.loads(path.read_text(encoding="utf-8"))

    def run_under(self, profile, *arguments):
        rules = filter_of(profile)
        return subprocess.run([PROGRAM, *arguments], preexec_fn=rules.load, capture_output=True, text=True, timeout=60,
                              check=False, cwd=self.folder)

    def answers_under(self, profile):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            filter_of(profile).load()
            os.write(writer, json.dumps(answers()).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        return json.loads(text)

    def assert_refused(self, profile, error):
        said = rf"io_uring_setup: {error}: .*seccomp filter of this process .*--security-opt seccomp="
        doctor = self.run_under(profile, "doctor", "--quick").stdout
        self.assertRegex(" ".join(doctor.split()), f"severe io_uring: {said}")
        run = self.run_under(profile, "--mode", "uring-two-copy", *SHORT)
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertRegex(run.stderr, said)
        self.assert_measures(profile, "pthread-two-copy,epoll-two-copy")

    def assert_measures(self, profile, modes):
        run = self.run_under(profile, "--mode", modes, "--out", "study", *SHORT)
        lines = (self.folder / "study/samples.jsonl").read_text(encoding="utf-8").splitlines()
        samples = [sample for sample in map(json.loads, lines) if "status" in sample]
        self.assertGreaterEqual(len(samples), len(modes.split(",")), run.stderr)
        for sample in samples:  # a busy machine may make one invalid
            self.assertIn(sample["status"], ("valid", "invalid"), sample)

    def test_the_default_refuses_and_the_program_says_so(self):
        self.assert_refused(self.default, {38: "ENOSYS", 1: "EPERM"}[self.default.get("defaultErrnoRet", 1)])

    def test_as_docker_refuses(self):
        self.assert_refused({**self.default, "defaultErrnoRet": errno.EPERM}, "EPERM")

    def test_what_the_script_makes_lets_io_uring_through(self):
        profile = self.made()
        doctor = " ".join(self.run_under(profile, "doctor", "--quick").stdout.split())
        self.assertIn("io_uring (allowed: a ring was made)", doctor)
        self.assert_measures(profile, "uring-two-copy,uring-send-zc,uring-fixed")

    def test_it_opens_what_was_asked_and_nothing_else(self):
        default, uring, perf = map(self.answers_under, (self.default, self.made(), self.made("--perf")))
        free = answers()
        for call in ("io_uring_setup", "io_uring_enter", "io_uring_register"):
            self.assertIn(default[call], ("ENOSYS", "EPERM"))
            self.assertEqual((uring[call], perf[call]), (free[call], free[call]), call)
        self.assertEqual(default["perf_event_open"], "EPERM")
        self.assertEqual((uring["perf_event_open"], perf["perf_event_open"]), ("EPERM", free["perf_event_open"]))
        self.assertEqual((uring["mount"], perf["mount"]), (default["mount"], default["mount"]))

    def test_every_other_rule_stays(self):
        calls = {"io_uring_setup", "io_uring_enter", "io_uring_register", "perf_event_open"}
        made = self.made("--perf")
        kept = [{**rule, "names": [name for name in rule["names"] if name not in calls]}
                for rule in self.default["syscalls"]]
        self.assertEqual(made["syscalls"][:-1], [rule for rule in kept if rule["names"]])
        self.assertEqual(set(made["syscalls"][-1]["names"]), calls)
        self.assertEqual({**made, "syscalls": 0}, {**self.default, "syscalls": 0})

    def test_bad_input_is_one_sentence(self):
        not_json, no_profile = self.folder / "text", self.folder / "other.json"
        not_json.write_text("profile")
        no_profile.write_text("{}")
        for path, words in ((self.folder / "none", "No such file"), (not_json, "not JSON"), (no_profile, "defaultAction")):
            run = subprocess.run([SCRIPT, "--default", path], capture_output=True, text=True, check=False)
            self.assertEqual((run.returncode, run.stdout, run.stderr.count("\n")), (2, "", 1))
            self.assertIn(str(path), run.stderr)
            self.assertIn(words, run.stderr)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: tests/bench/containers_test.py PROGRAM [DEFAULT-PROFILE]")
    PROGRAM = os.path.realpath(sys.argv[1])
    DEFAULT = os.path.realpath(sys.argv[2]) if len(sys.argv) == 3 else default_profile()
    unittest.main(argv=sys.argv[:1])

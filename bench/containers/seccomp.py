#!/usr/bin/python3
"""A container's default seccomp profile, with io_uring allowed."""
import argparse
import json
import os
import sys
import tempfile

IO_URING = ["io_uring_enter", "io_uring_register", "io_uring_setup"]
PERF = ["perf_event_open"]
# Where Podman, CRI-O and Buildah read theirs. Docker's and containerd's are compiled into the programs.
PLACES = ["/etc/containers/seccomp.json", "/usr/share/containers/seccomp.json"]
SOURCES = ("Docker's is seccomp/default.json of https://github.com/moby/profiles, Podman's is in Debian's package "
           "golang-github-containers-common")


def main():
    options = parse_options()
    try:
        default = options.default or first_there()
        text = json.dumps(allow(read_profile(default), IO_URING + (PERF if options.perf else [])), indent=2) + "\n"
        if options.output:
            write_whole(options.output, text)
        else:
            sys.stdout.write(text)
    except ProfileError as error:
        print(f"seccomp.py: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"seccomp.py: --output '{options.output}': {error.strerror}", file=sys.stderr)
        return 1
    return 0


def parse_options():
    parser = argparse.ArgumentParser(
        description="Writes the default seccomp profile of a container runtime with io_uring_setup, io_uring_enter and "
        "io_uring_register allowed, for docker run --security-opt seccomp=FILE, podman and Kubernetes (docs/containers.md).")
    parser.add_argument("--default", metavar="FILE",
                        help=f"the runtime's own profile (default: the first of {', '.join(PLACES)}); {SOURCES}")
    parser.add_argument("--perf", action="store_true",
                        help="allow perf_event_open as well; the container also needs CAP_PERFMON (--cap-add PERFMON)")
    parser.add_argument("--output", metavar="FILE", help="write it there, whole or not at all (default: standard output)")
    return parser.parse_args()


class ProfileError(Exception):
    """One sentence for the user."""


def first_there():
    for place in PLACES:
        if os.path.exists(place):
            return place
    raise ProfileError(f"no default profile is at {' or '.join(PLACES)}; name one with --default FILE: {SOURCES}")


def read_profile(path):
    try:
        with open(path, encoding="utf-8") as file:
            profile = json.load(file)
    except OSError as error:
        raise ProfileError(f"--default '{path}': {error.strerror}; {SOURCES}") from error
    except ValueError as error:
        raise ProfileError(f"--default '{path}' is not JSON: {error}") from error
    if not isinstance(profile, dict) or "defaultAction" not in profile or not isinstance(profile.get("syscalls"), list):
        raise ProfileError(f"--default '{path}' is no seccomp profile: it needs defaultAction and a list of syscalls")
    for rule in profile["syscalls"]:
        if not isinstance(rule, dict) or not isinstance(rule.get("names"), list) or "action" not in rule:
            raise ProfileError(f"--default '{path}': a rule has no action or no list of names")
    return profile


def allow(profile, calls):
    """The profile with these calls allowed whatever it said of them: two rules for one call would be at the mercy of
    the runtime's order."""
    rules = []
    for rule in profile["syscalls"]:
        names = [name for name in rule["names"] if name not in calls]
        if names:
            rules.append({**rule, "names": names})
    rules.append({"names": calls, "action": "SCMP_ACT_ALLOW"})
    return {**profile, "syscalls": rules}


def write_whole(path, text):
    folder = os.path.dirname(os.path.abspath(path))
    handle, scratch = tempfile.mkstemp(dir=folder, prefix=".seccomp-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(scratch, 0o644)
        os.replace(scratch, path)
    except OSError:
        os.unlink(scratch)
        raise


if __name__ == "__main__":
    sys.exit(main())

"""What the scripts that hold the program against its targets do alike: one run, one sample."""
import json
import subprocess
from statistics import median


class NotRun(Exception):
    """Why a figure could not be had."""


def sample(build, *options):
    """One run of the program with these options: its one sample, which must be valid."""
    command = [f"{build}/src/uringbench", "run", *options, "--format", "jsonl"]
    run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["record"] != "sample" or record["case"]["purpose"] != "comparison":
            continue  # a study also prices the harness
        if record["status"] != "valid":
            mode = record["case"]["mode"]
            raise NotRun(f"{mode}: {record['status']}: {record['reason']}")
        return record
    raise NotRun(f"{' '.join(options)}: {run.stderr.strip()}")


def spread(values, digits=2):
    return f"{median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"

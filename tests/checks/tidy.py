#!/usr/bin/python3
"""clang-tidy over the sources of the program, or over the files given.

usage: tests/checks/tidy.py [FILE...]

Needs a configured build: build/release, or the folder in BUILD.

Most of the time of clang-tidy goes into the headers, so the files of a folder are read together.
Files that cannot be (two have a private name that is the same) are halved until they can.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# More save little, and one unit should not keep a CPU busy when the others have nothing left.
FILES_PER_UNIT = 10
# A tenth of the analyzer's usual budget for a function (225000 nodes) makes the whole run take a
# third of the time.
BUDGET = ["-Xclang", "-analyzer-config", "-Xclang", "max-nodes=20000"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def commands_of(build):
    database = build / "compile_commands.json"
    if not database.exists():
        sys.exit(f"{build} is not configured: cmake --preset release")
    entries = json.loads(database.read_text(encoding="utf-8"))
    return {pathlib.Path(entry["file"]).resolve(): entry for entry in entries}


def groups_of(files):
    folders = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    for members in folders.values():
        for start in range(0, len(members), FILES_PER_UNIT):
            yield members[start : start + FILES_PER_UNIT]


def read_together(files, commands):
    """Whether clang-tidy found nothing, and what it said."""
    entry = commands[files[0]]
    with tempfile.TemporaryDirectory() as folder:
        unit = pathlib.Path(folder) / "unit.cpp"
        lines = [f'#include "{file}"  // NOLINT(bugprone-suspicious-include)\n' for file in files]
        unit.write_text("".join(lines), encoding="utf-8")
        command = entry["command"].replace(entry["file"], str(unit))
        database = [{"directory": entry["directory"], "file": str(unit), "command": command}]
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(database))
        budget = [f"--extra-arg={argument}" for argument in BUDGET]
        done = subprocess.run(
            ["clang-tidy-14", "-p", folder, "--quiet", f"--config-file={ROOT / '.clang-tidy'}"]
            + budget + [str(unit)],
            capture_output=True, text=True, check=False)
        # On stderr it counts the warnings in system headers, and says why it could not run at all.
        return done.returncode == 0, done.stdout or done.stderr


def findings_in(files, commands):
    clean, said = read_together(files, commands)
    if clean:
        return []
    if len(files) == 1 or "[clang-diagnostic-error]" not in said:
        return [said]
    half = len(files) // 2
    return findings_in(files[:half], commands) + findings_in(files[half:], commands)


def main():
    os.chdir(ROOT)
    names = sys.argv[1:] or subprocess.check_output(["git", "ls-files", "src/*.cpp"], text=True).split()
    files = [pathlib.Path(name).resolve() for name in names]
    commands = commands_of(ROOT / os.environ.get("BUILD", "build/release"))
    strangers = [str(file) for file in files if file not in commands]
    if strangers:
        sys.exit(f"the build does not know {', '.join(strangers)}")
    findings = []
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for found in pool.map(lambda group: findings_in(group, commands), list(groups_of(files))):
            findings += found
            print("".join(found), end="", flush=True)
    if findings:
        sys.exit(1)
    print(f"clang-tidy found nothing in {len(files)} files")


main()

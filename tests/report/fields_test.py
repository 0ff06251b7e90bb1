#!/usr/bin/python3
"""Every field of real files stands in docs/samples.md and docs/samples.schema.json, and these are what the program
writes. The schema refuses fields that it does not name, so a field that nobody described fails here. What the page
shows of jq, pandas, DuckDB and R runs as it stands.

    fields_test.py PROGRAM ROOT

Ends with 0, with 1 and the failures, or with 77 and the reason where python3-jsonschema is missing (skipped).
"""

import csv
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

QUICK = ["--warmup", "20ms", "--duration", "50ms", "--reps", "2"]
# Samples of every form: requests in both loops, receiving, zero-copy, profiles, many sizes.
STUDIES = {
    "requests": ["--mode", "epoll", "--workload", "rr", "--size", "64", "--histogram"],
    "rate": ["--mode", "epoll", "--workload", "rr", "--size", "64", "--rate", "2000"],
    "upload": ["--mode", "epoll", "--workload", "upload", "--size", "4K"],
    "zero-copy": ["--mode", "epoll-two-copy,epoll-msg-zerocopy,uring-send-zc", "--size", "4K,64K", "--profile"],
}
failures = []


def expect(holds, what):
    if not holds:
        failures.append(what)


def run(*command, ok=(0,)):
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    expect(ended.returncode in ok, f"{' '.join(map(str, command))} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout


def make_studies(program, root, scratch):
    """Directories with a samples.jsonl: recorded ones, and new ones of each form."""
    for name, recording in (("recorded", root / "docs/sample.jsonl.gz"),):
        (scratch / name).mkdir()
        (scratch / name / "samples.jsonl").write_bytes(gzip.open(recording).read())
    (scratch / "golden").mkdir()
    shutil.copy(root / "tests/report/golden/samples.jsonl", scratch / "golden")
    for name, options in STUDIES.items():
        # 1: a sample is invalid, which a busy machine may do to so short a window.
        run(program, *options, *QUICK, "--out", scratch / name, ok=(0, 1))
    run(program, "--resume", scratch / "upload", "--reps", "3", ok=(0, 1))
    return [scratch / name for name in ("recorded", "golden", *STUDIES)]


def validate(validator, what, document):
    for error in validator.iter_errors(document):
        # Below oneOf stands what is really wrong, for the record that was meant.
        meant = [each for each in error.context if "'" + document["record"] + "' was expected" not in each.message]
        deepest = max(meant or [error], key=lambda each: len(each.absolute_path))
        failures.append(f"{what}: {'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:200]}")
        return


def validate_studies(schema, program, studies):
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(schema)

    def of(record):
        return jsonschema.Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{record}"}]})

    readers = {name: of(name) for name in ("environment", "plan", "sample", "more_reps", "analysis", "comparison")}
    seen = set()
    for study in studies:
        if not (study / "samples.jsonl").exists():
            continue  # why stands among the failures
        for number, line in enumerate((study / "samples.jsonl").read_text().splitlines(), 1):
            record = json.loads(line)
            seen.add(record["record"])
            validate(readers[record["record"]], f"{study.name} line {number}", record)
        analysis = json.loads(run(program, "report", study, "--format", "json"))
        validate(readers["analysis"], f"{study.name}: analysis", analysis)
    comparison = run(program, "compare", studies[0], studies[1], "--format", "json", ok=(0, 125))
    validate(readers["comparison"], "comparison", json.loads(comparison))
    expect(seen == {"environment", "plan", "sample", "more_reps"}, f"records seen: {sorted(seen)}")
    # A field that is not described must not pass.
    record["nobody_described_this"] = 1
    expect(not readers[record["record"]].is_valid(record), "a field that the schema does not name passes")


def columns_are_described(program, studies):
    holders = json.loads(run(program, "fields", "--format", "json"))["holders"]
    described = [field["name"] for field in holders[-1]["forms"][0]["fields"]]
    header = next(csv.reader([run(program, "report", studies[0], "--format", "csv").splitlines()[0]]))
    expect(header == described, f"columns that are not described: {sorted(set(header) ^ set(described))}")


def files_are_current(program, root, schema_text):
    page = (root / "docs/samples.md").read_text()
    _, _, generated = page.partition("<!-- uringbench fields --format markdown -->\n")
    fresh = run(program, "fields", "--format", "markdown")
    mend = "run tests/report/fields_test.py --update PROGRAM ROOT"
    expect(generated == fresh, f"docs/samples.md is not what the program writes; {mend}")
    expect(schema_text == (root / "docs/samples.schema.json").read_text(),
           f"docs/samples.schema.json is not what the program writes; {mend}")


def examples_run(root, study):
    """Blocks of the page that name the tool, with DIR as a study."""
    page = (root / "docs/samples.md").read_text()
    tools = {"jq": ("jq", ["bash", "-eo", "pipefail", "-c"]), "python": (None, ["/usr/bin/python3", "-c"]),
             "r": ("Rscript", ["Rscript", "-e"]), "sql": ("duckdb", ["duckdb", "-c"])}
    ran = 0
    for language, block in re.findall(r"```(jq|python|r|sql)\n(.*?)```", page, re.S):
        tool, command = tools[language]
        if tool and shutil.which(tool) is None:
            print(f"not run: the example for {tool}, which is not installed")
            continue
        if language == "python" and subprocess.run(["/usr/bin/python3", "-c", "import pandas"], check=False,
                                                   capture_output=True).returncode != 0:
            print("not run: the example for pandas, which is not installed")
            continue
        out = run(*command, block.replace("DIR", str(study)))
        expect(len(out.strip().splitlines()) >= 3, f"the example for {language} prints nothing of a study: {out}")
        ran += 1
    print(f"{ran} examples of the page ran")


def update(program, root):
    page = root / "docs/samples.md"
    head, mark, _ = page.read_text().partition("<!-- uringbench fields --format markdown -->\n")
    page.write_text(head + mark + run(program, "fields", "--format", "markdown"))
    (root / "docs/samples.schema.json").write_text(run(program, "fields", "--format", "json-schema"))


def main():
    if sys.argv[1] == "--update":
        update(sys.argv[2], pathlib.Path(sys.argv[3]))
        return 1 if failures else 0
    program, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    schema_text = run(program, "fields", "--format", "json-schema")
    files_are_current(program, root, schema_text)
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("skipped: there is no python3-jsonschema")
        return 77
    with tempfile.TemporaryDirectory() as scratch:
        studies = make_studies(program, root, pathlib.Path(scratch))
        validate_studies(json.loads(schema_text), program, studies)
        columns_are_described(program, studies)
        examples_run(root, studies[0])
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

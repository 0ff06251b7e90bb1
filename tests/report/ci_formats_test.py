#!/usr/bin/python3
"""What the program writes for CI, read by others' readers: xmllint, Prometheus' strict parser of OpenMetrics,
json. Each format is one that another program must take, so its own parser would prove nothing.

    ci_formats_test.py PROGRAM STUDY.jsonl.gz

Ends with 0, with 1 and the failures, or with 77 and the reason where a reader is missing (skipped).
"""

import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(*command, text=None):
    ended = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)
    if ended.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout


def read_junit(text):
    run("xmllint", "--noout", "-", text=text)
    number = run("xmllint", "--xpath", "count(//testcase)", "-", text=text)
    assert int(number) > 0, "no case"
    return int(number)


def read_openmetrics(text):
    import prometheus_client.openmetrics.parser
    import prometheus_client.parser

    families = list(prometheus_client.openmetrics.parser.text_string_to_metric_families(text))
    assert families, "no family"
    for family in families:
        series = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        assert len(series) == len(set(series)), f"{family.name} has a series twice"
    older = list(prometheus_client.parser.text_string_to_metric_families(text))
    assert [each.name for each in older] == [each.name for each in families], "the older text differs"
    return len(families)


def read_benchmark(text):
    entries = json.loads(text)
    for entry in entries:
        assert isinstance(entry["name"], str) and isinstance(entry["unit"], str), entry
        assert isinstance(entry["value"], (int, float)), entry
    names = [entry["name"] for entry in entries]
    assert len(names) == len(set(names)) > 0, "names that are not their own, or none"
    return len(names)


def read_settings(text):
    import tomllib

    settings = tomllib.loads(text)
    assert settings["study"]["kernel"] and settings["best"], "no setting"
    return len(settings["best"]) + len(settings["zero_copy"])


READERS = {"settings": read_settings, "junit": read_junit, "openmetrics": read_openmetrics, "github-action-benchmark": read_benchmark}


def missing():
    if shutil.which("xmllint") is None:
        return "xmllint (libxml2-utils)"
    try:
        import prometheus_client.openmetrics.parser  # noqa: F401
    except ImportError:
        return "python3-prometheus-client"
    return None


def main():
    if why := missing():
        print(f"skipped: there is no {why}")
        return 77
    program, recording = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as scratch:
        studies = [pathlib.Path(scratch) / name for name in "ABCD"]
        for study in studies:
            study.mkdir()
            (study / "samples.jsonl").write_bytes(gzip.open(recording).read())
        for name, reader in READERS.items():
            number = reader(run(program, "report", studies[0], "--format", name))
            print(f"report --format {name}: {number} read")
        for name in ("junit", "openmetrics"):
            number = READERS[name](run(program, "compare", *studies, "--format", name))
            print(f"compare --format {name}: {number} read")
    return 0


if __name__ == "__main__":
    sys.exit(main())

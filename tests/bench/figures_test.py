#!/usr/bin/python3
"""bench/figures.py draws every figure from a recorded study, and says what it could not draw."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bench" / "figures.py"
RECORDED = ROOT / "tests" / "report" / "golden"
PROGRAM = os.environ["URINGBENCH"]


def draw(study, out, *options):
    return subprocess.run([sys.executable, str(SCRIPT), str(study), "--out", str(out), *options],
                          capture_output=True, text=True, check=False)


def text_of(svg):
    return " ".join(re.findall(r">([^<>]+)</text>", svg.read_text(encoding="utf-8")))


def figure(median):
    return {"median": median, "min": median, "max": median, "count": 8,
            "interval": {"low": 0.9 * median, "value": median, "high": 1.1 * median, "level": 0.95}}


NONE = {"unavailable": "not counted"}


def row(path, family, gbps, marks=None):
    """What the script reads of a row."""
    return {"variant": f"uring-{path}", "repetitions": 8, "failures": [], "marks": marks or {},
            "case": {"engine": "uring", "path": path, "family": family, "batch": 1},
            "figures": {"throughput_gbps": figure(gbps), "latency_p99_us": NONE, "cycles_per_byte": NONE,
                        "l1d_misses_per_byte": NONE, "llc_misses_per_byte": NONE,
                        "cpu_ns_per_byte": figure(0.2)}}


def crossing_analysis():
    """Two-copy and zero-copy cross at 16K."""
    groups = [{"title": f"size {size}", "case": {"size_bytes": size, "clients": 1, "working_set_bytes": 64 * size},
               "rows": [row("two-copy", "two-copy", 10),
                        row("send-zc", "zero-copy", 10 * size / 16384, {"client-bound": 1})]}
              for size in (4096, 16384, 65536)]
    crossing = {"size_bytes": 16384, "low": 12288, "high": 20480, "below": "uring-two-copy",
                "from": "uring-send-zc"}
    return {"record": "analysis", "environment": {"kernel": "Linux 6.99"}, "facts_only": [],
            "groups": groups,
            "crossovers": [{"objective": "throughput", "case": {"clients": 1},
                            "pairs": [{"a": "uring-two-copy", "b": "uring-send-zc",
                                       "thresholds": [crossing]}]}]}


class FiguresTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.directory = pathlib.Path(self.scratch.name)

    def write(self, analysis):
        path = self.directory / "analysis.json"
        path.write_text(json.dumps(analysis), encoding="utf-8")
        return path

    def test_what_a_recorded_study_has_is_drawn_and_the_rest_named(self):
        ended = draw(RECORDED, self.directory, "--program", PROGRAM)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("2 figures", ended.stdout)
        for name in ("throughput", "cpu"):
            self.assertTrue((self.directory / f"{name}.png").read_bytes().startswith(b"\x89PNG"))
            self.assertIn("Linux 6.18.44", text_of(self.directory / f"{name}.svg"))
        drawn = text_of(self.directory / "throughput.svg")
        self.assertIn("uring-bundle x64 (one-copy)", drawn)
        self.assertIn("needs a ring", drawn)
        left = (self.directory / "not-drawn.txt").read_text(encoding="utf-8").splitlines()
        self.assertEqual([line.split(":")[0] for line in left], ["latency", "l1-misses", "llc-misses", "cycles"])
        self.assertIn("has no requests", left[0])
        self.assertIn("no PMU", left[1])
        self.assertFalse((self.directory / "latency.svg").exists())

    def test_a_crossover_is_marked(self):
        ended = draw(self.write(crossing_analysis()), self.directory)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        drawn = text_of(self.directory / "throughput.svg")
        self.assertIn("uring-send-zc from 16", drawn)
        self.assertIn("[12K, 20K]", drawn)
        self.assertNotIn("not drawn", drawn)

    def test_where_times_mean_nothing_nothing_is_drawn(self):
        analysis = crossing_analysis() | {"facts_only": ["the CPU is emulated"]}
        ended = draw(self.write(analysis), self.directory)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("the CPU is emulated", ended.stdout)
        self.assertEqual(list(self.directory.glob("*.svg")), [])

    def test_the_same_study_gives_the_same_bytes(self):
        for name in ("a", "b"):
            self.assertEqual(draw(RECORDED, self.directory / name, "--program", PROGRAM).returncode, 0)
        drawn = list((self.directory / "a").iterdir())
        self.assertGreater(len(drawn), 4)
        for svg in drawn:
            self.assertEqual(svg.read_bytes(), (self.directory / "b" / svg.name).read_bytes())

    def test_no_study_is_refused_in_one_sentence(self):
        ended = draw(self.directory / "nothing", self.directory)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("name the directory of a study", ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
"""bench/figures.py draws every figure from a recorded study, and says what it could not draw."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "bench" / "figures.py"
RECORDED = ROOT / "tests" / "report" / "golden"
FIGURES = ("throughput", "latency", "l1-misses", "llc-misses", "cpu", "cycles")


def draw(study, out):
    return subprocess.run([sys.executable, str(SCRIPT), str(study), "--out", str(out)],
                          capture_output=True, text=True, check=False)


def text_of(svg):
    return " ".join(re.findall(r">([^<>]+)</text>", svg.read_text(encoding="utf-8")))


def sample(engine, path, family, size, block, gbps):
    """What the script reads of a sample; two-copy and zero-copy cross at 16K."""
    return {"record": "sample", "status": "valid", "reason": None, "rep": block, "block": block,
            "case": {"mode": f"{engine}-{path}", "engine": engine, "path": path, "family": family,
                     "batch": 1, "size_bytes": size, "clients": 1, "workload": "stream",
                     "purpose": "comparison"},
            "bytes": 10**9, "goodput_bps": gbps * 1e9, "latency_ns": None,
            "client": {"cpu_ns": 10**8},
            "server": {"cpu_ns": 10**8, "counters": {"cycles": {"value": 3e8, "running": 1}}}}


def write_crossing_study(directory):
    lines = [{"record": "environment", "facts": {"kernel": "Linux 6.99", "cpu_model": "Example"}}]
    for block in range(8):
        for size in (4096, 16384, 65536):
            wobble = 1 + 0.01 * (block % 3)
            lines.append(sample("uring", "two-copy", "two-copy", size, block, 10 * wobble))
            lines.append(sample("uring", "send-zc", "zero-copy", size, block,
                                10 * wobble * size / 16384))
    text = "".join(json.dumps(line) + "\n" for line in lines)
    # A torn last line is what an interrupted study leaves.
    (directory / "samples.jsonl").write_text(text + '{"record":"sam', encoding="utf-8")
    (directory / "thresholds.json").write_text(json.dumps(
        {"case": {"clients": 1}, "crossovers": [
            {"objective": "throughput", "case": {}, "thresholds": [
                {"size_bytes": 16384, "low": 12288, "high": 20480, "below": "uring-two-copy",
                 "from": "uring-send-zc"}]}]}), encoding="utf-8")


class FiguresTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.directory = pathlib.Path(self.scratch.name)

    def test_every_figure_of_a_recorded_study(self):
        ended = draw(RECORDED, self.directory)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        for name in FIGURES:
            self.assertTrue((self.directory / f"{name}.png").read_bytes().startswith(b"\x89PNG"))
            self.assertIn("Linux 6.18.44", text_of(self.directory / f"{name}.svg"))
        self.assertIn("uring-bundle (one-copy)", text_of(self.directory / "throughput.svg"))

    def test_a_missing_series_says_why(self):
        self.assertEqual(draw(RECORDED, self.directory).returncode, 0)
        misses = text_of(self.directory / "l1-misses.svg")
        self.assertIn("not drawn", misses)
        self.assertIn("no PMU", misses)
        self.assertIn("has no requests", text_of(self.directory / "latency.svg"))
        self.assertIn("needs a ring", text_of(self.directory / "throughput.svg"))

    def test_a_crossover_is_marked(self):
        write_crossing_study(self.directory)
        ended = draw(self.directory, self.directory / "figures")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        drawn = text_of(self.directory / "figures" / "throughput.svg")
        self.assertIn("uring-send-zc from 16", drawn)
        self.assertIn("[12K, 20K]", drawn)
        self.assertNotIn("not drawn", drawn)
        self.assertIn("uring-send-zc (zero-copy)",
                      text_of(self.directory / "figures" / "cycles.svg"))

    def test_ways_to_receive_of_one_mode_are_told_apart(self):
        lines = [{"record": "environment", "facts": {}}]
        for receive in ("single", "multishot"):
            record = sample("uring", "two-copy", "two-copy", 4096, 0, 10)
            record["case"]["receive"] = receive
            lines.append(record)
        (self.directory / "samples.jsonl").write_text(
            "".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        ended = draw(self.directory, self.directory)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        drawn = text_of(self.directory / "throughput.svg")
        self.assertIn("uring-two-copy, receive single", drawn)
        self.assertIn("uring-two-copy, receive multishot", drawn)

    def test_the_same_study_gives_the_same_bytes(self):
        for name in ("a", "b"):
            self.assertEqual(draw(RECORDED, self.directory / name).returncode, 0)
        for svg in (self.directory / "a").iterdir():
            self.assertEqual(svg.read_bytes(), (self.directory / "b" / svg.name).read_bytes())

    def test_no_study_is_refused_in_one_sentence(self):
        ended = draw(self.directory / "nothing", self.directory)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("name the directory of a study", ended.stderr)
        self.assertEqual(len(ended.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()

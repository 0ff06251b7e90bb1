#!/usr/bin/python3
"""Draws the figures of a study from its samples.jsonl: nothing in here is a measurement.

usage: bench/figures.py [--out DIR] STUDY

STUDY is a directory given to --out. Each figure is written as PNG and SVG to STUDY/figures, or to
the directory of --out. Points are medians over the valid repetitions, bars their intervals: between
two order statistics at a confidence of at least 95 %, or least and most where the repetitions are
too few. A series that could not be drawn is named on the figure with the reason.
"""

import argparse
import json
import math
import pathlib
import sys
from collections import defaultdict

try:
    import matplotlib
except ImportError:
    sys.exit("bench/figures.py: Debian's python3-matplotlib is missing: apt install python3-matplotlib,"
             " and run it with /usr/bin/python3")
matplotlib.use("Agg")
# Text stays text in the SVG, and the same data gives the same file.
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "uringbench", "font.size": 9})
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter, NullFormatter  # noqa: E402

MARKERS = {"two-copy": "o", "one-copy": "s", "zero-copy": "^"}
LINES = {"pthread": "-", "epoll": "--", "uring": "-."}
MOST_REASONS = 6


def order_interval(values):
    """(low, median, high): the narrowest pair of order statistics with 95 %, else least and most."""
    values = sorted(values)
    n = len(values)
    middle = values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2
    depth, outside = 0, 0.0
    # P(the median lies below the (k+1)-th smallest) = P(Binomial(n, 1/2) <= k)
    for k in range(n // 2):
        outside += math.comb(n, k) / 2**n
        if 2 * outside > 0.05:
            break
        depth = k
    return values[depth], middle, values[n - 1 - depth]


def size_text(size, _position=None):
    for unit, name in ((1 << 20, "M"), (1 << 10, "K")):
        if size >= unit:
            return f"{size / unit:.4g}{name}"
    return f"{size:g}"


class Missing(Exception):
    """Why a sample has no value."""


def per_byte(value, sample):
    if not sample["bytes"]:
        raise Missing("no bytes arrived")
    return value / sample["bytes"]


def counter(sample, name):
    reading = sample["server"]["counters"].get(name, {"unavailable": "not counted"})
    if "unavailable" in reading:
        raise Missing(reading["unavailable"])
    return reading["value"]


def throughput(sample):
    return sample["goodput_bps"] / 1e9


def latency(sample):
    figures = sample.get("latency_ns")
    if not figures:
        raise Missing(f"workload {sample['case']['workload']} has no requests; a latency study has: "
                      "bench/sweep.sh latency")
    if figures.get("p99") is None:
        raise Missing("too few requests for a p99; use a longer window")
    return figures["p99"] / 1e3


def l1_misses(sample):
    return per_byte(counter(sample, "l1d_misses"), sample)


def llc_misses(sample):
    return per_byte(counter(sample, "llc_misses"), sample)


def cpu_per_byte(sample):
    return per_byte(sample["server"]["cpu_ns"] + sample["client"]["cpu_ns"], sample)


def cycles_per_byte(sample):
    return per_byte(counter(sample, "cycles"), sample)


# name, title, x axis, what its label is, y label, value
FIGURES = [
    ("throughput", "Throughput by message size", "size_bytes", "message size (bytes)", "Gbit/s",
     throughput),
    ("latency", "p99 latency by clients", "clients", "clients", "p99 latency (µs)", latency),
    ("l1-misses", "L1 data cache misses by message size", "size_bytes", "message size (bytes)",
     "server's L1d misses a byte", l1_misses),
    ("llc-misses", "Last-level cache misses by message size", "size_bytes", "message size (bytes)",
     "server's LLC misses a byte", llc_misses),
    ("cpu", "CPU time of both ends by message size", "size_bytes", "message size (bytes)",
     "CPU ns per byte, server and clients", cpu_per_byte),
    ("cycles", "Cycles of the server by message size", "size_bytes", "message size (bytes)",
     "server's cycles a byte", cycles_per_byte),
]
OBJECTIVES = {"throughput": "throughput", "cpu": "cpu", "cycles": None}


def flat(case):
    """Factors by name; a factor that is an object gives one a member."""
    result = {}
    for key, value in case.items():
        if isinstance(value, dict):
            result.update({f"{key}.{name}": each for name, each in value.items()})
        else:
            result[key] = value
    return result


IDENTITY = {"mode", "engine", "path", "family", "batch", "purpose"}
# How a server receives, waits and drives its ring: part of a series, as the mode is.
ARM = ("receive", "wait", "ring", "registered_files", "registered_ring_fd", "poll_first",
       "napi_busy_poll_us", "min_wait_us", "cq_entries", "reactors", "huge_pages")


def name_arms(samples):
    """Gives each case an "arm": its mode, with those of ARM in which the cases of the mode differ."""
    values = defaultdict(set)
    for sample in samples:
        case = sample["case"]
        for key in ARM:
            values[case["mode"], key].add(str(case.get(key)))
    for sample in samples:
        case = sample["case"]
        extra = [f"{key} {case.get(key)}" for key in ARM if len(values[case["mode"], key]) > 1]
        case["arm"] = ", ".join([case["mode"], *extra])


def read_study(directory):
    """The environment, and the samples of the comparison that send."""
    path = directory / "samples.jsonl"
    environment, samples = None, []
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        sys.exit(f"bench/figures.py: {path}: {error.strerror}; name the directory of a study")
    whole = text if text.endswith("\n") else text[:text.rfind("\n") + 1]  # a torn last line
    for number, line in enumerate(whole.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            sys.exit(f"bench/figures.py: {path} line {number}: {error}")
        if record.get("record") == "environment":
            environment = environment or record
        elif record.get("record") == "sample":
            case = record["case"]
            if case.get("purpose", "comparison") == "comparison" and case["family"] != "none":
                samples.append(record)
    if environment is None:
        sys.exit(f"bench/figures.py: {path} holds no environment: not a study's file")
    return environment, samples


def panels_of(samples, axis):
    """Samples by the factors, other than the axis, in which the study's cases differ."""
    cases = [flat(sample["case"]) for sample in samples]
    keys = sorted({key for case in cases for key in case} - IDENTITY - set(ARM) - {"arm", axis})
    varying = [key for key in keys if len({str(case.get(key)) for case in cases}) > 1]
    panels = defaultdict(list)
    for sample, case in zip(samples, cases):
        panels[tuple((key, case.get(key)) for key in varying)].append(sample)
    return sorted(panels.items(), key=lambda item: [(k, str(type(v)), v) for k, v in item[0]])


def series_of(samples, axis, value_of):
    """{mode: {x: [values]}} and {mode: reason} of those without any."""
    series, reasons = defaultdict(lambda: defaultdict(list)), {}
    for sample in samples:
        mode = sample["case"]["arm"]
        if sample["status"] != "valid":
            reasons.setdefault(mode, f"{sample['status']}: {sample['reason']}")
            continue
        try:
            value = value_of(sample)
        except Missing as error:
            reasons.setdefault(mode, str(error))
            continue
        if value > 0:
            series[mode][sample["case"][axis]].append(value)
        else:
            reasons.setdefault(mode, "a value of 0 has no place on a logarithmic axis")
    return series, {mode: why for mode, why in reasons.items() if mode not in series}


def title_of(factors):
    words = []
    for key, value in factors:
        words.append(f"{key} {size_text(value)}" if key.endswith("_bytes") else f"{key} {value}")
    return ", ".join(words)


def same_case(crossover, common, case):
    case = flat(case)
    wanted = flat({**common, **crossover["case"]})
    return all(case.get(key) == value for key, value in wanted.items())


def crossings_of(thresholds, objective, case):
    """The crossings of one panel, as the program found them."""
    if thresholds is None or objective is None:
        return []
    found = []
    for crossover in thresholds["crossovers"]:
        if crossover["objective"] != objective:
            continue
        if same_case(crossover, thresholds.get("case", {}), case):
            found += crossover["thresholds"]
    return found


def read_thresholds(directory):
    path = directory / "thresholds.json"
    if not path.exists():
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def draw_crossings(axes, crossings):
    for number, crossing in enumerate(crossings):
        axes.axvline(crossing["size_bytes"], color="0.45", linewidth=0.8, linestyle=":")
        axes.axvspan(crossing["low"], crossing["high"], color="0.6", alpha=0.15, linewidth=0)
        text = (f"{crossing['from']} from {size_text(crossing['size_bytes'])}"
                f" [{size_text(crossing['low'])}, {size_text(crossing['high'])}]")
        axes.annotate(text, (crossing["size_bytes"], 0.02 + 0.05 * (number % 6)),
                      xycoords=("data", "axes fraction"), fontsize=6, rotation=0, color="0.25")


def draw_panel(axes, samples, axis, value_of, crossings):
    """Draws what can be drawn; returns the reasons for the rest."""
    series, reasons = series_of(samples, axis, value_of)
    cases = {sample["case"]["arm"]: sample["case"] for sample in samples}
    for number, mode in enumerate(sorted(series)):
        case = cases[mode]
        points = sorted((x, order_interval(values)) for x, values in series[mode].items())
        xs = [x for x, _ in points]
        middles = [middle for _, (_, middle, _) in points]
        bars = [[middle - low for _, (low, middle, _) in points],
                [high - middle for _, (_, middle, high) in points]]
        axes.errorbar(xs, middles, yerr=bars, label=f"{mode} ({case['family']})", capsize=2.5,
                      color=f"C{number % 10}", linewidth=1.1, markersize=5, elinewidth=0.9,
                      marker=MARKERS.get(case["family"], "x"),
                      linestyle=LINES.get(case["engine"], "-"))
    if not series:
        axes.set_xticks([])
        axes.set_yticks([])
        return reasons
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sorted({x for points in series.values() for x in points}))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(True, which="both", linewidth=0.3, alpha=0.6)
    axes.legend(fontsize=7)
    axes.xaxis.set_major_formatter(FuncFormatter(size_text))
    draw_crossings(axes, crossings)
    return reasons


def reasons_text(reasons):
    """Each reason once, with the modes it holds for."""
    modes = defaultdict(list)
    for mode, why in sorted(reasons.items()):
        modes[why].append(mode)
    lines = [f"not drawn: {', '.join(names)}: {why}" for why, names in modes.items()]
    if len(lines) > MOST_REASONS:
        lines = lines[:MOST_REASONS] + [f"and {len(lines) - MOST_REASONS} more reasons"]
    return "\n".join(lines)


def wrapped(text, width):
    lines = []
    for line in text.splitlines():
        while len(line) > width:
            cut = line.rfind(" ", 0, width)
            cut = cut if cut > 0 else width
            lines.append(line[:cut])
            line = "  " + line[cut:].lstrip()
        lines.append(line)
    return "\n".join(lines)


MOST_PANELS = 12


def draw_figure(study, spec, out):
    name, title, axis, x_label, y_label, value_of = spec
    environment, samples, thresholds = study
    panels = panels_of(samples, axis)
    left_out = len(panels) - MOST_PANELS
    panels = panels[:MOST_PANELS]
    columns = min(2, len(panels))
    rows = math.ceil(len(panels) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False,
                                figsize=(6.5 * columns, 4.6 * rows + 0.9))
    flat_axes = [axes for row in grid for axes in row]
    for axes, (factors, members) in zip(flat_axes, panels):
        crossings = crossings_of(thresholds, OBJECTIVES.get(name), members[0]["case"])
        reasons = draw_panel(axes, members, axis, value_of, crossings)
        axes.set_title(title_of(factors), fontsize=8)
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        note = wrapped(reasons_text(reasons), 72)
        if note:
            # Beside nothing it may be large; over curves it keeps to the lower edge.
            empty = not axes.has_data()
            axes.annotate(note, (0.02, 0.98 if empty else 0.02), xycoords="axes fraction",
                          va="top" if empty else "bottom", fontsize=9 if empty else 6,
                          color="firebrick")
    for axes in flat_axes[len(panels):]:
        axes.set_axis_off()
    facts = environment.get("facts", {})
    figure.suptitle(f"{title}\n{facts.get('kernel', '')}, {facts.get('cpu_model', '')};"
                    " medians, bars: 95% intervals (least and most where fewer than 6)", fontsize=10)
    if left_out > 0:
        figure.supxlabel(f"{left_out} more panels are left out; results.csv holds their figures",
                         fontsize=8, color="firebrick")
    figure.tight_layout()
    for suffix in ("png", "svg"):
        metadata = {"Date": None} if suffix == "svg" else {"Software": None}
        figure.savefig(out / f"{name}.{suffix}", dpi=130, metadata=metadata)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("study", type=pathlib.Path, help="directory with samples.jsonl")
    parser.add_argument("--out", type=pathlib.Path, help="default: STUDY/figures")
    arguments = parser.parse_args()
    environment, samples = read_study(arguments.study)
    if not samples:
        sys.exit("bench/figures.py: the study holds no sample of a comparison")
    name_arms(samples)
    out = arguments.out or arguments.study / "figures"
    out.mkdir(parents=True, exist_ok=True)
    study = (environment, samples, read_thresholds(arguments.study))
    for spec in FIGURES:
        draw_figure(study, spec, out)
    print(f"{len(FIGURES)} figures in {out}")


if __name__ == "__main__":
    main()

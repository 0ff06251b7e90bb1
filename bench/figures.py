#!/usr/bin/python3
"""Draws the figures of a study for a paper, from the program's own analysis: nothing is computed here.

usage: bench/figures.py [--out DIR] [--program PATH] STUDY

STUDY is a directory given to --out, or a file with what `uringbench report DIR --format json` prints.
Each figure is written as PNG and SVG to STUDY/figures, or to the directory of --out. Points are medians
of the valid repetitions, bars their intervals (docs/statistics.md), dotted lines the crossovers. A hollow
point carries a mark that limits what it says. What cannot be drawn is one line of text with its reason:
below the figure, or in not-drawn.txt and on standard output where a whole figure is missing.
"""

import argparse
import json
import math
import pathlib
import shutil
import subprocess
import sys
import textwrap
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
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: E402

MARKERS = {"two-copy": "o", "one-copy": "s", "zero-copy": "^"}
LINES = {"pthread": "-", "epoll": "--", "uring": "-."}
MOST_REASONS = 6
MOST_PANELS = 12

# name, title, x axis, its label, y label, metric of the analysis, objective of the crossovers
FIGURES = [
    ("throughput", "Throughput by message size", "size_bytes", "message size (bytes)", "Gbit/s",
     "throughput_gbps", "throughput"),
    ("latency", "p99 latency by clients", "clients", "clients", "p99 latency (µs)", "latency_p99_us", None),
    ("l1-misses", "L1 data cache misses by message size", "size_bytes", "message size (bytes)",
     "server's L1d misses a byte", "l1d_misses_per_byte", None),
    ("llc-misses", "Last-level cache misses by message size", "size_bytes", "message size (bytes)",
     "server's LLC misses a byte", "llc_misses_per_byte", None),
    ("cpu", "CPU time of both ends by message size", "size_bytes", "message size (bytes)",
     "CPU ns per byte, server and clients", "cpu_ns_per_byte", "cpu"),
    ("cycles", "Cycles of the server by message size", "size_bytes", "message size (bytes)",
     "server's cycles a byte", "cycles_per_byte", None),
]


def size_text(size, _position=None):
    for unit, name in ((1 << 20, "M"), (1 << 10, "K")):
        if size >= unit:
            return f"{size / unit:.4g}{name}"
    return f"{size:g}"


def program_beside(script):
    built = script.resolve().parents[1] / "build" / "release" / "src" / "uringbench"
    return str(built) if built.exists() else shutil.which("uringbench")


def analysis_of(study, program):
    """What `report --format json` says of the study."""
    if study.is_file():
        text = study.read_text(encoding="utf-8")
    elif not study.is_dir():
        sys.exit(f"bench/figures.py: '{study}' is not there; name the directory of a study")
    else:
        program = program or program_beside(pathlib.Path(__file__))
        if program is None:
            sys.exit("bench/figures.py: uringbench is neither built in build/release nor on the PATH; name it "
                     "with --program")
        run = subprocess.run([program, "report", str(study), "--format", "json"], capture_output=True,
                             text=True, stdin=subprocess.DEVNULL, check=False)
        if run.returncode != 0:
            sys.exit(f"bench/figures.py: {study}: {run.stderr.strip()}; name the directory of a study")
        text = run.stdout
    analysis = json.loads(text)
    if analysis.get("record") != "analysis":
        sys.exit(f"bench/figures.py: {study} holds no analysis of a study")
    return analysis


def panels_of(analysis, axis):
    """[(title, conditions, [(x, row)])]: groups that differ in nothing but the axis share a panel."""
    groups = analysis["groups"]
    keys = sorted({key for group in groups for key in group["case"]} - {axis, "working_set_bytes"})
    varying = [key for key in keys if len({str(group["case"].get(key)) for group in groups}) > 1]
    panels = defaultdict(list)
    for group in groups:
        conditions = tuple((key, group["case"].get(key)) for key in varying)
        rows = [row for row in group["rows"] if row["case"]["family"] != "none"]
        panels[conditions] += [(group["case"][axis], row) for row in rows]
    return sorted(panels.items(), key=lambda item: [(k, str(type(v)), v) for k, v in item[0]])


def title_of(conditions):
    return ", ".join(f"{key} {size_text(value)}" if key.endswith("_bytes") else f"{key} {value}"
                     for key, value in conditions)


def series_name(row):
    batch = row["case"]["batch"]
    return row["variant"] if batch == 1 else f"{row['variant']} x{batch}"


def series_of(points, metric):
    """{name: [(x, figure, row)]}, and {name: reason} of what cannot be drawn at any x."""
    series, reasons = defaultdict(list), {}
    for x, row in points:
        figure = row["figures"][metric]
        if "unavailable" in figure:
            failure = row["failures"][0] if row["failures"] else None
            none = not row["repetitions"] and failure
            reasons.setdefault(series_name(row),
                               f"{failure['status']}: {failure['reason']}" if none else figure["unavailable"])
        elif figure["median"] > 0:
            series[series_name(row)].append((x, figure, row))
        else:
            reasons.setdefault(series_name(row), "a value of 0 has no place on a logarithmic axis")
    return series, {name: why for name, why in reasons.items() if name not in series}


def crossings_of(analysis, objective, conditions):
    """The crossings of one panel, as the analysis found them."""
    found = []
    for group in analysis["crossovers"]:
        case = group["case"]
        if group["objective"] == objective and all(case.get(key) == value for key, value in conditions):
            found += [each for pair in group["pairs"] for each in pair["thresholds"]]
    return found


def draw_crossings(axes, crossings):
    for number, crossing in enumerate(crossings):
        axes.axvline(crossing["size_bytes"], color="0.45", linewidth=0.8, linestyle=":")
        axes.axvspan(crossing["low"], crossing["high"], color="0.6", alpha=0.15, linewidth=0)
        text = (f"{crossing['from']} from {size_text(crossing['size_bytes'])}"
                f" [{size_text(crossing['low'])}, {size_text(crossing['high'])}]")
        # Turned away from the nearer edge, so that nothing is cut off.
        low, high = (math.log(each) for each in axes.get_xlim())
        right = math.log(crossing["size_bytes"]) > (low + high) / 2
        axes.annotate(text, (crossing["size_bytes"], 0.02 + 0.05 * (number % 6)),
                      xycoords=("data", "axes fraction"), fontsize=6, color="0.25",
                      ha="right" if right else "left")


def draw_series(axes, number, name, points):
    points.sort(key=lambda point: point[0])
    case = points[0][2]["case"]
    xs = [x for x, _, _ in points]
    middles = [figure["median"] for _, figure, _ in points]
    ends = [figure["interval"] or {"low": figure["median"], "high": figure["median"]} for _, figure, _ in points]
    bars = [[middle - end["low"] for middle, end in zip(middles, ends)],
            [end["high"] - middle for middle, end in zip(middles, ends)]]
    colour, marker = f"C{number % 10}", MARKERS.get(case["family"], "x")
    axes.errorbar(xs, middles, yerr=bars, label=f"{name} ({case['family']})", capsize=2.5, color=colour,
                  linewidth=1.1, markersize=5, elinewidth=0.9, marker=marker,
                  linestyle=LINES.get(case["engine"], "-"))
    marked = [(x, figure["median"]) for x, figure, row in points if row["marks"]]
    if marked:
        axes.plot(*zip(*marked), linestyle="none", marker=marker, markersize=5, color=colour,
                  markerfacecolor="white", zorder=5)


def draw_panel(axes, series, crossings):
    for number, name in enumerate(sorted(series)):
        draw_series(axes, number, name, series[name])
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(sorted({x for points in series.values() for x, _, _ in points}))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(True, which="both", linewidth=0.3, alpha=0.6)
    axes.legend(fontsize=7)
    axes.xaxis.set_major_formatter(FuncFormatter(size_text))
    draw_crossings(axes, crossings)


def reasons_text(reasons):
    """Each reason once, with the modes it holds for."""
    modes = defaultdict(list)
    for mode, why in sorted(reasons.items()):
        modes[why].append(mode)
    lines = [f"not drawn: {', '.join(names)}: {why}" for why, names in modes.items()]
    if len(lines) > MOST_REASONS:
        lines = lines[:MOST_REASONS] + [f"and {len(lines) - MOST_REASONS} more reasons"]
    return lines


def draw_figure(analysis, spec, out):
    """Returns why nothing could be drawn; empty where something was."""
    name, title, axis, x_label, y_label, metric, objective = spec
    panels = panels_of(analysis, axis)
    drawn = [(conditions, *series_of(points, metric)) for conditions, points in panels]
    drawn = [panel for panel in drawn if panel[1]]
    if not drawn:
        rows = [row for _, points in panels for _, row in points if row["repetitions"]]
        reasons = {row["figures"][metric].get("unavailable", "every value is 0") for row in rows}
        return "; ".join(sorted(reasons)) or "no sample is valid"
    left_out = drawn[MOST_PANELS:]
    drawn = drawn[:MOST_PANELS]
    columns = min(2, len(drawn))
    rows = math.ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, layout="constrained",
                                figsize=(6.5 * columns, 4.8 * rows + 0.9))
    flat_axes = [axes for row in grid for axes in row]
    for axes, (conditions, series, reasons) in zip(flat_axes, drawn):
        draw_panel(axes, series, crossings_of(analysis, objective, conditions))
        axes.set_title(title_of(conditions), fontsize=8)
        axes.set_ylabel(y_label)
        note = "\n".join(line for text in reasons_text(reasons) for line in textwrap.wrap(text, 100))
        axes.set_xlabel(f"{x_label}\n{note}" if note else x_label, fontsize=8)
    for axes in flat_axes[len(drawn):]:
        axes.set_axis_off()
    facts = analysis["environment"]
    machine = ", ".join(facts[name] for name in ("kernel", "cpu_model") if name in facts)
    figure.suptitle(f"{title}\n{machine}; medians and their intervals; hollow: marked", fontsize=10)
    if left_out:
        figure.supxlabel(f"{len(left_out)} more panels are left out; results.csv holds their figures",
                         fontsize=8, color="firebrick")
    for suffix in ("png", "svg"):
        metadata = {"Date": None} if suffix == "svg" else {"Software": None}
        figure.savefig(out / f"{name}.{suffix}", dpi=130, metadata=metadata)
    plt.close(figure)
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("study", type=pathlib.Path, help="directory of a study, or its analysis as JSON")
    parser.add_argument("--out", type=pathlib.Path, help="default: STUDY/figures")
    parser.add_argument("--program", help="uringbench; default: of build/release, else of the PATH")
    arguments = parser.parse_args()
    analysis = analysis_of(arguments.study, arguments.program)
    if not analysis["groups"]:
        sys.exit("bench/figures.py: the study holds no sample of a comparison")
    directory = arguments.study if arguments.study.is_dir() else arguments.study.parent
    out = arguments.out or directory / "figures"
    out.mkdir(parents=True, exist_ok=True)
    not_drawn = []
    if analysis["facts_only"]:
        not_drawn = [f"every figure: times mean nothing here: {'; '.join(analysis['facts_only'])}"]
    else:
        for spec in FIGURES:
            why = draw_figure(analysis, spec, out)
            if why:
                not_drawn.append(f"{spec[0]}: {why}")
                for suffix in ("png", "svg"):
                    (out / f"{spec[0]}.{suffix}").unlink(missing_ok=True)
    (out / "not-drawn.txt").write_text("".join(line + "\n" for line in not_drawn), encoding="utf-8")
    drawn = 0 if analysis["facts_only"] else len(FIGURES) - len(not_drawn)
    print(f"{drawn} figures in {out}", *not_drawn, sep="\nnot drawn: ")


if __name__ == "__main__":
    main()

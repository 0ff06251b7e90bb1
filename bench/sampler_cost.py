"""Prints what the sampler cost in a study with --profile: message rates of profiled repetitions over
those of unprofiled ones of the same block."""

import json
import statistics
import sys
from math import comb

TARGET = 0.02


def rates_by_mode(path):
    """{mode: {block: {purpose: messages a second}}} of the valid samples."""
    modes = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            sample = json.loads(line)
            if sample["record"] != "sample" or sample["status"] != "valid":
                continue
            purpose = sample["case"]["purpose"]
            if purpose not in ("comparison", "profile"):
                continue
            blocks = modes.setdefault(sample["case"]["mode"], {})
            blocks.setdefault(sample["block"], {})[purpose] = sample["message_rate"]
    return modes


def median_interval(values, level=0.95):
    """Order statistics around the median, and the confidence they really have."""
    ordered = sorted(values)
    count = len(ordered)
    covered = 0.0
    for inner in range((count - 1) // 2, -1, -1):
        covered = 1 - 2 * sum(comb(count, i) for i in range(inner + 1)) / 2**count
        if covered >= level or inner == 0:
            return ordered[inner], ordered[count - 1 - inner], covered
    return ordered[0], ordered[-1], covered


def main():
    for mode, blocks in rates_by_mode(sys.argv[1]).items():
        ratios = [b["profile"] / b["comparison"] for b in blocks.values() if len(b) == 2]
        if len(ratios) < 2:
            print(f"{mode}: too few pairs of repetitions")
            continue
        low, high, level = median_interval(ratios)
        cost = 1 - statistics.median(ratios)
        if 1 - low < TARGET:
            verdict = "met"
        elif 1 - high > TARGET:
            verdict = "not met"
        else:
            verdict = "undecided"
        print(
            f"{mode}: {100 * cost:.1f} % of throughput ({100 * level:.0f} % interval "
            f"{100 * (1 - high):.1f} to {100 * (1 - low):.1f}, {len(ratios)} pairs); "
            f"target under {100 * TARGET:.0f} %: {verdict}"
        )


if __name__ == "__main__":
    main()

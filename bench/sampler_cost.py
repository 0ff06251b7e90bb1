"""Prints what the sampler cost in a study with --profile: profiled repetitions over unprofiled ones of
the same block."""

import json
import statistics
import sys
from math import comb

TARGET = 0.02


def pairs_by_mode(path):
    """{mode: [(unprofiled, profiled)]} of the valid samples, a pair for each block that has both."""
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
            blocks.setdefault(sample["block"], {})[purpose] = sample
    return {
        mode: [(b["comparison"], b["profile"]) for b in blocks.values() if len(b) == 2]
        for mode, blocks in modes.items()
    }


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


def cost_text(costs):
    low, high, level = median_interval(costs)
    return (
        f"{100 * statistics.median(costs):.1f} % ({100 * level:.0f} % interval "
        f"{100 * low:.1f} to {100 * high:.1f})"
    )


def verdict(costs):
    low, high, _ = median_interval(costs)
    if high < TARGET:
        return "met"
    return "not met" if low > TARGET else "undecided"


def cpu_per_message(sample, role):
    return sample[role]["cpu_ns"] / sample["messages"]


def frequencies(pairs):
    """Samples a second and CPU, and on what the events hung; "none" for roles without a profile."""
    seen = set()
    for _, profiled in pairs:
        for role in ("server", "client"):
            profile = profiled[role]["profile"]
            if "unavailable" in profile:
                seen.add("none: " + profile["unavailable"])
            else:
                seen.add(f"{profile['event']} at {profile['frequency_hz']} Hz on {profile['events_on']}")
    return "; ".join(sorted(seen))


def main():
    for mode, pairs in pairs_by_mode(sys.argv[1]).items():
        if len(pairs) < 2:
            print(f"{mode}: too few pairs of repetitions")
            continue
        lost = [1 - with_it["message_rate"] / without["message_rate"] for without, with_it in pairs]
        print(f"{mode}: {len(pairs)} pairs, {frequencies(pairs)}")
        print(
            f"  throughput lost {cost_text(lost)}; target under {100 * TARGET:.0f} %: {verdict(lost)}"
        )
        for role, name in (("server", "server"), ("client", "load generator")):
            more = [
                cpu_per_message(with_it, role) / cpu_per_message(without, role) - 1
                for without, with_it in pairs
            ]
            print(f"  CPU time a message, {name}: more by {cost_text(more)}")


if __name__ == "__main__":
    main()

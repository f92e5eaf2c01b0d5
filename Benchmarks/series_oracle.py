#!/usr/bin/env python3
"""What an early warning could reach that knew how the synthetic desk was made.

Runs the generator of the synthetic desk with its random numbers listened to, so that the expected value of every day
(without the planted anomaly) and each series' dispersion are known, and judges the last nights by the exact negative
binomial tail and Benjamini and Hochberg's rule. Two oracles: one knows the day's autocorrelated wobble too, one only its
variance. Needs numpy and scipy.

    python3 Benchmarks/series_oracle.py --generator generate_series.py --seed 20261121
"""
import argparse
import csv
import importlib.util
import json
import sys
import tempfile
from pathlib import Path


class Listener:
    """A numpy Generator that notes the last uniform draws and every negative binomial that is drawn."""

    def __init__(self, rng, notes):
        self.rng, self.notes = rng, notes

    def __getattr__(self, name):
        return getattr(self.rng, name)

    def uniform(self, *a, **k):
        value = self.rng.uniform(*a, **k)
        self.notes["uniform"].append((a, value))
        return value

    def normal(self, *a, **k):
        value = self.rng.normal(*a, **k)
        if len(a) == 3 and a[1] == 0.08:
            self.notes["wobble"].append(value)
        return value

    def negative_binomial(self, size, chance):
        counts = self.rng.negative_binomial(size, chance)
        self.notes["series"].append((size, size * (1 - chance) / chance, counts, list(self.notes["uniform"])))
        self.notes["uniform"].clear()
        return counts


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--generator", type=Path, required=True)
    p.add_argument("--seed", type=int, default=20261121)
    p.add_argument("--nights", type=int, default=60)
    p.add_argument("--q", type=float, default=0.1)
    a = p.parse_args()
    import numpy as np
    from scipy import stats

    notes = {"uniform": [], "wobble": [], "series": []}
    make = np.random.default_rng
    np.random.default_rng = lambda seed: Listener(make(seed), notes)
    sys.path.insert(0, str(a.generator.resolve().parent))
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = ["generate", "--seed", str(a.seed), "--out", folder]
        spec = importlib.util.spec_from_file_location("generator", a.generator)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.main()
        with open(f"{folder}/labels.csv", newline="", encoding="utf-8") as source:
            labels = [(int(r["id"][1:]), r["kind"], int(r["start_index"]), int(r["end_index"])) for r in csv.DictReader(source)]
    np.random.default_rng = make

    series = notes["series"]
    y = np.array([s[2] for s in series])
    mean = np.array([s[1] for s in series])
    size = np.array([s[0] for s in series])[:, None]
    near = np.zeros(y.shape, bool)
    for i, kind, start, end in labels:  # take the planted factor out again
        draws = series[i][3]
        factor = [v for (lo, hi), v in ((d[0], d[1]) for d in draws if len(d[0]) == 2) if (lo, hi) == (1.8, 4)][-1]
        days = slice(start, end + 1)
        if kind == "spike":
            mean[i, days] /= factor
        elif kind == "drop":
            mean[i, days] /= 0.15
        elif kind == "shift":
            mean[i, days] /= [v for lohi, v in draws if lohi == (1.6, 2.5)][-1]
        else:
            mean[i, days] /= np.linspace(1.1, factor, end - start + 1)
        near[i, start : end + 3] = True

    wobble = np.zeros(y.shape)
    for i, noise in enumerate(notes["wobble"]):
        for t in range(1, y.shape[1]):
            wobble[i, t] = 0.5 * wobble[i, t - 1] + noise[t]
    for name, m, dispersion in (
        ("knows the wobble", mean, 1 / size + 0 * mean),
        ("knows its variance", mean / np.exp(wobble), 1 / size + 0.08**2 / 0.75 + 0 * mean),
    ):
        first = y.shape[1] - a.nights
        s = 1 / dispersion[:, first:]
        chance = s / (s + m[:, first:])
        counts = y[:, first:]
        tail = np.minimum(stats.nbinom.sf(counts - 1, s, chance), stats.nbinom.cdf(counts, s, chance))
        p_values = np.minimum(1, 2 * tail)
        flags = np.zeros(counts.shape, bool)
        for t in range(a.nights):
            ordered = np.sort(p_values[:, t])
            below = np.where(ordered <= a.q * np.arange(1, len(ordered) + 1) / len(ordered))[0]
            if len(below):
                flags[:, t] = p_values[:, t] <= ordered[below[-1]]
        alerts, false = flags.sum(0), (flags & ~near[:, first:]).sum(0)
        hits = [bool(flags[i, start - first : end + 1 - first].any()) for i, _, start, end in labels]
        print(json.dumps({
            "oracle": name, "seed": a.seed, "q": a.q, "alerts_per_night": round(float(alerts.mean()), 2),
            "realised_fdr": round(float(np.mean(false / np.maximum(alerts, 1))), 4),
            "event_recall": round(sum(hits) / len(hits), 4), "events": len(hits),
        }))


if __name__ == "__main__":
    main()

"""Whether the same themes are found again: ``python -m benchmarks.stability``.

The adjusted Rand index of the main themes between runs with other seeds, and between runs on random four fifths of the
comments; beside each, how many themes the runs found.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.themes import read_set
from intelligence.market import Comment
from intelligence.text.stability import stability

SETS = ("patient_feedback_single", "short_single")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print("| set | between seeds | themes | between four fifths | themes |\n|---|---|---|---|---|")
    for name in SETS:
        texts, _ = read_set(options.data / f"themes_{name}.csv.gz")
        comments = [Comment(str(row), str(row), "q", text) for row, text in enumerate(texts)]
        found = stability(comments, seed=1, runs=options.runs)
        seeds, samples = (", ".join(map(str, own)) for own in (found.themes_by_seed, found.themes_by_sample))
        print(f"| {name} | {found.between_seeds:.2f} | {seeds} | {found.between_samples:.2f} | {samples} |", flush=True)


if __name__ == "__main__":
    main()

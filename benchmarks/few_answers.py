"""Themes in as few answers as most questions get: ``python -m benchmarks.few_answers --help``.

Answers are drawn from the labelled sets: from 10 of their codes up to 100 answers, from 20 beyond. Scores are those of
:mod:`benchmarks.themes`, adjusted mutual information or macro best F1, as means of all draws; the number of themes is
given to nobody but to "number given". Leiden runs where its packages are installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from benchmarks.themes import METHODS, NEEDED, SETS, Pairs, TimedEncoder, read_set, scores
from intelligence.text.semantic import Encoder

ANSWERS = (25, 50, 100, 200, 400)
FEW_CODES, MANY_CODES, MANY = 10, 20, 200
MOST_GROUPS = 40

Draw = tuple[list[str], list[list[str]]]


def average_link(texts: Sequence[str], seed: int, encode: Encoder, codes: int) -> Pairs:
    """The tree by average distance of the encoder's rows about their mean, cut where its silhouette is best."""
    rows = encode(texts)
    rows = rows - rows.mean(axis=0)
    best: tuple[float, list[int]] = (-2.0, [])
    for number in range(2, min(MOST_GROUPS, len(texts) // 2)):
        labels = AgglomerativeClustering(number, metric="cosine", linkage="average").fit_predict(rows)
        best = max(best, (float(silhouette_score(rows, labels, metric="cosine")), labels.tolist()))
    return [(row, str(label)) for row, label in enumerate(best[1])]


COMPARED = {
    "ours": METHODS["ours"],
    "average link, silhouette": average_link,
    "k-means, silhouette": METHODS["encoder + k-means"],
    "k-means, number given": METHODS["  number given"],
    "Leiden": METHODS["Leiden"],
}


def draws(texts: Sequence[str], codes: Sequence[Sequence[str]], answers: int, times: int) -> Iterator[Draw]:
    """Answers on some codes, drawn as often as it is asked; fewer times where the codes drawn have too few answers."""
    generator = np.random.default_rng(answers)
    every = sorted({code for own in codes for code in own})
    for _ in range(times):
        some = min(FEW_CODES if answers < MANY else MANY_CODES, len(every))
        kept = set(generator.choice(every, some, replace=False).tolist())
        rows = [row for row, own in enumerate(codes) if kept & set(own)]
        if len(rows) >= answers:
            drawn = generator.choice(rows, answers, replace=False)
            yield [texts[row] for row in drawn], [[code for code in codes[row] if code in kept] for row in drawn]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--times", type=int, default=6, help="draws of each set and number of answers")
    arguments = parser.parse_args()
    methods = {
        name: method for name, method in COMPARED.items() if name not in NEEDED or find_spec(NEEDED[name]) is not None
    }
    encode = TimedEncoder()
    print(f"{'set':<24} {'answers':>7} {'draws':>5}  " + "  ".join(f"{name:>10}" for name in methods))
    for name in SETS[:-1]:
        texts, codes = read_set(arguments.data / f"themes_{name}.csv.gz")
        for answers in ANSWERS:
            drawn = list(draws(texts, codes, answers, arguments.times))
            means = []
            for method in methods.values():
                with threadpool_limits(limits=1):
                    found = [method(t, 0, encode, len({code for own in c for code in own})) for t, c in drawn]
                first = [next(iter(scores(c, pairs).values())) for (_, c), pairs in zip(drawn, found, strict=True)]
                means.append(float(np.mean(first)))
            line = "  ".join(f"{mean:>{max(len(each), 10)}.3f}" for each, mean in zip(methods, means, strict=True))
            print(f"{name:<24} {answers:>7} {len(drawn):>5}  {line}", flush=True)


if __name__ == "__main__":
    main()

"""How much the themes would change if chance, or the people who happened to answer, had been others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from intelligence.market import Comment
from intelligence.text.find import find_themes
from intelligence.text.semantic import Encoder, universal_sentence_encoder
from intelligence.text.themes import ThemeSet

RUNS = 4
KEPT = 0.8
"""Share of the comments in each resample; two of them have about two thirds of all comments in common."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Mean adjusted Rand index of the main themes of every two runs, on the comments that both had; 1 is the same.

    `between_seeds` has the same comments under other seeds, `between_samples` random four fifths of them; the numbers
    of themes are those of the runs.
    """

    between_seeds: float
    between_samples: float
    themes_by_seed: tuple[int, ...]
    themes_by_sample: tuple[int, ...]


def stability(
    comments: Sequence[Comment], *, seed: int, runs: int = RUNS, encode: Encoder | None = universal_sentence_encoder
) -> Stability:
    """Find the themes several times over and compare; each text is encoded once.

    Raises:
        ValueError: fewer than two runs.

    >>> comments = [Comment(str(n), str(n), "q", text) for n, text in enumerate(("Low pay", "Dear parking") * 5)]
    >>> stability(comments, seed=1, runs=2).between_seeds
    1.0
    """
    if runs < 2:
        raise ValueError(f"runs must be at least 2, not {runs}")
    remembered = None if encode is None else _remembering(encode)
    generator = np.random.default_rng(seed)
    seeds = generator.integers(2**32, size=runs).tolist()
    samples = [np.sort(generator.permutation(len(comments))[: round(KEPT * len(comments))]) for _ in range(runs)]
    by_seed = [find_themes(comments, seed=other, encode=remembered) for other in seeds]
    by_sample = [find_themes([comments[n] for n in sample], seed=seed, encode=remembered) for sample in samples]
    return Stability(
        _agreement(by_seed),
        _agreement(by_sample),
        tuple(len(found.themes) for found in by_seed),
        tuple(len(found.themes) for found in by_sample),
    )


def _remembering(encode: Encoder) -> Encoder:
    known: dict[str, NDArray[np.float32]] = {}

    def encoded(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.array([known[text] for text in texts])

    return encoded


def _agreement(runs: Sequence[ThemeSet]) -> float:
    mains = [_main_themes(found) for found in runs]
    indices = []
    for one, other in combinations(mains, 2):
        shared = sorted(one.keys() & other.keys())
        indices.append(adjusted_rand_score([one[c] for c in shared], [other[c] for c in shared]))
    return round(float(np.mean(indices)), 4)


def _main_themes(found: ThemeSet) -> dict[str, str]:
    main: dict[str, str] = {}
    for assignment in found.assignments:
        main.setdefault(assignment.comment_id, assignment.theme_id)
    return main

"""How much the themes would change if chance, or the people who happened to answer, had been others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sklearn.metrics import adjusted_rand_score

from intelligence.compute import SERIAL, Progress, Workers, nobody_told
from intelligence.market import Comment
from intelligence.text.find import find_themes
from intelligence.text.semantic import Encoder, minilm, remembering
from intelligence.text.themes import ThemeSet

RUNS = 4
KEPT = 0.8
"""Share of the comments in each resample; two of them have about two thirds of all comments in common."""

SAMPLES = 3
"""Resamples in which each theme is looked for."""

MOST_TESTED = 3_000
"""Comments up to which themes are looked for again: beyond, it takes longer than to find them."""


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
    comments: Sequence[Comment], *, seed: int, runs: int = RUNS, encode: Encoder | None = minilm
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
    remembered = remembering(encode, SERIAL)
    generator = np.random.default_rng(seed)
    seeds = generator.integers(2**32, size=runs).tolist()
    samples = [_some(comments, generator) for _ in range(runs)]
    by_seed = [find_themes(comments, seed=other, encode=remembered) for other in seeds]
    by_sample = [find_themes(sample, seed=seed, encode=remembered) for sample in samples]
    return Stability(
        _agreement(by_seed),
        _agreement(by_sample),
        tuple(len(found.themes) for found in by_seed),
        tuple(len(found.themes) for found in by_sample),
    )


def find_tested(
    comments: Sequence[Comment],
    *,
    seed: int,
    encode: Encoder | None = minilm,
    workers: Workers = SERIAL,
    progress: Progress = nobody_told,
) -> ThemeSet:
    """The themes of :func:`find_themes`, and of each how much is found again in random four fifths of the comments.

    That is the mean, over three resamples, of the Jaccard overlap of the comments that speak to the theme and are in
    the resample with those of the theme found there that is most like it (Hennig 2007). Of more than
    :data:`MOST_TESTED` comments it is not looked for. `progress` is told the share that is done, between 0 and 1.

    >>> comments = [Comment(str(n), str(n), "q", text) for n, text in enumerate(("Low pay", "Dear parking") * 5)]
    >>> [theme.found_again for theme in find_tested(comments, seed=1).themes]
    [1.0, 1.0]
    """
    steps = 1 + (SAMPLES if len(comments) <= MOST_TESTED else 0)
    remembered = remembering(encode, workers)
    found = find_themes(
        comments, seed=seed, encode=remembered, workers=workers, progress=lambda share: progress(share / steps)
    )
    generator, overlaps = np.random.default_rng(seed), defaultdict[str, list[float]](list)
    for step in range(1, steps):
        sample = _some(comments, generator)
        again = find_themes(sample, seed=seed, encode=remembered, workers=workers)
        others = [*_speakers(again).values()]
        within = {comment.id for comment in sample}
        for theme, speakers in _speakers(found).items():
            if own := speakers & within:
                overlaps[theme].append(max((len(own & other) / len(own | other) for other in others), default=0.0))
        progress((1 + step) / steps)
    shares = {theme: round(float(np.mean(each)), 4) for theme, each in overlaps.items()}
    return replace(found, themes=tuple(replace(each, found_again=shares.get(each.id)) for each in found.themes))


def _some(comments: Sequence[Comment], generator: np.random.Generator) -> list[Comment]:
    """A random four fifths of them, in their order."""
    kept = generator.permutation(len(comments))[: round(KEPT * len(comments))]
    return [comments[number] for number in np.sort(kept)]


def _speakers(found: ThemeSet) -> Mapping[str, set[str]]:
    """The comments that speak to each theme."""
    speakers = defaultdict[str, set[str]](set)
    for assignment in found.assignments:
        speakers[assignment.theme_id].add(assignment.comment_id)
    return speakers


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

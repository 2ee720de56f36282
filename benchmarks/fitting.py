"""What fits no signed theme is to be said so, and what fits is not: ``python -m benchmarks.fitting --help``.

From each of four sets some codes are drawn as signed themes, with a few comments each as their examples. New comments
are others of the same codes ("own"), of other codes of the set ("other"), and of the other three sets ("foreign").
"lost" are own comments said to fit nothing, "caught" those of the others; "right" is the share of own comments that are
assigned to their own theme.

The baseline is plain: the encoder's cosine with the mean of a theme's examples, where what is less alike than nineteen
in twenty of the examples are to the mean of the rest of theirs does not fit.

With --halves themes are found in one half of each set, signed unchanged, and the other half is assigned to them: in how
many themes an answer is in each, and the differences between the themes' shares of the answers, added up and divided by
the shares.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from benchmarks.themes import SETS as EVERY_SET
from benchmarks.themes import read_set
from intelligence.market import Comment
from intelligence.text.assign import assign_themes
from intelligence.text.find import find_themes
from intelligence.text.semantic import minilm
from intelligence.text.signed import SignedTheme, SignedThemes, signed_as_found
from intelligence.text.themes import Assignment

SETS = ("intents_single", "patient_feedback_single", "survey_multi", "titles_single")
SHAPES = ((3, 2), (5, 6), (10, 30))
"""How many themes, and about how many examples each has."""
UNEQUAL = (2, 1, 0.6, 1, 0.4)
OWN, OTHER, FOREIGN = 100, 60, 90
FEWEST, KEPT = 20, 60
"""Comments of a code that is drawn, and those of it that are looked at."""
UNLIKE = 0.05

Coded = Mapping[str, Sequence[str]]
Placing = tuple[NDArray[np.intp], NDArray[np.bool_]]
"""The theme of each text, and whether it fits any."""


@dataclass(frozen=True)
class Drawing:
    """Examples by code, and new comments: of the same codes, which are known, of others, and of other sets."""

    examples: dict[str, list[str]]
    own: list[tuple[str, str]]
    other: list[str]
    foreign: list[str]

    def texts(self) -> list[str]:
        return [*(text for _, text in self.own), *self.other, *self.foreign]


def coded(data: Path, name: str) -> dict[str, list[str]]:
    """The comments of one code and a few words, by code."""
    found: dict[str, list[str]] = {}
    rows = list(zip(*read_set(data / f"themes_{name}.csv.gz"), strict=True))
    random.Random(0).shuffle(rows)
    for text, codes in rows:
        if len(codes) == 1 and len(text.split()) >= 3 and len(text) < 300:
            found.setdefault(codes[0], []).append(text)
    return {code: texts[:KEPT] for code, texts in found.items() if len(texts) >= FEWEST}


def drawing(of: str, sets: Mapping[str, Coded], shape: tuple[int, int], chance: random.Random) -> Drawing:
    themes, size = shape
    codes = chance.sample(sorted(sets[of]), min(themes, len(sets[of]) - 2))
    examples, own = {}, []
    for place, code in enumerate(codes):
        texts = chance.sample(sets[of][code], len(sets[of][code]))
        many = min(max(2, int(size * UNEQUAL[place % len(UNEQUAL)])), len(texts) - 8)
        examples[code] = texts[:many]
        own += [(code, text) for text in texts[many : many + 12]]
    other = [text for code in sets[of] if code not in codes for text in chance.sample(sets[of][code], 2)]
    foreign = [chance.choice(texts) for name in sets if name != of for texts in sets[name].values()]
    for texts in (other, foreign):
        chance.shuffle(texts)
    return Drawing(examples, own[:OWN], other[:OTHER], foreign[:FOREIGN])


def ours(drawn: Drawing) -> Placing:
    signed = SignedThemes(
        tuple(
            SignedTheme(str(n), examples[0][:40] if code.isdigit() else code.replace("_", " "), tuple(examples))
            for n, (code, examples) in enumerate(drawn.examples.items())
        )
    )
    texts = drawn.texts()
    found = assign_themes([Comment(str(n), str(n), "", text) for n, text in enumerate(texts)], signed, seed=1)
    theme, fits = np.zeros(len(texts), np.intp), np.ones(len(texts), np.bool_)
    fits[[int(each) for each in found.does_not_fit]] = False
    for one in reversed(found.assignments):
        theme[int(one.comment_id)] = int(one.theme_id)
    return theme, fits


def theme_means(drawn: Drawing) -> Placing:
    placed = [minilm(texts) for texts in drawn.examples.values()]
    means = normalize(np.vstack([rows.mean(axis=0) for rows in placed]))
    to_the_rest = np.concatenate(
        [np.einsum("ij,ij->i", normalize(rows.sum(axis=0) - rows), normalize(rows)) for rows in placed]
    )
    cosines = normalize(minilm(drawn.texts())) @ means.T
    return cosines.argmax(axis=1), cosines.max(axis=1) >= np.quantile(to_the_rest, UNLIKE)


def scores(drawn: Drawing, placing: Placing) -> tuple[float, float, float, float]:
    theme, fits = placing
    place = {code: n for n, code in enumerate(drawn.examples)}
    last_own, last_other = len(drawn.own), len(drawn.own) + len(drawn.other)
    truth = np.array([place[code] for code, _ in drawn.own])
    return (
        float(1 - fits[:last_own].mean()),
        float(1 - fits[last_other:].mean()),
        float(1 - fits[last_own:last_other].mean()) if drawn.other else float("nan"),
        float((fits[:last_own] & (theme[:last_own] == truth)).mean()),
    )


def halves(data: Path, name: str) -> tuple[float, float, float]:
    """Themes an answer is in, in the half where they are found and in the other, and how far their shares differ."""
    texts = [text for text, _ in zip(*read_set(data / f"themes_{name}.csv.gz"), strict=True)]
    random.Random(0).shuffle(texts)
    comments = [Comment(str(n), str(n), "", text, may_quote=True) for n, text in enumerate(texts)]
    first, second = comments[: len(comments) // 2], comments[len(comments) // 2 :]
    found = find_themes(first, seed=0)
    signed = signed_as_found(first, found)
    before, after = _shares(found.assignments), _shares(assign_themes(second, signed, seed=0).assignments)
    apart = sum(abs(before.get(theme.id, 0) - after.get(theme.id, 0)) for theme in signed.themes)
    return sum(before.values()), sum(after.values()), apart / sum(before.values())


def _shares(assignments: Sequence[Assignment]) -> dict[str, float]:
    """The share of the answers in each theme, of those in any."""
    placed = {(one.comment_id, one.theme_id) for one in assignments}
    answers = len({comment for comment, _ in placed})
    return {theme: count / answers for theme, count in Counter(theme for _, theme in placed).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--drawings", type=int, default=2, help="of each set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--halves", action="store_true", help="compare finding with assigning instead")
    arguments = parser.parse_args()
    if arguments.halves:
        for name in EVERY_SET:
            print("| {} | {:.2f} | {:.2f} | {:.2f} |".format(name, *halves(arguments.data, name)), flush=True)
        return
    sets = {name: coded(arguments.data, name) for name in SETS}
    chance = random.Random(arguments.seed)
    print("| themes x examples | method | own lost | foreign caught | other caught | own right |")
    print("|---|---|---|---|---|---|")
    for shape in SHAPES:
        drawn = [drawing(name, sets, shape, chance) for name in SETS for _ in range(arguments.drawings)]
        for name, method in (("ours", ours), ("theme means", theme_means)):
            means = np.nanmean([scores(each, method(each)) for each in drawn], axis=0)
            print(f"| {shape[0]} x {shape[1]} | {name} | {' | '.join(f'{mean:.2f}' for mean in means)} |", flush=True)


if __name__ == "__main__":
    main()

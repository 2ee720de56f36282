"""Titles of themes as an officer reads them, and how well they fit: ``python benchmarks/titles.py --help``.

Of each set the largest themes are printed with what most of their comments say. Then, over all its themes:

- own: share of titles that lie nearer to the comments of their theme, by the encoder and less what all have in common,
  than to those of any other;
- name: where the human codes have names, the mean cosine of a title and the name of the code that most comments of its
  theme have; code: the same for each code and the best of its titles;
- used: share of a theme's comments that use a content word of its title;
- one word: share of titles of a single word; closest: the highest cosine of two titles.

"demonstration" stands for the invented answers of the demonstration, each question by itself.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.preprocessing import normalize

from benchmarks.themes import SETS, read_set
from intelligence.market import Comment
from intelligence.text.find import find_themes
from intelligence.text.semantic import minilm
from intelligence.text.themes import ThemeSet
from intelligence.text.usage import content_stems
from intelligence.text.words import words_of
from webapp.demonstration.providers import FREE_TEXT, answers_of, synthetic_providers

DEMONSTRATION = "demonstration"
SHORTENED = 90
Codes = Sequence[Sequence[str]]


def sets_of(name: str, data: Path) -> Iterator[tuple[str, list[Comment], Codes]]:
    if name != DEMONSTRATION:
        texts, codes = read_set(data / f"themes_{name}.csv.gz")
        yield name, [Comment(str(n), str(n), "", text, may_quote=True) for n, text in enumerate(texts)], codes
        return
    for question in FREE_TEXT:
        said = [answers_of(provider, [])["views"].get(question, "") for provider in synthetic_providers()]
        answers = [Comment(str(n), f"p{n}", question, text, may_quote=True) for n, text in enumerate(said) if text]
        yield question, answers, []


def scores(found: ThemeSet, comments: Sequence[Comment], codes: Codes) -> dict[str, float]:
    titles = [theme.title for theme in found.themes]
    rows_of = _rows_of(found, comments)
    places = minilm([comment.text for comment in comments])
    common = places.mean(axis=0)
    themes = normalize(np.vstack([places[rows].mean(axis=0) for rows in rows_of]) - common)
    written = minilm(titles)
    nearest = (normalize(written - written.mean(axis=0)) @ themes.T).argmax(axis=1)
    between = written @ written.T - 2 * np.eye(len(titles))
    stems = [frozenset(content_stems(words_of(comment.text))) for comment in comments]
    used = [
        np.mean([not stems[row].isdisjoint(content_stems(words_of(title))) for row in rows])
        for title, rows in zip(titles, rows_of, strict=True)
    ]
    return {
        "own": float(np.mean(nearest == np.arange(len(titles)))),
        **_names_met(written, rows_of, codes),
        "used": float(np.mean(used)),
        "one word": float(np.mean([" " not in title for title in titles])),
        "closest": float(between.max()),
    }


def _rows_of(found: ThemeSet, comments: Sequence[Comment]) -> list[list[int]]:
    place = {comment.id: row for row, comment in enumerate(comments)}
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for one in found.assignments:
        rows[one.theme_id].add(place[one.comment_id])
    return [sorted(rows[theme.id]) for theme in found.themes]


def _names_met(written: Any, rows_of: Sequence[Sequence[int]], codes: Codes) -> dict[str, float]:
    if not codes or any(code.isdigit() for own in codes for code in own):
        return {}
    counts = [Counter(code for row in rows for code in codes[row]) for rows in rows_of]
    main = [max(own, key=lambda code: (own[code], code)) for own in counts]
    names = minilm([code.replace("_", " ").replace("/", " or ").capitalize() for code in main])
    cosines = np.einsum("ij,ij->i", written, names)
    best: dict[str, float] = {}
    for code, cosine in zip(main, cosines.tolist(), strict=True):
        best[code] = max(best.get(code, -1.0), cosine)
    return {"name": float(cosines.mean()), "code": float(np.mean(list(best.values())))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--sets", nargs="*", default=[DEMONSTRATION], choices=[DEMONSTRATION, *SETS], metavar="SET")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--themes", type=int, default=10, help="how many of each set to print")
    arguments = parser.parse_args()
    for asked in arguments.sets:
        for name, comments, codes in sets_of(asked, arguments.data):
            found = find_themes(comments, seed=arguments.seed)
            measured = "  ".join(f"{score} {value:.3f}" for score, value in scores(found, comments, codes).items())
            print(f"\n{name}, {len(found.themes)} themes: {measured}\n")
            for theme in found.themes[: arguments.themes]:
                quote = theme.medoid.text if theme.medoid else ""
                shown = quote if len(quote) <= SHORTENED else quote[:SHORTENED].rstrip() + " …"
                print(f"| {theme.title} | {theme.size:,} | {theme.support} / {theme.objection} | {shown} |", flush=True)


if __name__ == "__main__":
    main()

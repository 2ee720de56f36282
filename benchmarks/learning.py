"""Learning from a person, questions chosen by the engine or by chance: ``python -m benchmarks.learning --help``.

The human codes of the election survey stand in for a person: each comment asked about is confirmed with its codes,
a hundred at a time, and the rest is proposed. The score is the samples F1 of all comments that were not confirmed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from benchmarks.themes import TimedEncoder, read_set
from intelligence.market import Comment
from intelligence.text.learning import learn_themes

AT_A_TIME = 100


def score(codes: Sequence[Sequence[str]], proposed: dict[int, set[str]], confirmed: set[int]) -> float:
    """The mean F1 of the themes of each comment that was not confirmed."""
    total = 0.0
    rest = [row for row in range(len(codes)) if row not in confirmed]
    for row in rest:
        truth, own = set(codes[row]), proposed.get(row, set())
        total += 2 * len(truth & own) / (len(truth) + len(own)) if truth or own else 1.0
    return total / len(rest)


def learnt(
    comments: Sequence[Comment], codes: Sequence[Sequence[str]], encode: TimedEncoder, most: int, *, by_chance: bool
) -> list[float]:
    """The score with each further hundred confirmed."""
    chance = random.Random(1).sample(range(len(comments)), most)
    confirmed: list[int] = []
    found: list[float] = []
    while True:
        known = {comments[row].id: list(codes[row]) for row in confirmed}
        learned = learn_themes(comments, known, questions=AT_A_TIME, seed=1, encode=encode)
        if confirmed:
            proposed: dict[int, set[str]] = {}
            for proposal in learned.proposals:
                proposed.setdefault(int(proposal.comment_id), set()).add(proposal.theme_id)
            found.append(score(codes, proposed, set(confirmed)))
        if len(confirmed) >= most:
            return found
        asked = [int(question.comment_id) for question in learned.questions]
        confirmed += chance[len(confirmed) : len(confirmed) + AT_A_TIME] if by_chance else asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="where themes_*.csv.gz lie")
    parser.add_argument("--most", type=int, default=500, help="comments that are confirmed at most")
    options = parser.parse_args()
    texts, codes = read_set(options.data / "themes_survey_multi.csv.gz")
    comments = [Comment(str(row), str(row), "q", text) for row, text in enumerate(texts)]
    encode = TimedEncoder()
    chosen, chance = (learnt(comments, codes, encode, options.most, by_chance=chance) for chance in (False, True))
    print("| confirmed | chosen by the engine | by chance |\n|---|---|---|")
    for step, (own, plain) in enumerate(zip(chosen, chance, strict=True), start=1):
        print(f"| {step * AT_A_TIME} | {own:.3f} | {plain:.3f} |", flush=True)


if __name__ == "__main__":
    main()

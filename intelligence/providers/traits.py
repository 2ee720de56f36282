"""What sets a segment apart from the other providers, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from intelligence.providers.distances import Labels
from intelligence.providers.profiles import Scale, Variable
from intelligence.providers.segments import Trait

MOST_TRAITS = 5
MOST_OF_ONE = 2  # of one question; only services have more to offer
LEAST_EFFECT = 0.25


def describe(variables: Sequence[Variable], labels: Labels, group: int) -> tuple[Trait, ...]:
    """The up to five traits in which the group differs most from all others, each with the figures of both."""
    found: list[Trait] = []
    for variable in variables:
        inside = [value for value, label in zip(variable.values, labels, strict=True) if label == group]
        outside = [value for value, label in zip(variable.values, labels, strict=True) if label != group]
        if any(value is not None for value in inside) and any(value is not None for value in outside):
            found += sorted(_traits(variable, inside, outside), key=_strength)[:MOST_OF_ONE]
    found.sort(key=_strength)
    return tuple(trait for trait in found[:MOST_TRAITS] if abs(trait.effect) >= LEAST_EFFECT)


def _strength(trait: Trait) -> tuple[float, bool, str]:
    """The strongest first, and what a group has before what it lacks."""
    return -round(abs(trait.effect), 6), trait.effect < 0, trait.text


def _traits(variable: Variable, inside: Sequence[object], outside: Sequence[object]) -> Iterator[Trait]:
    if variable.scale is Scale.AMOUNT:
        yield _amount(variable, *([v for v in values if isinstance(v, float | int)] for values in (inside, outside)))
    elif variable.scale is Scale.KIND:
        yield from _kinds(variable.name, [v for v in inside if v is not None], [v for v in outside if v is not None])
    else:
        yield from _members(inside, outside)


def _amount(variable: Variable, inside: Sequence[float], outside: Sequence[float]) -> Trait:
    own, other = (np.array([variable.compared(value) for value in values]) for values in (inside, outside))
    deviation = float(np.concatenate([own, other]).std()) or 1.0
    effect = float(np.clip((own.mean() - other.mean()) / deviation / 2, -1, 1))
    words = variable.more if effect > 0 else variable.less
    typical, usual = (variable.figure.format(_figure(values)) for values in (inside, outside))
    return Trait(f"{words} (typically {typical}; others {usual})", effect, words)


def _kinds(name: str, inside: Sequence[object], outside: Sequence[object]) -> Iterator[Trait]:
    """The answer that is most over-represented; of yes and no the other one says the same."""
    own, other = Counter(inside), Counter(outside)
    answer, effect = max(
        ((answer, own[answer] / len(inside) - other[answer] / len(outside)) for answer in sorted(own, key=str)),
        key=lambda pair: pair[1],
    )
    shares = f"{own[answer]} of {len(inside)}; others {other[answer]} of {len(outside)}"
    said = {"yes": name, "no": f"not {name}"}.get(str(answer), f"{name}: {answer}")
    yield Trait(f"{said} ({shares})", effect, said if own[answer] == len(inside) else f"mostly {said}")


def _members(inside: Sequence[object], outside: Sequence[object]) -> Iterator[Trait]:
    """Each service that the group wants more, or less, than others do."""
    own, other = (
        Counter(word for found in values if isinstance(found, frozenset) for word in found)
        for values in (inside, outside)
    )
    for word in sorted(own.keys() | other.keys()):
        effect = own[word] / len(inside) - other[word] / len(outside)
        verb = "interested in" if effect > 0 else "seldom interested in"
        said = f"{verb} {word}"
        yield Trait(f"{said} ({own[word]} of {len(inside)}; others {other[word]} of {len(outside)})", effect, said)


def _figure(values: Sequence[float]) -> str:
    middle = median(values)
    return f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}"

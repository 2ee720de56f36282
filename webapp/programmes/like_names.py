"""Which organisation a published name may be. This only proposes: two names that look alike may be two firms."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import NamedTuple

MOST_PROPOSED = 5
LEAST_LIKE = 0.6
"""From here on two names are put before a person. Judged by eye on names of health providers; a wrong proposal costs a
click, a missing one leaves a firm counted twice."""
MOST_WEIGHED = 100
"""Readings compared with one, those first that have most words in common with it: else a trade word that thousands of
names share has each of them compared with all others."""
SHORTEST_SLIP = 5
"""Two words longer than this are one though a letter is missing, added or another."""
_COMMON_WEIGHT = 0.3
_COMMON = frozenset(
    {"and", "care", "clinical", "community", "dental", "england", "for", "group", "health", "healthcare", "holdings"}
    | {"in", "international", "management", "medical", "national", "of", "partners", "partnership", "practice"}
    | {"service", "services", "social", "solutions", "support", "trust", "uk"}
)
"""Words that say little of which firm it is."""
_FORMS = re.compile(
    r"\b(nhs foundation trust|nhs ft|nhs trust|foundation trust|community interest company|charitable incorporated"
    r" organisation|limited liability partnership|public limited company|limited|ltd|plc|llp|lp|cic|cio|inc|the|co)\b"
)
"""What a firm is by law, which publishers write or leave out as they please."""
_ALSO = re.compile(r"\b(?:t/a|t\.a\.|trading as|formerly(?: known as)?|aka)(?=\W|$)", re.IGNORECASE)
_NUMBERS = {"GB-COH": "companies_house_number", "GB-CHC": "charity_number", "GB-NHS": "ods_code"}


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation that the programme knows: registered, or named in its contract register alone."""

    name: str
    organisation_id: uuid.UUID | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    """By the column of models.Organisation that holds it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    known: Known
    likeness: float
    """From 0 to 1."""
    same_number: bool
    """Whether both have the same number in a public register."""


class Directory:
    """The organisations a programme knows, by the words of their names."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = known
        self._readings = [_readings(each.name) for each in known]
        self._places: list[int] = []
        """Of each reading, where its organisation stands; readings are named by their own place in this list."""
        self._weights: list[_Weights] = []
        self._by_joined: defaultdict[str, set[int]] = defaultdict(set)
        self._by_spelling: defaultdict[str, set[int]] = defaultdict(set)
        self._having: dict[_Word, set[int]] = {}
        self._by_number: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for place, each in enumerate(known):
            for words in self._readings[place]:
                self._add(place, words)
            for kind, number in each.numbers.items():
                self._by_number[kind, _plain_number(number)].add(place)

    def proposals(self, name: str, identifier: str = "") -> list[Proposal]:
        """The likeliest first; those of the same number before all others."""
        numbered = self._by_number.get(_number(identifier), set())
        readings = _readings(name)
        near = numbered.union(self._places[each] for words in readings for each in self._near(words))
        found = [
            Proposal(self._known[place], _likeness(readings, self._readings[place]), place in numbered)
            for place in near
        ]
        likely = [each for each in found if each.same_number or each.likeness >= LEAST_LIKE]
        likely.sort(key=lambda each: (not each.same_number, -each.likeness, each.known.name))
        return likely[:MOST_PROPOSED]

    def _add(self, place: int, words: _Reading) -> None:
        reading = len(self._places)
        self._places.append(place)
        self._weights.append(_weights(words))
        self._by_joined[_joined(words)].add(reading)
        for spelling in {spelling for word in _telling(words) for spelling in word.spellings}:
            self._by_spelling[spelling].add(reading)

    def _near(self, words: _Reading) -> list[int]:
        """The readings that may be like this one by how many telling words they have in common, and those all in one
        the same."""
        shared = Counter(reading for word in _telling(words) for reading in self._with(word))
        own, bounds = _weights(words), dict[tuple[int, _Weights], float]()
        likely: list[tuple[float, int]] = []
        for reading, count in shared.items():
            case = count, self._weights[reading]
            if case not in bounds:
                bounds[case] = _at_most(count, own, case[1])
            if bounds[case] >= LEAST_LIKE:
                likely.append((bounds[case], -reading))
        return [*self._by_joined.get(_joined(words), ()), *(-reading for _, reading in nlargest(MOST_WEIGHED, likely))]

    def _with(self, word: _Word) -> set[int]:
        """The readings that have this word, as spelt or with a slip."""
        if word not in self._having:
            self._having[word] = set().union(*(self._by_spelling.get(spelling, ()) for spelling in word.spellings))
        return self._having[word]


def likeness(one: str, other: str) -> float:
    """How alike two names of firms are, from 0 to 1, whatever their case, punctuation and legal form.

    >>> likeness("Practice Plus Group Ltd", "PRACTICE PLUS GROUP LIMITED")
    1.0
    >>> likeness("Mersey Care NHS Foundation Trust", "Mersey Care NHS FT")
    1.0
    >>> likeness("Spectrum Community Health CIC", "Time for Teeth Ltd")
    0.0
    """
    return _likeness(_readings(one), _readings(other))


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    spellings: frozenset[str]
    """Itself and what is left without one letter: two long words that share any are one, but for a slip."""
    weight: float


_Reading = tuple[_Word, ...]


class _Weights(NamedTuple):
    telling: int
    """The words that only a telling word of another reading can be the same as."""
    others: float
    """What its other words weigh at most in common with another reading's."""
    total: float


def _likeness(ones: Sequence[_Reading], others: Sequence[_Reading]) -> float:
    return max(_alike(one, other) for one in ones for other in others)


def _alike(one: _Reading, other: _Reading) -> float:
    """The share of their words in common, by weight; all of it where only the spaces differ.

    Without a telling word in common they are not alike at all; where all words of one are in the other, they are.
    """
    if _joined(one) == _joined(other):
        return 1.0
    left, weights = list(other), []
    for word in one:
        same = next((each for each in left if each.spellings & word.spellings), None)
        if same is not None:
            left.remove(same)
            weights.append(min(word.weight, same.weight))
    if 1.0 not in weights:
        return 0.0
    share = sum(weights) / (sum(word.weight for word in (*one, *other)) - sum(weights))
    contained = len(weights) > 1 and len(weights) in (len(one), len(other))
    return max(share, LEAST_LIKE) if contained else share


def _readings(name: str) -> list[_Reading]:
    """The words of the name; of one with two names, of each."""
    read = [tuple(map(_word, _FORMS.sub(" ", _spaced(part)).split())) for part in _ALSO.split(name)]
    telling = [words for words in read if any(word.weight == 1 for word in words)]
    return telling or [max(read, key=len) or tuple(map(_word, _spaced(name).split()))]


def _word(text: str) -> _Word:
    shorter = {text[:place] + text[place + 1 :] for place in range(len(text))} if len(text) > SHORTEST_SLIP else set()
    return _Word(text, frozenset({text, *shorter}), _COMMON_WEIGHT if text in _COMMON else 1.0)


_COMMON_SPELLINGS = frozenset(spelling for text in _COMMON for spelling in _word(text).spellings)


def _spaced(name: str) -> str:
    """In small letters without accents and punctuation: "St. John’s (U.K.)" is "st johns uk"."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    plain = re.sub(r"[.'’\u0300-\u036f]", "", plain)
    return " ".join(re.findall(r"[^\W_]+", plain))


def _joined(words: _Reading) -> str:
    return "".join(word.text for word in words)


def _telling(words: _Reading) -> list[_Word]:
    return [word for word in words if word.weight == 1]


def _weights(words: _Reading) -> _Weights:
    telling = sum(not word.spellings & _COMMON_SPELLINGS for word in words)
    return _Weights(telling, (len(words) - telling) * _COMMON_WEIGHT, sum(word.weight for word in words))


def _at_most(shared: int, one: _Weights, other: _Weights) -> float:
    """How alike two readings can be that have so many telling words in common, whatever their others are."""
    weight = shared + min(one.others, other.others)
    share = round(weight / (one.total + other.total - weight), 9)  # a sum in another order differs in its last digit
    return max(share, LEAST_LIKE) if shared >= min(one.telling, other.telling) else share


def _number(identifier: str) -> tuple[str, str]:
    scheme, _hyphen, number = identifier.rpartition("-")
    return _NUMBERS.get(scheme, ""), _plain_number(number)


def _plain_number(number: str) -> str:
    """Zeros in front are written or not."""
    return re.sub(r"\W", "", number).casefold().lstrip("0")

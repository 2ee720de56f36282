"""What providers said about themselves, as variables that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log1p

from intelligence.market import BiddingRole, Interest, InterestLevel, Market, Provider, ProviderKind

LEVELS: Mapping[InterestLevel, float] = {
    InterestLevel.NO: 0.0,
    InterestLevel.UNDECIDED: 1.0,
    InterestLevel.POSSIBLY: 2.0,
    InterestLevel.LIKELY: 3.0,
    InterestLevel.WOULD_BID: 4.0,
}
_KINDS = {ProviderKind.NHS_TRUST: "NHS trust", ProviderKind.GP_FEDERATION: "GP federation"}


class Scale(StrEnum):
    AMOUNT = "amount"
    KIND = "kind"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Variable:
    """One question about every provider. `values` are numbers, words or sets of words by scale; `None` is unknown.

    Amounts of money and staff are compared by their logarithm (`logged`), since the tenth million is not the first. In
    words an amount is `more` or `less` than others', and written as `figure` says.
    """

    name: str
    scale: Scale
    values: tuple[float | str | frozenset[str] | None, ...]
    logged: bool = False
    more: str = ""
    less: str = ""
    figure: str = "{}"

    def compared(self, value: float) -> float:
        return log1p(value) if self.logged else value


@dataclass(frozen=True, slots=True)
class Profiles:
    """Providers that declared any interest, or said no, in an order of ids, and what is known of them."""

    provider_ids: tuple[str, ...]
    variables: tuple[Variable, ...]


def profile(market: Market) -> Profiles:
    """Everyone who answered about any lot; variables that do not differ between any two of them are left out."""
    said: dict[str, list[Interest]] = {}
    for interest in market.interests:
        said.setdefault(interest.provider_id, []).append(interest)
    providers = sorted((one for one in market.providers if one.id in said), key=lambda one: one.id)
    own = [said[provider.id] for provider in providers]
    variables = (*_about_themselves(providers), *_about_lots(own, market))
    differing = tuple(found for found in variables if len(set(found.values) - {None}) > 1)
    return Profiles(tuple(provider.id for provider in providers), differing)


def _about_themselves(providers: Sequence[Provider]) -> list[Variable]:
    def kinds(name: str, of: Callable[[Provider], str | None]) -> Variable:
        return Variable(name, Scale.KIND, tuple(of(provider) for provider in providers))

    def amounts(name: str, of: Callable[[Provider], float | None], *words: str) -> Variable:
        return Variable(name, Scale.AMOUNT, tuple(of(provider) for provider in providers), True, *words)

    return [
        kinds("kind of organisation", lambda one: _KINDS.get(one.kind) or one.kind.value.replace("_", " ")),
        kinds("size", lambda one: one.size.value if one.size else None),
        kinds("voluntary, community or social enterprise", lambda one: _yes_no(one.vcse)),
        kinds("CQC registered", lambda one: _yes_no(one.cqc_registered)),
        kinds("experienced in secure settings", lambda one: _yes_no(one.secure_setting_experience)),
        amounts(
            "largest contract",
            lambda one: one.largest_annual_value,
            "larger contracts",
            "smaller contracts",
            "£{} a year",
        ),
        amounts(
            "lots it could start together",
            lambda one: one.startable_together,
            "could start more lots together",
            "could start fewer lots together",
        ),
        amounts("lots it could hold", lambda one: one.held_at_most, "could hold more lots", "could hold fewer lots"),
        amounts(
            "tenders at once",
            lambda one: one.tenders_at_once,
            "could answer more tenders at once",
            "could answer fewer tenders at once",
        ),
    ]


def _about_lots(own: Sequence[Sequence[Interest]], market: Market) -> list[Variable]:
    lines = {line.id: line.name for line in market.service_lines}
    services = {lot.id: frozenset(lines[unit.service_line_id] for unit in lot.units) for lot in market.lots}
    wanted = [[said for said in interests if said.level is not InterestLevel.NO] for interests in own]

    def means(name: str, of: Callable[[Interest], float | None], *words: str, logged: bool = False) -> Variable:
        known = ([value for value in map(of, interests) if value is not None] for interests in wanted)
        return Variable(name, Scale.AMOUNT, tuple(map(_mean, known)), logged, *words)

    every = tuple(frozenset[str]().union(*(services[said.lot_id] for said in interests)) for interests in wanted)
    many = tuple(float(len(interests)) for interests in wanted)
    sure = tuple(_mean([LEVELS[said.level] for said in interests]) for interests in own)
    return [
        Variable("services", Scale.SET, every),
        Variable("lots of interest", Scale.AMOUNT, many, True, "interested in more lots", "interested in fewer lots"),
        Variable("level of interest", Scale.AMOUNT, sure, False, "surer to bid", "less sure to bid", "level {} of 4"),
        Variable("leading its bids", Scale.KIND, tuple(_leads(interests) for interests in wanted)),
        means(
            "staff offered a lot",
            lambda said: said.wte_at_start,
            "offer more staff for a lot",
            "offer less staff for a lot",
            "{} WTE",
            logged=True,
        ),
        means(
            "months of mobilisation",
            lambda said: said.mobilisation_months,
            "need longer to mobilise",
            "need less time to mobilise",
            "{} months",
        ),
    ]


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _leads(interests: Sequence[Interest]) -> str | None:
    if not interests:
        return None
    return _yes_no(2 * sum(said.role is BiddingRole.LEAD for said in interests) > len(interests))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

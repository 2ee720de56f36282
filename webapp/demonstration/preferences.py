"""What the invented providers say beside their interest: partners, preferred lots, packages and contracts.

Drawn apart from the rest, so that a question more or less here changes nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from webapp.models import InterestLevel, Lot, ProviderSize

Answers = dict[str, Any]

CONSORTIA: tuple[dict[str, str], ...] = (
    {
        "Calder Primary Care Federation": "Pennine Primary Care Consortium",
        "Ribble Valley GP Alliance": "The Pennine Primary-Care Consortium",
    },
    {
        "Little Acorns Paediatric Services Ltd": "Sands and Acorns Partnership",
        "Wirral Sands Community NHS Trust": "Sands & Acorns Partnership",
    },
)
"""The partners of each, with its name as they write it: seldom alike."""

_AGAINST_A_LIMIT = (
    "We do not support a limit on lots: it would break up services that share one team.",
    "A limit would make our price for each prison higher, because the managers and the on-call rota are shared.",
    "We would oppose any limit. A provider that can staff four prisons safely should be allowed to.",
    "A limit on lots is a bad idea here, since a rejected lot may then find nobody at all.",
    "Limits have been tried elsewhere and left lots without an award. We are against one.",
    "We object to a limit: mobilising one contract at a time is slower and dearer for everybody.",
)
_FOR_A_LIMIT = (
    "We support a limit on lots: without one the largest providers take everything.",
    "A limit of two lots is a good idea, and would give smaller organisations like us a fair chance.",
    "We welcome a limit, because one failing provider should not take down every prison in the region.",
    "A limit keeps several providers in the market for the next tender, and we are in favour of it.",
    "We agree with a limit by value. It protects quality, since nobody has to mobilise everything at once.",
    "A limit would be fair to charities, and we would bid for more lots if there were one.",
)
_ORDER = [level.value for level in InterestLevel]
_TURNOVER = {
    ProviderSize.MICRO: "under_1m",
    ProviderSize.SMALL: "under_10m",
    ProviderSize.MEDIUM: "under_50m",
    ProviderSize.LARGE: "over_50m",
}


def size_answers(size: ProviderSize, vcse: bool) -> Answers:
    return {
        "annual_turnover": _TURNOVER[size],
        "is_sme": "no" if size is ProviderSize.LARGE else "yes",
        "is_vcse": "yes" if vcse else "no",
    }


def services_answer(name: str, sites: Sequence[str]) -> list[list[str]]:
    """The rows of one who has worked in a secure setting, at places as invented as itself."""
    chance = _chance(name, "services")
    places = chance.sample(
        ("HMP Otterburn Moor", "HMP Saltmarsh", "YOI Larkhill", "HMP Greywell"), k=min(len(sites), 2)
    )
    return [
        [place, chance.choice(("Primary care", "Mental health", "Dental care")), "4 2024", "", f"{value:,}"]
        for place, value in ((place, chance.randrange(2, 20) * 100_000) for place in places)
    ]


def partner_answers(name: str, chosen: Sequence[Lot]) -> Answers:
    partners = next((partners for partners in CONSORTIA if name in partners), None)
    if partners is None:
        return {"may_record_partners": "no"} if chosen else {}
    others = ", ".join(other for other in partners if other != name)
    return {
        "consortium": {str(lot.id): partners[name] for lot in chosen},
        "may_record_partners": "yes",
        "partners": f"{others}. We would share the staff and the on-call rota.",
    }


def is_partner(name: str) -> bool:
    return any(name in partners for partners in CONSORTIA)


def preference_answers(name: str, chosen: Sequence[Lot], levels: Mapping[str, str], held_at_most: int) -> Answers:
    """The lots they want most, for most of those with several; and a package, for some."""
    chance = _chance(name, "preferences")
    by_interest = sorted(chosen, key=lambda lot: (_ORDER.index(levels[str(lot.id)]), chosen.index(lot)))
    answers: Answers = {}
    if len(chosen) > 1 and chance.random() < 0.7:
        answers["preferred_lots"] = [[str(lot.id), str(place)] for place, lot in enumerate(by_interest[:4], 1)]
    if len(chosen) > 1 and chance.random() < 0.35 and held_at_most > 1:
        answers["packages"] = [[str(lot.id) for lot in by_interest[:2]]]
    return answers


def contract_answers(name: str, grouping: str) -> Answers:
    chance = _chance(name, "contracts")
    answers: Answers = {
        "preferred_term": chance.choice(("3_2", "5_2", "5_2", "6_3", "7", "9")),
        "pricing_models": sorted(chance.sample(("block", "capitation", "block_activity", "gain_share"), k=2)),
        "grouping": grouping,
        "award_limit": chance.choice(("none", "none", "2", "3", "value")),
        "social_value": sorted(chance.sample(("jobs", "workforce", "supply"), k=chance.choice((1, 2)))),
    }
    said = _AGAINST_A_LIMIT if answers["award_limit"] == "none" else _FOR_A_LIMIT
    if chance.random() < 0.7:
        answers["award_limit_reasons"] = " ".join(chance.sample(said, k=chance.choice((1, 2, 2))))
    return answers


def avoided_dates(name: str) -> list[list[str]]:
    """Summer, Christmas or nothing."""
    summer, christmas = ["1", "8", "2027", "31", "8", "2027"], ["20", "12", "2027", "5", "1", "2028"]
    return _chance(name, "dates").choice(([], [summer], [christmas], [summer, christmas]))


def _chance(name: str, about: str) -> Random:
    return Random(f"{name}: {about}")  # noqa: S311 - invented answers, the same on every machine

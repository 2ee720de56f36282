"""The invented providers of the demonstration and what each of them answers. Nothing here was said by anyone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from webapp.demonstration.preferences import (
    Answers,
    avoided_dates,
    contract_answers,
    is_partner,
    partner_answers,
    preference_answers,
    services_answer,
    size_answers,
)
from webapp.models import InterestLevel, Lot, ProviderKind, ProviderSize

FOLDER = Path(__file__).parent
TENDERS_OF = {"hsc": "H", "mh": "M", "sch": "C", "dental": "D"}
LADDER = ("would_bid", "likely", "possibly", "undecided", "no")
STAFF_NAMES = ("Alex", "Sam", "Jo", "Chris", "Pat", "Robin", "Lee", "Ash", "Kim", "Terry")
SURNAMES = ("Holt", "Barlow", "Shaw", "Kay", "Rigby", "Lomax", "Fielding", "Ashworth")
FREE_TEXT = {"barriers": "barriers", "outcomes": "outcomes", "dependencies": "risks", "transfer_of_staff": "tupe"}
CHANCE_OF_AN_ANSWER = 0.85
LEAD_INS = ("In our experience", "To be frank", "At present", "For us", "As we see it", "Put simply")


@dataclass(frozen=True, slots=True)
class SyntheticProvider:
    name: str
    kind: ProviderKind
    size: ProviderSize
    vcse: bool
    services: tuple[str, ...]
    sites: tuple[str, ...]
    appetite: str
    startable_together: int
    held_at_most: int
    tenders_at_once: int
    cqc_registered: bool
    secure_setting_experience: bool
    largest_annual_value: int
    mobilisation_months: int
    may_quote: bool

    @property
    def contact(self) -> str:
        chance = Random(self.name)  # noqa: S311 - an invented name, the same on every machine
        return f"{chance.choice(STAFF_NAMES)} {chance.choice(SURNAMES)}"

    @property
    def email(self) -> str:
        slug = "".join(letter if letter.isalnum() else "-" for letter in self.name.lower()).strip("-")
        return f"bids@{slug}.example"


@cache
def synthetic_providers() -> tuple[SyntheticProvider, ...]:
    with (FOLDER / "synthetic_providers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_provider(row) for row in csv.DictReader(file))


def _provider(row: dict[str, str]) -> SyntheticProvider:
    return SyntheticProvider(
        name=row["name"],
        kind=ProviderKind(row["kind"]),
        size=ProviderSize(row["size"]),
        vcse=row["vcse"] == "yes",
        services=tuple(row["services"].split()),
        sites=tuple(row["sites"].split()),
        appetite=row["appetite"],
        startable_together=int(row["startable"]),
        held_at_most=int(row["held"]),
        tenders_at_once=int(row["tenders"]),
        cqc_registered=row["cqc"] == "yes",
        secure_setting_experience=row["secure"] == "yes",
        largest_annual_value=int(row["largest_value"]),
        mobilisation_months=int(row["mobilisation"]),
        may_quote=row["quote"] == "yes",
    )


def answers_of(provider: SyntheticProvider, lots: Sequence[Lot]) -> dict[str, Answers]:
    """What it types on the page of each section, by the section's slug."""
    chance = Random(provider.name)  # noqa: S311 - invented answers, the same on every machine
    levels = {str(lot.id): _level(provider, lot, chance) for lot in lots}
    chosen = [lot for lot in lots if levels[str(lot.id)] != InterestLevel.NO]
    about_lots = _about_lots(provider, chosen, chance)
    price_workable = about_lots.pop("price_workable")
    capacity = _capacity(provider, chance)
    grouping = capacity.pop("grouping")
    return {
        "organisation": {
            "legal_name": provider.name,
            "organisation_kind": provider.kind.value,
            "organisation_size": provider.size.value,
            **size_answers(provider.size, provider.vcse),
        },
        "experience": {
            "cqc_registered": _yes_no(provider.cqc_registered),
            "secure_setting_experience": _yes_no(provider.secure_setting_experience),
            "secure_setting_services": services_answer(provider.name, provider.sites)
            if provider.secure_setting_experience
            else [],
        },
        "interest": {"interest": levels},
        "lots": about_lots,
        "partners": partner_answers(provider.name, chosen),
        "preferences": preference_answers(provider.name, chosen, levels, provider.held_at_most),
        "price": {"price_workable": price_workable},
        "capacity": capacity,
        "contracts": contract_answers(provider.name, grouping),
        "views": {key: text for key, topic in FREE_TEXT.items() if (text := _comment(topic, chance))},
        "permission": {"may_quote": _yes_no(provider.may_quote), "contact": f"{provider.contact}, {provider.email}"},
    }


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _level(provider: SyntheticProvider, lot: Lot, chance: Random) -> str:
    """Most interested in the first of its sites, and in no lot outside its services and sites."""
    site = lot.units[0].site.code
    if provider.appetite == "no" or lot.code[0] not in _tenders(provider) or site not in provider.sites:
        return "no"
    start = 1 if provider.appetite == "subcontract" else LADDER.index(provider.appetite)
    further_down = provider.sites.index(site) // 2 + chance.choice((0, 0, 0, 1))
    return LADDER[min(start + further_down, 3)]


def _tenders(provider: SyntheticProvider) -> set[str]:
    tenders = {TENDERS_OF[service] for service in provider.services}
    if {"C", "D"} <= tenders:  # a dental provider that works with children wants their dental lots
        return tenders - {"C"} | {"E"}
    return tenders


def _about_lots(provider: SyntheticProvider, chosen: Iterable[Lot], chance: Random) -> Answers:
    about: dict[str, dict[str, str]] = {
        "role": {},
        "wte_at_start": {},
        "wte_month_6": {},
        "mobilisation_months": {},
        "price_workable": {},
    }
    for lot in chosen:
        key, needed = str(lot.id), lot.demand_wte or 0
        reach = chance.uniform(0.15, 0.4) if provider.appetite == "subcontract" else chance.uniform(0.55, 1.1)
        about["role"][key] = _role(provider, chance)
        about["wte_at_start"][key] = f"{needed * reach:.1f}"
        about["wte_month_6"][key] = f"{needed * reach * chance.uniform(1.0, 1.3):.1f}"
        about["mobilisation_months"][key] = str(provider.mobilisation_months)
        about["price_workable"][key] = chance.choice(("yes", "yes", "tight", "tight", "no", "cannot_say"))
    return about


def _role(provider: SyntheticProvider, chance: Random) -> str:
    if provider.appetite == "subcontract":
        return "subcontract_only"
    if provider.size in (ProviderSize.MICRO, ProviderSize.SMALL):
        small = chance.choice(("lead", "lead", "subcontract"))
        return "consortium" if is_partner(provider.name) else small
    return "consortium" if is_partner(provider.name) else "lead"


def _capacity(provider: SyntheticProvider, chance: Random) -> Answers:
    return {
        "startable_together": str(provider.startable_together),
        "held_at_most": str(provider.held_at_most),
        "tenders_at_once": str(provider.tenders_at_once),
        "minimum_bid_time": chance.choice(("20", "30", "30", "40")),
        "annual_value": ["", f"{provider.largest_annual_value:,}"],
        "dates_to_avoid": avoided_dates(provider.name),
        "grouping": chance.choice(("by_site", "by_service", "by_service", "each_alone", "no_view")),
    }


@cache
def _statements() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = json.loads(
        (FOLDER / "synthetic_comments.json").read_text(encoding="utf-8")
    )
    return loaded


def _comment(topic: str, chance: Random) -> str:
    """One to three statements on different matters, or nothing."""
    if chance.random() > CHANCE_OF_AN_ANSWER:
        return ""
    matters = _statements()[topic]
    wanted = chance.sample(sorted(matters), k=min(chance.choice((1, 1, 2, 2, 3)), len(matters)))
    said = [chance.choice(matters[matter]) for matter in wanted]
    return " ".join([_led_in(said[0], chance), *said[1:]])


def _led_in(statement: str, chance: Random) -> str:
    """In half of the answers the first statement is led up to, so that two providers seldom write the same."""
    first_word = statement.split()[0]
    if chance.random() < 0.5 or not first_word.istitle() or len(statement) < 20:
        return statement
    return f"{chance.choice(LEAD_INS)}, {statement[0].lower()}{statement[1:]}"

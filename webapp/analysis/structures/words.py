"""How pages name services and lots, and say what the engine found."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from intelligence import LotDesign
from intelligence.lots.design import Rules, StructureLot
from intelligence.lots.result import DesignStatus, Hindrance
from intelligence.lots.rules import rules_in_force
from intelligence.lots.structures import title_of
from webapp.analysis.structures.design import StoredLots
from webapp.web.format import plural

STATUS = {
    DesignStatus.OPTIMAL: "It is proved that no other structure of the lots considered is worth more.",
    DesignStatus.FEASIBLE: "This is the best structure found in the time allowed. A better one may exist.",
    DesignStatus.INFEASIBLE: "No structure meets your rules.",
    DesignStatus.UNDECIDED: "No structure was found in the time allowed.",
}
HINDRANCES = {
    Hindrance.COVERS_TOO_LITTLE: "wants too little of the lot",
    Hindrance.WANTS_MOST_OF_IT_LESS: "wants most of the lot less than its favourite part",
    Hindrance.NEEDS_PARTNERS: "needs a partner for the rest",
    Hindrance.TOO_LARGE: "the lot is larger than its largest contract",
    Hindrance.TOO_SMALL: "the lot is too small for it",
    Hindrance.BREAKS_PACKAGE: "the lot splits what it wants together",
}
UNITED = {"each unit": "Each service at each site", "by site": "By site", "by service": "By service line"}
ASSUMPTIONS = {
    "price per unit of ln(bids)": "How much lower the price is with more bids (share of the price for each unit of the "
    "logarithm of their number)",
    "share of contract value lost when nobody bids": "Lost when nobody bids (share of the contract’s value)",
    "cost of managing one lot, pounds a year": "Cost of managing one lot (pounds a year)",
    "share of a lot's value a provider must want": "How much of a lot a provider must want to bid (share of its value)",
    "share of a lot's value that makes its supplier the incumbent": "How much of a lot its present "
    "supplier holds at least (share of its value)",
}
"""What the worth of a structure assumes, in an officer's words, by the engine's name."""
_UNIT = re.compile(r"\bunit(s?)\b")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter(position: int) -> str:
    """A to Z, then AA, AB and so on: how the board names a lot.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    rest, last = divmod(position, len(LETTERS))
    return (letter(rest - 1) if rest else "") + LETTERS[last]


def structure_name(name: str) -> str:
    """The engine's own names as a heading has them; an officer's name as it is."""
    return UNITED.get(name, name[:1].upper() + name[1:])


def unit_names(design: LotDesign) -> dict[str, str]:
    """Service line and site, by the unit's id."""
    lines = {line.id: line.name for line in design.service_lines}
    sites = {site.id: site.name for site in design.sites}
    return {unit.id: f"{lines[unit.service_line_id]}, {sites[unit.site_id]}" for unit in design.units}


def lot_names(design: LotDesign, lots: StoredLots) -> dict[int, str]:
    """Each lot's letter and what it covers, by its place."""
    return {
        place: f"Lot {letter(place)}: {title_of(design, StructureLot(tuple(units)))}"
        for place, units in enumerate(lots)
        if units
    }


def in_words(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence of the engine with the names of services where it has their ids; an officer's unit is a service.

    >>> in_words("lot 'L4' needs an annual value", {"L4": "D4 Dental"})
    'lot “D4 Dental” needs an annual value'
    >>> in_words("unit L4 is in two lots", {"L4": "D4 Dental"})
    'service “D4 Dental” is in two lots'
    """
    sentence = _UNIT.sub(r"service\1", sentence)
    for unit_id, name in names.items():
        sentence = sentence.replace(repr(unit_id), unit_id).replace(unit_id, f"“{name}”")
    return sentence


def warning_in_words(sentence: str) -> str:
    """A warning of the engine with its assumptions and structures as the page calls them."""
    for name, words in ASSUMPTIONS.items():
        sentence = sentence.replace(f'"{name}"', f"“{words}”")
    for name, words in UNITED.items():
        sentence = sentence.replace(repr(name), f"“{words}”")
    return sentence


def rules_in_words(design: LotDesign, rules: Rules) -> list[str]:
    names = unit_names(design)
    return [in_words(rule.sentence, names) for rule in rules_in_force(replace(design, rules=rules))]


def move_in_words(design: LotDesign, unit_ids: Collection[str], target: str) -> str:
    """What a move did, for the history of the structure."""
    names = unit_names(design)
    chosen = [names[unit.id] for unit in design.units if unit.id in unit_ids]
    what = f"“{chosen[0]}”" if len(chosen) == 1 else plural(len(chosen), "service")
    return f"Moved {what} to {target}"

"""The officer's rules as the address of a page carries them: nothing is stored before a search is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from intelligence import LotDesign
from intelligence.lots.design import Rules

_GROUPS = ("together", "apart")
_SWITCHES = ("fewer_lots_than_bidders", "more_lots_than_incumbents")
_AMOUNTS = ("smallest_annual_value", "largest_annual_value", "sme_largest_annual_value")


def address_of(design: LotDesign, rules: Rules) -> str:
    """Like `lots_at_most:3,together:5`, where 5 stands for the first and third service: a bit for each."""
    return ",".join(_parts(design, rules))


def rules_at(design: LotDesign, address: str) -> Rules:
    """The rules that :func:`address_of` wrote.

    Raises:
        ValueError: nobody's rules for these services look like that.
    """
    given: dict[str, Any] = {}
    groups: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for part in address.split(",") if address else ():
        name, _, value = part.partition(":")
        if name in _GROUPS:
            groups[name].append(_services(design, value))
        elif name not in Rules.__dataclass_fields__:
            raise ValueError(f"{name!r} is no rule")
        elif name in _SWITCHES:
            given[name] = True
        else:
            given[name] = float(value) if name in _AMOUNTS else int(value)
    given |= {name: tuple(found) for name, found in groups.items()}
    rules = Rules(**given)
    replace(design, rules=rules)  # checks them
    return rules


def _parts(design: LotDesign, rules: Rules) -> Iterator[str]:
    for name in Rules.__dataclass_fields__:
        value = getattr(rules, name)
        if name in _GROUPS:
            for group in value:
                bits = sum(1 << place for place, unit in enumerate(design.units) if unit.id in group)
                yield f"{name}:{bits:x}"
        elif name in _SWITCHES:
            yield from [name] if value else []
        elif value is not None:
            yield f"{name}:{value}"


def _services(design: LotDesign, digits: str) -> tuple[str, ...]:
    bits = int(digits, 16)
    if not 0 <= bits < 1 << len(design.units):
        raise ValueError(f"{digits!r} names services that there are not")
    return tuple(unit.id for place, unit in enumerate(design.units) if bits >> place & 1)

"""Answers made of the lots that one chose."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.lists import format_list

from webapp.language import _, spoken
from webapp.models import Lot
from webapp.responses.items import AnswerError, Item, Say, Typed, Value, refuse, rows_of
from webapp.responses.kinds.kind import Form, Kind, sent_text
from webapp.responses.kinds.numbers import parsed

MOST_PACKAGES = 5


def title_of(lot: Lot) -> str:
    return f"{lot.code}: {lot.title}"


def by_id(lots: Sequence[Lot]) -> dict[str, Lot]:
    return {str(lot.id): lot for lot in lots}


class Ranking(Kind):
    """A place for each lot one prefers, 1 for the first; typed as rows of a lot's id and its place.

    The value is the ids in order. What was typed about a lot no longer chosen is kept and does not count.
    """

    def gather(self, form: Form, item: Item) -> Typed:
        rows = [[str(lot.id), sent_text(form, f"{item.name}-{lot.id}")] for lot in item.among]
        return [row for row in rows if row[1]]

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        return [(f"{item.name}-{lot_id}", place) for lot_id, place in rows_of(typed)]

    def first_part(self, item: Item, row: int = 1) -> str:
        return str(item.among[0].id) if item.among else ""

    def read(self, item: Item, typed: Typed) -> Value:
        lots = by_id(item.among)
        places: dict[int, str] = {}
        faults: list[AnswerError] = []
        for lot_id, text in rows_of(typed):
            if lot_id not in lots or not text.strip():
                continue
            try:
                place = _place(lots[lot_id], text, len(lots))
            except AnswerError as problem:
                faults.append(problem)
                continue
            if place in places:
                faults.append(AnswerError(_given_twice(place, lots[places[place]], lots[lot_id]), lot_id))
            places.setdefault(place, lot_id)
        refuse(faults)
        if missing := next((place for place in range(1, len(places) + 1) if place not in places), None):
            after = places[min(place for place in places if place > missing)]
            raise AnswerError(_left_out(missing), after)
        return [places[place] for place in sorted(places)]

    def retyped(self, item: Item, value: Any) -> Typed:
        return [[lot_id, str(place)] for place, lot_id in enumerate(value, 1)]

    def show(self, item: Item, value: Any) -> str:
        lots = by_id(item.among)
        return "\n".join(f"{place}. {title_of(lots[lot_id])}" for place, lot_id in enumerate(value, 1))

    def show_unread(self, item: Item, typed: Typed) -> str:
        lots = by_id(item.among)
        return "\n".join(f"{lots[lot_id].code}: {text}" for lot_id, text in rows_of(typed) if lot_id in lots)


class Packages(Kind):
    """Sets of lots wanted only together; typed as rows of lot ids, and so is the value."""

    most = MOST_PACKAGES

    def first_part(self, item: Item, row: int = 1) -> str:
        return str(row)

    def gather(self, form: Form, item: Item) -> Typed:
        rows = [
            [lot_id for lot_id in form.getlist(f"{item.name}-{number}") if lot_id] for number in range(1, self.most + 1)
        ]
        return [row for row in rows if row]

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        return [(f"{item.name}-{number}", lot_id) for number, row in enumerate(rows_of(typed), 1) for lot_id in row]

    def read(self, item: Item, typed: Typed) -> Value:
        made: list[list[str]] = []
        faults: list[AnswerError] = []
        for number, row in enumerate(rows_of(typed), 1):
            package = [str(lot.id) for lot in item.among if str(lot.id) in row]
            if len(package) == 1:
                faults.append(AnswerError(_single_lot(number), str(number)))
            elif package in made:
                faults.append(AnswerError(_same_lots(number), str(number)))
            made += [package] if package else []
        refuse(faults)
        return made

    def retyped(self, item: Item, value: Any) -> Typed:
        return [list(package) for package in value]

    def show(self, item: Item, value: Any) -> str:
        return _in_words(item, value)

    def show_unread(self, item: Item, typed: Typed) -> str:
        return _in_words(item, rows_of(typed))


def _in_words(item: Item, packages: list[list[str]]) -> str:
    lots = by_id(item.among)
    named = (_listed([lots[lot_id].code for lot_id in package if lot_id in lots]) for package in packages)
    return "\n".join(
        _("Package %(number)s: %(lots)s", number=number, lots=codes) for number, codes in enumerate(named, 1)
    )


def _listed(codes: Sequence[str]) -> str:
    return format_list(codes, locale=spoken().locale)


def _place(lot: Lot, text: str, most: int) -> int:
    try:
        return int(parsed(text, 0, Decimal(most), least=Decimal(1)))
    except AnswerError as problem:
        raise problem.within(_place_of(lot), str(lot.id)) from problem


def _place_of(lot: Lot) -> Say:
    return lambda subject: _("%(subject)s: the place of %(lot)s", subject=subject, lot=lot.code)


def _given_twice(place: int, one: Lot, other: Lot) -> Say:
    return lambda subject: _(
        "%(subject)s gives the place %(place)s to both %(one)s and %(other)s. Give each lot its own number",
        subject=subject,
        place=place,
        one=one.code,
        other=other.code,
    )


def _left_out(place: int) -> Say:
    return lambda subject: _(
        "%(subject)s leaves out the place %(place)s. Number the lots 1, 2, 3 without a gap",
        subject=subject,
        place=place,
    )


def _single_lot(package: int) -> Say:
    return lambda subject: _(
        "%(subject)s must have 2 lots or more in each package, and package %(number)s has 1",
        subject=subject,
        number=package,
    )


def _same_lots(package: int) -> Say:
    return lambda subject: _(
        "%(subject)s has the same lots in package %(number)s as in an earlier one", subject=subject, number=package
    )

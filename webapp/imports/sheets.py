"""What each sheet of a set-up file holds: its columns, what names a row, and what a row must hold together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.imports.columns import (
    Column,
    day,
    decimal,
    email,
    lines,
    money,
    months_in_words,
    one_of,
    organisation,
    services,
    text,
    whole,
    yes_or_no,
)
from webapp.imports.tables import Cell
from webapp.programmes.setting_up.parts.contracts import MOST_NOTICE, MOST_UPLIFT
from webapp.programmes.setting_up.parts.places import MOST_PLACES, MOST_WTE
from webapp.programmes.setting_up.parts.tendering import MOST_LOTS, MOST_MOBILISATION, MOST_TERM
from webapp.programmes.setting_up.rules import (
    Trouble,
    as_postcode,
    award_limits,
    code,
    contract_dates,
    days_in_order,
    postcode,
    service_start,
)
from webapp.programmes.words import FORMS, ROUTES, SITE_KINDS
from webapp.web.fields import MAX_MONEY
from webapp.web.text import seen

Row = Mapping[str, Any]
"""The cells of a line by attribute; what was left empty is None."""
Key = tuple[Any, ...]
Rule = Callable[[Row], Trouble | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    slug: str
    title: str
    noun: str
    columns: tuple[Column, ...]
    named_by: tuple[str, ...]
    """What names a row: a line of the same key changes that row, and no key may stand in the file twice."""
    rules: tuple[Rule, ...] = ()
    """What the cells of a row must hold; each rule finds one fault."""
    also: frozenset[str] = frozenset()
    """What workbooks call it as well, simplified."""
    told_apart: str = ""
    """How two lines that name the same row are mended, where there is more than one way."""

    @property
    def required(self) -> Sequence[Column]:
        return [column for column in self.columns if column.required]

    def key(self, row: Row) -> Key:
        """Capitals and the number of spaces make no difference."""
        return tuple(_folded(row[attribute]) for attribute in self.named_by)

    def column(self, attribute: str) -> Column:
        return next(column for column in self.columns if column.attribute == attribute)


def _folded(value: Any) -> Any:
    return seen(value) if isinstance(value, str) else value


def _postcode(cell: Cell) -> str:
    return as_postcode(text(10)(cell))


def _code(row: Row) -> Trouble | None:
    return code(row["code"])


def _names(*names: str) -> frozenset[str]:
    return frozenset(names)


_MONEY = money(MAX_MONEY)
_ANNUAL_VALUE = _names("annual contract value", "annual value gbp", "value per year", "value p a", "yearly value")
_COVERED = _names("services covered", "site service", "site service line", "site and service")
_SOURCE = Column("source", "Source", text(200), "Health needs assessment 2026")

SHEETS = (
    Sheet(
        "sites",
        "Sites",
        "site",
        (
            Column("code", "Code", text(20), "LIV", required=True, also=_names("site code")),
            Column(
                "name",
                "Name",
                text(200),
                "HMP Liverpool",
                required=True,
                also=_names("site", "site name", "establishment"),
            ),
            Column(
                "kind",
                "Kind",
                one_of(SITE_KINDS),
                "Prison",
                required=True,
                also=_names("type", "site type", "type of site"),
            ),
            Column("postcode", "Postcode", _postcode, "L9 3DF", also=_names("post code")),
            Column(
                "places",
                "Places",
                whole(0, MOST_PLACES),
                "1300",
                also=_names("capacity", "operational capacity", "population"),
            ),
            Column("places_source", "Source of places", text(200), "Published capacity, 2026"),
        ),
        ("code",),
        (_code, lambda row: postcode(row["postcode"] or "")),
    ),
    Sheet(
        "service_lines",
        "Service lines",
        "service line",
        (
            Column("code", "Code", text(40), "dental", required=True, also=_names("service line code")),
            Column(
                "name",
                "Name",
                text(200),
                "Dental services",
                required=True,
                also=_names("service line", "service line name", "service"),
            ),
        ),
        ("code",),
        (_code,),
    ),
    Sheet(
        "units",
        "Services",
        "service at a site",
        (
            Column("site", "Site", text(20), "LIV", required=True),
            Column("service_line", "Service line", text(40), "dental", required=True),
            Column("annual_value", "Annual value", _MONEY, "250000", also=_ANNUAL_VALUE),
            Column(
                "demand_wte",
                "Demand WTE",
                decimal(2, MOST_WTE),
                "6.5",
                also=_names("wte", "staff wte", "demand in wte"),
            ),
            _SOURCE,
        ),
        ("site", "service_line"),
    ),
    Sheet(
        "needs",
        "Needs",
        "need",
        (
            Column("title", "Need", text(200), "Urgent dental care within 24 hours", required=True),
            Column("detail", "Detail", lines(5_000), "Pain and swelling are the most frequent calls"),
            Column("site", "Site", text(20), "LIV"),
            Column("service_line", "Service line", text(40), "dental"),
            _SOURCE,
        ),
        ("title",),
    ),
    Sheet(
        "contracts",
        "Contracts",
        "contract",
        (
            Column(
                "title",
                "Title",
                text(200),
                "Dental services",
                required=True,
                also=_names("contract", "contract title", "contract name", "title of contract"),
            ),
            Column(
                "supplier_name",
                "Supplier",
                organisation(200),
                "A dental provider",
                required=True,
                also=_names(
                    "supplier name",
                    "provider",
                    "provider name",
                    "current provider",
                    "current supplier",
                    "incumbent",
                    "incumbent provider",
                    "incumbent supplier",
                    "contractor",
                ),
            ),
            Column("units", "Services", services, "LIV/dental", also=_COVERED),
            Column("site", "Site", text(200), "", also=_names("site name", "site code", "establishment")),
            Column(
                "service_line",
                "Service",
                text(200),
                "",
                also=_names("service line", "service name", "service line name", "service line code"),
            ),
            Column("annual_value", "Annual value", _MONEY, "250000", also=_ANNUAL_VALUE),
            Column(
                "start_date",
                "Start",
                day,
                "01/04/2021",
                also=_names("start date", "contract start", "contract start date", "commencement date"),
            ),
            Column(
                "end_date",
                "End",
                day,
                "31/03/2028",
                required=True,
                also=_names(
                    "end date", "contract end", "contract end date", "expiry", "expiry date", "contract expiry date"
                ),
            ),
            Column(
                "latest_end_date",
                "Latest end",
                day,
                "31/03/2029",
                also=_names(
                    "latest end date",
                    "latest expiry date",
                    "maximum end date",
                    "end with extensions",
                    "end including extensions",
                ),
            ),
            Column("extension_uplift", "Extension uplift %", whole(0, MOST_UPLIFT), "8"),
            Column(
                "notice_months",
                "Notice months",
                whole(0, MOST_NOTICE),
                "12",
                also=_names("notice period months", "notice period in months"),
            ),
            Column("notice_period", "Notice period", months_in_words(MOST_NOTICE), "", also=_names("notice")),
            Column(
                "form",
                "Terms",
                one_of(FORMS),
                "NHS Standard Contract",
                also=_names("contract form", "form of contract"),
            ),
            Column("inherited", "Taken over", yes_or_no, "no", also=_names("inherited")),
            _SOURCE,
        ),
        ("title", "supplier_name", "end_date"),
        (lambda row: contract_dates(row["start_date"], row["end_date"], row["latest_end_date"]),),
        _names("contract register", "contracts register", "register of contracts"),
        "Tell their titles apart, or make them one line with all services in a column “Services”",
    ),
    Sheet(
        "procurements",
        "Procurements",
        "procurement",
        (
            Column("title", "Title", text(200), "Dental services in prisons", required=True),
            Column("route", "Route", one_of(ROUTES), "PSR competitive process", required=True),
            Column(
                "service_start",
                "Services start",
                day,
                "01/04/2028",
                required=True,
                also=_names("service start", "service start date", "services start date", "start date"),
            ),
            Column("mobilisation_days", "Mobilisation days", whole(0, MOST_MOBILISATION), "70"),
            Column("officer", "Officer", text(200), "Officer for dental services"),
            Column("most_lots_bid", "Most lots bid", whole(1, MOST_LOTS), "3"),
            Column("most_lots_awarded", "Most lots awarded", whole(1, MOST_LOTS), "2"),
        ),
        ("title",),
        (
            lambda row: service_start(row["service_start"]),
            lambda row: award_limits(row["most_lots_bid"], row["most_lots_awarded"]),
        ),
    ),
    Sheet(
        "lots",
        "Lots",
        "lot",
        (
            Column("code", "Lot code", text(20), "D1", required=True),
            Column("title", "Title", text(200), "Dental, HMP Liverpool", required=True),
            Column("procurement", "Procurement", text(200), "Dental services in prisons", required=True),
            Column("term_months", "Term months", whole(1, MOST_TERM), "84"),
            Column("units", "Services", services, "LIV/dental", required=True),
        ),
        ("code",),
        (_code,),
    ),
    Sheet(
        "partners",
        "Partners",
        "partner",
        (
            Column("name", "Organisation", text(200), "His Majesty’s Prison and Probation Service", required=True),
            Column("part", "Part", text(200), "Runs the prisons", required=True),
            Column("contact_name", "Contact", text(200), "Sam Field"),
            Column("contact_email", "Contact email", email, "sam.field@example.org"),
        ),
        ("name",),
    ),
    Sheet(
        "board_dates",
        "Board dates",
        "board date",
        (
            Column("board", "Board", text(200), "Commissioning board", required=True),
            Column("day", "Day", day, "06/05/2027", required=True, also=_names("date", "board date", "meeting date")),
        ),
        ("board", "day"),
    ),
    Sheet(
        "blackouts",
        "Days without publication",
        "period without publication",
        (
            Column("first_day", "First day", day, "20/12/2027", required=True),
            Column("last_day", "Last day", day, "03/01/2028", required=True),
            Column("reason", "Reason", text(200), "Christmas", required=True),
        ),
        ("first_day", "last_day"),
        (lambda row: days_in_order(row["first_day"], row["last_day"]),),
    ),
)

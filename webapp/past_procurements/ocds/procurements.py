"""What the compiled release of a procurement tells, with its lots (lots extension) and bids (bids extension)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from webapp.models import RecordFormat
from webapp.past_procurements.ocds.bids import Bids, ByLot, bids_of, by_lot, lots_named, of_lot
from webapp.past_procurements.ocds.merging import compiled
from webapp.past_procurements.ocds.values import Node, Report
from webapp.past_procurements.records import MOST_BIDDERS, STERLING, Bidder, Lot, Procurement, Source
from webapp.web.format import LONDON

_LONGEST_TITLE = 500
_SCHEMES = ("GB-COH", "GB-CHC", "GB-NHS", "GB-SC", "GB-NIC", "GB-PPON")
"""Registers of organisations, those that say most first; whatever comes after them is taken too."""


@dataclass(frozen=True, slots=True)
class Award:
    """One that stands: not cancelled, not unsuccessful, and not yet to be decided."""

    lots: int
    """How many it names; none where it is for the whole procurement."""
    suppliers: tuple[Node, ...]
    day: date | None
    value: Decimal | None
    currency: str
    starts_on: date | None
    duration_days: int | None


def procurement(ocid: str, sources: Sequence[Source], report: Report, note: Report) -> Procurement | None:
    """From the sources' releases in the order of their dates; None where they tell of no tender and no award."""
    release = Node(compiled(source.release or {} for source in sources), "", report)
    tender = release.object("tender")
    if not (tender.values or release.has("awards")) or tender.text("status") in ("planning", "planned"):
        note("tender", tender.text("status"), "tells of no procurement that was begun, so it is left out")
        return None
    _note_buyers(sources, note)
    awards = [award for each in release.objects("awards") if (award := _award(each))]
    value = tender.object("value")
    whole = Procurement(
        origin=RecordFormat.OCDS,
        reference=ocid,
        buyer_name=_buyer(release),
        title=tender.text("title", _LONGEST_TITLE) or tender.text("id") or ocid,
        category=_category(tender, tender.objects("items")),
        region=_region(tender.objects("items")),
        procedure=tender.text("procurementMethodDetails") or tender.text("procurementMethod"),
        published_on=_published_on(sources, tender),
        closed_on=tender.object("tenderPeriod").day("endDate"),
        awarded_on=min((award.day for award in awards if award.day), default=None),
        value=value.pounds("amount"),
        currency=_currency(value),
        lots=(),
        sources=tuple(sources),
    )
    return replace(whole, lots=_lots(whole, release, note))


def _lots(whole: Procurement, release: Node, note: Report) -> tuple[Lot, ...]:
    """A procurement without lots is one lot."""
    tender, bids = release.object("tender"), release.object("bids")
    parties = _parties(release)
    items, awards = by_lot(tender.objects("items")), by_lot(release.objects("awards"))
    statistics, details = by_lot(bids.objects("statistics")), by_lot(bids.objects("details"))
    published = _published_lots(tender, [awards, statistics, details])
    only = len(published) == 1
    lots: list[Lot] = []
    for lot in published:
        reference = lot.text("id")
        won = [award for each in of_lot(awards, reference, only=only) if (award := _award(each))]
        drawn = bids_of(
            of_lot(statistics, reference, only=only),
            of_lot(details, reference, only=only),
            tender if only else None,
        )
        bidders = _bidders([each for award in won for each in award.suppliers], drawn.tenderers, parties)
        lots.append(_lot(whole, tender, lot, items.get(reference, ()), won, _sound(drawn, reference, note), bidders))
        if sum(len(each.bidders) for each in lots) > MOST_BIDDERS:
            release.report("awards", len(lots), f"names more than {MOST_BIDDERS:,} firms, counted for each lot")
            break
    if only:
        lots = [replace(lot, value=lot.value or whole.value) for lot in lots]
    return tuple(lots)


def _published_lots(tender: Node, naming: Sequence[ByLot]) -> list[Node]:
    """Those that the tender lists, and those that only an award or a bid names: a package may lack the tender."""
    listed = tender.objects("lots")
    known = {lot.text("id") for lot in listed} | {""}
    named = {each: None for parts in naming for each in parts if each not in known}
    listed += [Node({"id": each}, "tender/lots", tender.report) for each in named]
    return listed or [Node({}, "tender/lots", tender.report)]


def _sound(bids: Bids, lot: str, note: Report) -> Bids:
    if bids.received is None or bids.valid is None or bids.valid <= bids.received:
        return bids
    reason = f"is more valid bids of lot {lot} than the {bids.received} received, so it is left out"
    note("bids/statistics", bids.valid, reason)
    return replace(bids, valid=None)


def _lot(
    whole: Procurement,
    tender: Node,
    lot: Node,
    items: Sequence[Node],
    awards: Sequence[Award],
    bids: Bids,
    bidders: tuple[Bidder, ...],
) -> Lot:
    value = lot.object("value")
    return Lot(
        reference=lot.text("id") or whole.reference,
        title=lot.text("title", _LONGEST_TITLE) or whole.title,
        category=_category(lot, items) or whole.category,
        region=_region(items) or whole.region,
        closed_on=lot.object("tenderPeriod").day("endDate") or whole.closed_on,
        awarded_on=min((award.day for award in awards if award.day), default=None),
        value=value.pounds("amount"),
        awarded_value=_awarded_value(awards),
        currency=_currency(value) if value.values else whole.currency,
        starts_on=_starts_on(tender, lot, awards),
        duration_days=_days(lot.object("contractPeriod"))
        or next((award.duration_days for award in awards if award.duration_days), None)
        or _days(tender.object("contractPeriod")),
        bids=bids.received,
        credible_bids=bids.valid,
        requests=bids.requests,
        interested=None,
        bidders=bidders,
    )


def _starts_on(tender: Node, lot: Node, awards: Sequence[Award]) -> date | None:
    """As awarded; where no award says it, as it was tendered."""
    awarded = min((award.starts_on for award in awards if award.starts_on), default=None)
    planned = (part.object("contractPeriod").day("startDate") for part in (lot, tender))
    return awarded or next((day for day in planned if day), None)


def _award(award: Node) -> Award | None:
    suppliers = tuple(award.objects("suppliers"))
    if award.text("status") not in ("", "active") or not suppliers:
        return None
    value = award.object("value")
    return Award(
        lots=len(lots_named(award)),
        suppliers=suppliers,
        day=award.day("date"),
        value=value.pounds("amount"),
        currency=_currency(value),
        starts_on=award.object("contractPeriod").day("startDate"),
        duration_days=_days(award.object("contractPeriod")),
    )


def _awarded_value(awards: Sequence[Award]) -> Decimal | None:
    """Of all awards of the lot; unknown where one is for other lots too, has no value, or another currency."""
    values = [award.value for award in awards if award.value is not None and award.lots < 2]
    one_currency = len({award.currency for award in awards}) == 1
    return sum(values, Decimal(0)) if values and one_currency and len(values) == len(awards) else None


def _bidders(winners: Sequence[Node], tenderers: Sequence[Node], parties: Mapping[str, Node]) -> tuple[Bidder, ...]:
    """Each firm once, the winners first."""
    found: dict[tuple[str, str], Bidder] = {}
    names: set[str] = set()
    for firm, won in [*((each, True) for each in winners), *((each, False) for each in tenderers)]:
        party = parties.get(firm.text("id")) if firm.text("id") else None
        name = firm.text("name") or (party.text("name") if party else "")
        identifier = _identifier(party or firm)
        if name and (identifier or name not in names):
            names.add(name)
            found.setdefault((name, identifier), Bidder(name, identifier, won))
    return tuple(found.values())


def _identifier(party: Node) -> str:
    """The first that names a register, those that say most first: "GB-COH-01234567"; empty where there is none."""
    given = [party.object("identifier"), *party.objects("additionalIdentifiers")]
    known = [(each.text("scheme", 40), each.text("id", 150)) for each in given]
    whole = [(scheme, number) for scheme, number in known if scheme and number]
    ranked = sorted(whole, key=lambda each: _SCHEMES.index(each[0]) if each[0] in _SCHEMES else len(_SCHEMES))
    return "-".join(ranked[0]) if ranked else ""


def _parties(release: Node) -> Mapping[str, Node]:
    return {party.text("id"): party for party in release.objects("parties") if party.text("id")}


def _buyer(release: Node) -> str:
    named = release.object("buyer").text("name")
    return named or next(
        (party.text("name") for party in release.objects("parties") if "buyer" in party.texts("roles")), ""
    )


def _note_buyers(sources: Sequence[Source], note: Report) -> None:
    """One OCID with several buyers is a publisher's slip that welds procurements together."""
    buyers = {}
    for source in sources:
        buyer = (source.release or {}).get("buyer")
        if isinstance(buyer, dict) and isinstance(buyer.get("name"), str):
            buyers[buyer["name"].casefold()] = buyer["name"]
    if len(buyers) > 1:
        note("buyer/name", "; ".join(buyers.values()), "differs between the releases; the last is taken")


def _category(subject: Node, items: Sequence[Node]) -> str:
    """The CPV code of the subject or of its first item, with what it means."""
    for each in [subject, *items]:
        classification = each.object("classification")
        if code := classification.text("id"):
            return f"{code} {classification.text('description')}".strip()[:200]
    return subject.text("mainProcurementCategory")


def _region(items: Sequence[Node]) -> str:
    regions: dict[str, None] = {}
    for item in items:
        for address in [*item.objects("deliveryAddresses"), item.object("deliveryAddress")]:
            if region := address.text("region"):
                regions[region] = None
    return ", ".join(regions) if len(", ".join(regions)) <= 200 else "Several"


def _published_on(sources: Sequence[Source], tender: Node) -> date | None:
    """The day of the first release that calls for bids; where a publisher has none, what its award says of it."""
    for source in sources:
        tags = (source.release or {}).get("tag")
        if isinstance(tags, list) and "tender" in tags and source.published_at:
            return source.published_at.astimezone(LONDON).date()
    return tender.day("datePublished")


def _currency(value: Node) -> str:
    return value.text("currency", 3) or STERLING


def _days(period: Node) -> int | None:
    """Both ends are days of the term."""
    if days := period.count("durationInDays", 100_000):
        return days
    start, end = period.day("startDate"), period.day("endDate")
    return (end - start).days + 1 if start and end and end > start else None

"""An engagement as open data: a release of the Open Contracting Data Standard 1.1 at the planning stage.

It says what the notice and the engagement's public page say, and nothing of who answered or what. Of what the market
said it leads to what was published. Interest by lot is not among it: the standard counts bids and requests to
participate (`bids.statistics`), and an expression of interest before any tender is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from webapp.communications.notices.fields import UK2, Notice, Subject, process
from webapp.models import Lot, Organisation

_EXTENSIONS = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_{}_extension/{}/extension.json"
EXTENSIONS = (
    _EXTENSIONS.format("lots", "v1.1.5"),
    _EXTENSIONS.format("enquiry", "v1.1.5"),
    # Those that the United Kingdom's own, the last, is built on.
    *(
        _EXTENSIONS.format(name, "master")
        for name in (
            "awardCriteria",
            "communication",
            "otherRequirements",
            "performance_failures",
            "metrics",
            "subcontracting",
            "suitability",
            "techniques",
            "submissionTerms",
            "location",
        )
    ),
    "https://raw.githubusercontent.com/cabinetoffice/ocds_uk_extension/main/extension.json",
)
IDENTIFIER = re.compile(r"ocds-[a-z0-9]{6}-\S+")
"""Of a contracting process, with the prefix of whoever publishes it."""
DAYS_A_MONTH = 365 / 12

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A question and its answer as published to all."""

    lot_id: str | None
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """A document that anybody can fetch."""

    id: str
    title: str
    url: str
    media_type: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What everybody reads of what the engagement heard and led to."""

    id: str
    title: str
    description: str
    url: str
    published_at: datetime
    corrected_at: datetime | None
    """When it became what it is now, where that is not as it was first published."""


def can_be_released(subject: Subject) -> bool:
    """Whether the process has the identifier that every release of it must share."""
    return IDENTIFIER.fullmatch(subject.facts.procurement_identifier) is not None


def release_package(
    notice: Notice,
    subject: Subject,
    enquiries: Sequence[Enquiry],
    downloads: Sequence[Download],
    reports: Sequence[Report],
    *,
    address: str,
) -> Said:
    """`address` is where the package itself is to be had."""
    about, ocid = subject.engagement, subject.facts.procurement_identifier
    buyer = _buyer(subject)
    release = {
        "ocid": ocid,
        "id": f"{ocid}-{about.reference}-{subject.now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "date": _moment(subject.now),
        "tag": ["planning"],
        "initiationType": "tender",
        "language": "en",
        "parties": [buyer, *_agents(subject)],
        "buyer": {"id": buyer["id"], "name": buyer["name"]},
        "planning": _planning(notice, subject, downloads, reports),
        "tender": _tender(subject, enquiries),
    }
    return {
        "uri": address,
        "version": "1.1",
        "extensions": list(EXTENSIONS),
        "publishedDate": _moment(subject.now),
        "publisher": {"name": subject.programme.buyer.name},
        "releases": [release],
    }


def _buyer(subject: Subject) -> Said:
    facts = subject.facts
    contact = _given(name=facts.contact_name, email=subject.engagement.contact_email)
    party = _party(subject.programme.buyer, "buyer", facts.buyer_identifier, facts.buyer_address)
    return party | {"contactPoint": contact}


def _agents(subject: Subject) -> Iterator[Said]:
    if subject.programme.agent is not None:
        facts = subject.facts
        party = _party(subject.programme.agent, "procuringEntity", facts.agent_identifier, facts.agent_address)
        yield party | _given(contactPoint=_given(email=facts.agent_email))


def _party(organisation: Organisation, role: str, registration: str, postal: str) -> Said:
    """Known by its registration with Find a Tender, else by another register's number, else by its part alone."""
    numbers = {
        "GB-PPON": registration,
        "GB-NHS": organisation.ods_code,
        "GB-COH": organisation.companies_house_number,
        "GB-CHC": organisation.charity_number,
    }
    scheme, number = next(((scheme, number) for scheme, number in numbers.items() if number), ("", ""))
    identifier = _given(scheme=scheme, id=number, legalName=organisation.name) if scheme else None
    return _given(
        id=f"{scheme}-{number}" if scheme else role,
        name=organisation.name,
        identifier=identifier,
        address=_given(streetAddress=", ".join(postal.splitlines())),
        roles=[role],
    )


def _planning(notice: Notice, subject: Subject, downloads: Sequence[Download], reports: Sequence[Report]) -> Said:
    about, now = subject.engagement, subject.now
    engagement = _milestone("engagement", about.title, about.closes_at, process(subject), now)
    events = (_milestone(str(event.id), event.title, event.begins_at, event.place, now) for event in subject.events)
    itself = _given(
        id=notice.slug,
        documentType="marketEngagementNotice",
        noticeType="UK2" if notice is UK2 else None,
        title=notice.name,
        url=subject.address,
        datePublished=_moment(about.published_at) if about.published_at else None,
        format="text/html",
        language="en",
    )
    documents = (
        {
            "id": each.id,
            "title": each.title,
            "url": each.url,
            "format": each.media_type,
            "datePublished": _moment(each.added_at),
        }
        for each in downloads
    )
    return _given(
        rationale=subject.programme.summary,
        milestones=[engagement, *events],
        documents=[itself, *map(_study, reports), *documents],
    )


def _study(report: Report) -> Said:
    """A study of the market is what the standard calls what came of asking it."""
    return _given(
        id=report.id,
        documentType="marketStudies",
        title=report.title,
        description=report.description,
        url=report.url,
        datePublished=_moment(report.published_at),
        dateModified=_moment(report.corrected_at) if report.corrected_at else None,
        format="text/html",
        language="en",
    )


def _milestone(key: str, title: str, due: datetime, said: str, now: datetime) -> Said:
    return _given(
        id=key,
        title=title,
        type="engagement",
        description=said,
        dueDate=_moment(due),
        status="scheduled" if now <= due else "met",
    )


def _tender(subject: Subject, enquiries: Sequence[Enquiry]) -> Said:
    about, lots = subject.engagement, [entry.lot for entry in subject.engagement.engagement_lots]
    codes = re.findall(r"\d{8}", subject.facts.cpv_codes)
    return _given(
        id=about.reference,
        title=about.title,
        description=about.summary,
        status="planning",
        mainProcurementCategory="services",
        value=_money([_lifetime_value(lot) for lot in lots]),
        lots=[_lot(lot) for lot in lots],
        lotDetails=_limits(lots),
        items=list(_items(codes, lots)),
        enquiries=[_enquiry(number, each) for number, each in enumerate(enquiries, start=1)],
    )


def _lot(lot: Lot) -> Said:
    days = round(lot.term_months * DAYS_A_MONTH) if lot.term_months else None
    start = datetime.combine(lot.procurement.service_start, datetime.min.time(), UTC)
    return _given(
        id=str(lot.id),
        title=f"{lot.code}: {lot.title}",
        status="planning",
        value=_money([_lifetime_value(lot)]),
        contractPeriod=_given(startDate=_moment(start), durationInDays=days),
    )


def _lifetime_value(lot: Lot) -> float | None:
    return lot.annual_value * lot.term_months / 12 if lot.annual_value and lot.term_months else None


def _money(amounts: Sequence[float | None]) -> Said | None:
    """Nothing where any is unknown: a sum of the others would be read as that of all."""
    known = [amount for amount in amounts if amount is not None]
    whole = bool(known) and len(known) == len(amounts)
    return {"amount": round(sum(known), 2), "currency": "GBP"} if whole else None


def _limits(lots: Sequence[Lot]) -> Said | None:
    """Those of the procurement, where all lots are of one: the standard has a place for one tender's."""
    procurements = {lot.procurement.id: lot.procurement for lot in lots}
    if len(procurements) != 1:
        return None
    [only] = procurements.values()
    return _given(maximumLotsBidPerSupplier=only.most_lots_bid, maximumLotsAwardedPerSupplier=only.most_lots_awarded)


def _items(codes: Sequence[str], lots: Sequence[Lot]) -> Iterator[Said]:
    """What is bought, by its codes: one for each lot, or one in all before lots are cut."""
    if codes:
        main, *others = ({"scheme": "CPV", "id": code} for code in codes)
        about: list[str | None] = [str(lot.id) for lot in lots]
        for lot_id in about or [None]:
            yield _given(id=lot_id or "1", classification=main, additionalClassifications=others, relatedLot=lot_id)


def _enquiry(number: int, enquiry: Enquiry) -> Said:
    return _given(
        id=str(number),
        description=enquiry.question,
        answer=enquiry.answer,
        dateAnswered=_moment(enquiry.answered_at),
        relatedLot=enquiry.lot_id,
    )


def _given(**said: Any) -> Said:
    """Without what is not known: the standard has no empty texts, lists or objects."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

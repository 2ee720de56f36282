"""What a notice must say, and what in the service says it: a named function for each field, with the law's source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.models import Engagement, EngagementEvent, NoticeFacts, Programme
from webapp.web.format import clock, moment, money


class FilledIn(StrEnum):
    """Where an officer fills in what is missing."""

    FACTS = "Facts for notices"
    ENGAGEMENT = "The engagement’s draft"
    PROCUREMENTS = "Procurements"
    LOTS = "Lots"
    SERVICES = "Services"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is written from."""

    programme: Programme
    engagement: Engagement
    facts: NoticeFacts
    events: Sequence[EngagementEvent]
    now: datetime


@dataclass(frozen=True, slots=True)
class NoticeField:
    title: str
    source: str
    says: Callable[[Subject], str]
    """Nothing where it is not known yet."""
    filled_in: FilledIn
    applies: Callable[[Subject], bool] = lambda subject: True


@dataclass(frozen=True, slots=True)
class Notice:
    slug: str
    name: str
    about: str
    fields: tuple[NoticeField, ...]


def authority_name(subject: Subject) -> str:
    return subject.programme.buyer.name


def authority_address(subject: Subject) -> str:
    return subject.facts.buyer_address


def authority_email(subject: Subject) -> str:
    return subject.facts.buyer_email


def authority_identifier(subject: Subject) -> str:
    return subject.facts.buyer_identifier


def has_agent(subject: Subject) -> bool:
    return subject.programme.agent is not None


def agent_name(subject: Subject) -> str:
    return subject.programme.agent.name if subject.programme.agent else ""


def agent_address(subject: Subject) -> str:
    return subject.facts.agent_address


def agent_email(subject: Subject) -> str:
    return subject.facts.agent_email


def agent_identifier(subject: Subject) -> str:
    return subject.facts.agent_identifier


def agent_role(subject: Subject) -> str:
    return subject.facts.agent_role


def contact_name(subject: Subject) -> str:
    return subject.facts.contact_name


def contact_address(subject: Subject) -> str:
    return subject.facts.contact_address


def contact_email(subject: Subject) -> str:
    return subject.engagement.contact_email


def procurement_title(subject: Subject) -> str:
    return f"{subject.engagement.title} ({subject.engagement.reference})"


def procurement_identifier(subject: Subject) -> str:
    return subject.facts.procurement_identifier


def subject_matter(subject: Subject) -> str:
    """What is to be bought, with the lots that the engagement asks about."""
    lots = [f"Lot {entry.lot.code}: {entry.lot.title}" for entry in subject.engagement.engagement_lots]
    return "\n".join([subject.programme.summary, *lots]) if lots else ""


def cpv_codes(subject: Subject) -> str:
    return subject.facts.cpv_codes


def closing_date(subject: Subject) -> str:
    """When the engagement is to close, or closed."""
    closed = subject.engagement.closes_at < subject.now
    return f"{'Closed at' if closed else 'Closes at'} {moment(subject.engagement.closes_at)}"


def process(subject: Subject) -> str:
    return subject.engagement.process


def events(subject: Subject) -> str:
    told = [
        f"{each.title}: {moment(each.begins_at)} until {clock(each.ends_at)}, {each.place}"
        + (f". {each.capacity}" if each.capacity else "")
        for each in sorted(subject.events, key=lambda event: (event.begins_at, event.id))
    ]
    return "\n".join(told) or "No event is planned."


def periods(subject: Subject) -> str:
    about = subject.engagement
    opening = "publication" if about.opens_with_publication(subject.now) else moment(about.opens_at)
    return (
        f"Expressions of interest and information: from {opening} to {moment(about.closes_at)}.\n"
        f"Questions: until {moment(about.questions_until)}."
    )


def lifetime_value(subject: Subject) -> str:
    """Of the lots asked about, for those whose value and term are known."""
    lots = [entry.lot for entry in subject.engagement.engagement_lots]
    known = [
        (lot.code, lot.annual_value * lot.term_months / 12) for lot in lots if lot.annual_value and lot.term_months
    ]
    if not known:
        return ""
    each = [f"Lot {code}: {money(round(value))}" for code, value in known]
    unknown = len(lots) - len(known)
    rest = [f"Not known for {unknown} of {len(lots)} lots."] if unknown else []
    return "\n".join([f"About {money(round(sum(value for _, value in known)))} in all", *each, *rest])


def service_dates(subject: Subject) -> str:
    starts = {
        entry.lot.procurement.title: entry.lot.procurement.service_start for entry in subject.engagement.engagement_lots
    }
    return "\n".join(f"{title}: from {start.day} {start:%B %Y}" for title, start in sorted(starts.items()))


_SUBJECT_MATTER = (
    NoticeField("What is to be bought", "Schedules 3 and 10, paragraph 4", subject_matter, FilledIn.LOTS),
    NoticeField("Most relevant CPV code", "Schedules 3 and 10, paragraph 4", cpv_codes, FilledIn.FACTS),
)

UK2 = Notice(
    "uk2",
    "Preliminary market engagement notice (UK2)",
    "For what is bought under the Procurement Act 2023: section 17 and the Procurement Regulations 2024. Health care "
    "services under the Provider Selection Regime need no UK2.",
    (
        NoticeField("Contracting authority: name", "Regulations 17(2)(a) and 13(a)", authority_name, FilledIn.FACTS),
        NoticeField(
            "Contracting authority: postal address", "Regulations 17(2)(a) and 13(c)", authority_address, FilledIn.FACTS
        ),
        NoticeField("Contracting authority: email", "Regulations 17(2)(a) and 13(c)", authority_email, FilledIn.FACTS),
        NoticeField(
            "Contracting authority: unique identifier",
            "Regulations 17(2)(a) and 13(d)",
            authority_identifier,
            FilledIn.FACTS,
        ),
        NoticeField(
            "Acting for the authority: name", "Regulations 17(2)(a) and 13(e)(i)", agent_name, FilledIn.FACTS, has_agent
        ),
        NoticeField(
            "Acting for the authority: postal address",
            "Regulations 17(2)(a) and 13(e)(ii)",
            agent_address,
            FilledIn.FACTS,
            has_agent,
        ),
        NoticeField(
            "Acting for the authority: email",
            "Regulations 17(2)(a) and 13(e)(ii)",
            agent_email,
            FilledIn.FACTS,
            has_agent,
        ),
        NoticeField(
            "Acting for the authority: unique identifier",
            "Regulations 17(2)(a) and 13(e)(iii)",
            agent_identifier,
            FilledIn.FACTS,
            has_agent,
        ),
        NoticeField(
            "Acting for the authority: role",
            "Regulations 17(2)(a) and 13(e)(iv)",
            agent_role,
            FilledIn.FACTS,
            has_agent,
        ),
        NoticeField("Enquiries: name", "Regulations 17(2)(a) and 13(f)", contact_name, FilledIn.FACTS),
        NoticeField("Enquiries: postal address", "Regulations 17(2)(a) and 13(f)", contact_address, FilledIn.FACTS),
        NoticeField("Enquiries: email", "Regulations 17(2)(a) and 13(f)", contact_email, FilledIn.ENGAGEMENT),
        NoticeField("Title of the procurement", "Regulation 17(2)(b)", procurement_title, FilledIn.ENGAGEMENT),
        NoticeField(
            "Unique identifier of the procurement", "Regulation 17(2)(c)", procurement_identifier, FilledIn.FACTS
        ),
        NoticeField("Contract subject-matter", "Regulations 17(2)(d) and 14", subject_matter, FilledIn.LOTS),
        NoticeField("Contract subject-matter: CPV codes", "Regulations 17(2)(d) and 14", cpv_codes, FilledIn.FACTS),
        NoticeField("When the engagement closes or closed", "Regulation 17(2)(e)", closing_date, FilledIn.ENGAGEMENT),
        NoticeField("How suppliers are engaged", "Regulation 17(2)(f)", process, FilledIn.ENGAGEMENT),
        NoticeField("Events: place, date and time", "Regulation 17(2)(f)(i)", events, FilledIn.ENGAGEMENT),
        NoticeField(
            "Periods for expressions of interest and information",
            "Regulation 17(2)(f)(ii)",
            periods,
            FilledIn.ENGAGEMENT,
        ),
    ),
)

PSR = Notice(
    "psr",
    "Notice of engagement under the Provider Selection Regime",
    "For health care services. The Provider Selection Regime Regulations 2023 name no notice for market engagement; "
    "this one says what their later notices share, as far as it is known before a provider is chosen, and how "
    "providers take part. It is not the notice that starts a process under regulation 10 or 11.",
    (
        NoticeField("Relevant authority", "Regulation 4 (transparency)", authority_name, FilledIn.FACTS),
        NoticeField("Address of the authority", "Regulation 4 (transparency)", authority_address, FilledIn.FACTS),
        NoticeField("Acting for the authority", "Regulation 4 (transparency)", agent_name, FilledIn.FACTS, has_agent),
        NoticeField(
            "Contract title and reference", "Schedules 3 and 10, paragraph 2", procurement_title, FilledIn.ENGAGEMENT
        ),
        *_SUBJECT_MATTER,
        NoticeField(
            "Approximate lifetime value",
            "Schedule 3, paragraph 5; Schedule 10, paragraph 6",
            lifetime_value,
            FilledIn.SERVICES,
        ),
        NoticeField("When services are to start", "Regulation 4 (transparency)", service_dates, FilledIn.PROCUREMENTS),
        NoticeField(
            "When the engagement closes or closed", "Regulation 4 (transparency)", closing_date, FilledIn.ENGAGEMENT
        ),
        NoticeField("How providers are engaged", "Regulation 4 (transparency)", process, FilledIn.ENGAGEMENT),
        NoticeField("Events: place, date and time", "Regulation 4 (transparency)", events, FilledIn.ENGAGEMENT),
        NoticeField(
            "Periods for expressions of interest and information",
            "Regulation 4 (transparency)",
            periods,
            FilledIn.ENGAGEMENT,
        ),
        NoticeField("Enquiries: name", "Regulation 4 (transparency)", contact_name, FilledIn.FACTS),
        NoticeField("Enquiries: email", "Regulation 4 (transparency)", contact_email, FilledIn.ENGAGEMENT),
    ),
)

NOTICES = {notice.slug: notice for notice in (UK2, PSR)}

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
    SERVICES = "Services"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is written from."""

    programme: Programme
    engagement: Engagement
    facts: NoticeFacts
    events: Sequence[EngagementEvent]
    address: str
    """Of the engagement's own page: who reads the notice in a portal has no other way to it."""
    now: datetime


def always(subject: Subject) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NoticeField:
    title: str
    source: str
    says: Callable[[Subject], str]
    """Nothing where it is not known yet."""
    filled_in: FilledIn
    control: str = ""
    """The id of the very field there, where it is one."""
    applies: Callable[[Subject], bool] = always


@dataclass(frozen=True, slots=True)
class Notice:
    slug: str
    name: str
    about: str
    fields: tuple[NoticeField, ...]


def authority_name(subject: Subject) -> str:
    return subject.programme.buyer.name


def has_agent(subject: Subject) -> bool:
    return subject.programme.agent is not None


def agent_name(subject: Subject) -> str:
    return subject.programme.agent.name if subject.programme.agent else ""


def contact_email(subject: Subject) -> str:
    return subject.engagement.contact_email


def _no_lots(subject: Subject) -> Sequence[str]:
    """Why there are none. In a draft they may be missing: then there is nothing to say."""
    said = "The engagement is held before the services are cut into lots."
    return [] if subject.engagement.published_at is None else [said]


def procurement_title(subject: Subject) -> str:
    return f"{subject.engagement.title} ({subject.engagement.reference})"


def subject_matter(subject: Subject) -> str:
    """What is to be bought, with the lots that the engagement asks about, if they are cut already."""
    lots = [f"Lot {entry.lot.code}: {entry.lot.title}" for entry in subject.engagement.engagement_lots]
    about = lots or _no_lots(subject)
    return "\n".join([subject.programme.summary, *about]) if about else ""


def closing_date(subject: Subject) -> str:
    """When the engagement is to close, or closed."""
    closed = subject.engagement.closes_at < subject.now
    return f"{'Closed at' if closed else 'Closes at'} {moment(subject.engagement.closes_at)}"


def process(subject: Subject) -> str:
    return subject.engagement.process


def taking_part(subject: Subject) -> str:
    """Where providers answer, which the engagement's own words need not say, since they stand on that very page."""
    if subject.engagement.closes_at < subject.now:
        return f"What was asked, and what came of it: {subject.address}"
    return f"Answer the questionnaire, fetch the documents and ask questions at {subject.address}"


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
    if not lots:
        return "\n".join(_no_lots(subject))
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
    dates = [f"{title}: from {start.day} {start:%B %Y}" for title, start in sorted(starts.items())]
    return "\n".join(dates or _no_lots(subject))


def main_cpv_code(subject: Subject) -> str:
    """The first: officers enter the most relevant first, and a notice of the regime has one."""
    return subject.facts.cpv_codes.partition(",")[0]


def _fact(title: str, source: str, name: str, *, applies: Callable[[Subject], bool] = always) -> NoticeField:
    """What only one of the facts for notices says, under its own name."""
    return NoticeField(title, source, lambda subject: getattr(subject.facts, name), FilledIn.FACTS, name, applies)


def _of_lots(title: str, source: str, says: Callable[[Subject], str]) -> NoticeField:
    """What is of the lots that the engagement asks about."""
    return NoticeField(title, source, says, FilledIn.ENGAGEMENT, "lots")


UK2 = Notice(
    "uk2",
    "Preliminary market engagement notice (UK2)",
    "For what is bought under the Procurement Act 2023: section 17 and the Procurement Regulations 2024. Health care "
    "services under the Provider Selection Regime need no UK2.",
    (
        NoticeField("Contracting authority: name", "Regulations 17(2)(a) and 13(a)", authority_name, FilledIn.FACTS),
        _fact("Contracting authority: postal address", "Regulations 17(2)(a) and 13(c)", "buyer_address"),
        _fact("Contracting authority: email", "Regulations 17(2)(a) and 13(c)", "buyer_email"),
        _fact("Contracting authority: unique identifier", "Regulations 17(2)(a) and 13(d)", "buyer_identifier"),
        NoticeField(
            "Acting for the authority: name",
            "Regulations 17(2)(a) and 13(e)(i)",
            agent_name,
            FilledIn.FACTS,
            applies=has_agent,
        ),
        _fact(
            "Acting for the authority: postal address",
            "Regulations 17(2)(a) and 13(e)(ii)",
            "agent_address",
            applies=has_agent,
        ),
        _fact(
            "Acting for the authority: email", "Regulations 17(2)(a) and 13(e)(ii)", "agent_email", applies=has_agent
        ),
        _fact(
            "Acting for the authority: unique identifier",
            "Regulations 17(2)(a) and 13(e)(iii)",
            "agent_identifier",
            applies=has_agent,
        ),
        _fact("Acting for the authority: role", "Regulations 17(2)(a) and 13(e)(iv)", "agent_role", applies=has_agent),
        _fact("Enquiries: name", "Regulations 17(2)(a) and 13(f)", "contact_name"),
        _fact("Enquiries: postal address", "Regulations 17(2)(a) and 13(f)", "contact_address"),
        NoticeField("Enquiries: email", "Regulations 17(2)(a) and 13(f)", contact_email, FilledIn.ENGAGEMENT),
        NoticeField("Title of the procurement", "Regulation 17(2)(b)", procurement_title, FilledIn.ENGAGEMENT),
        _fact("Unique identifier of the procurement", "Regulation 17(2)(c)", "procurement_identifier"),
        _of_lots("Contract subject-matter", "Regulations 17(2)(d) and 14", subject_matter),
        _fact("Contract subject-matter: CPV codes", "Regulations 17(2)(d) and 14", "cpv_codes"),
        NoticeField("When the engagement closes or closed", "Regulation 17(2)(e)", closing_date, FilledIn.ENGAGEMENT),
        NoticeField("How suppliers are engaged", "Regulation 17(2)(f)", process, FilledIn.ENGAGEMENT),
        NoticeField("Where suppliers take part", "Regulation 17(2)(f)", taking_part, FilledIn.ENGAGEMENT),
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
        _fact("Address of the authority", "Regulation 4 (transparency)", "buyer_address"),
        NoticeField(
            "Acting for the authority", "Regulation 4 (transparency)", agent_name, FilledIn.FACTS, applies=has_agent
        ),
        NoticeField(
            "Contract title and reference", "Schedules 3 and 10, paragraph 2", procurement_title, FilledIn.ENGAGEMENT
        ),
        _of_lots("What is to be bought", "Schedules 3 and 10, paragraph 4", subject_matter),
        NoticeField(
            "Most relevant CPV code",
            "Schedules 3 and 10, paragraph 4",
            main_cpv_code,
            FilledIn.FACTS,
            "cpv_codes",
        ),
        NoticeField(
            "Approximate lifetime value",
            "Schedule 3, paragraph 5; Schedule 10, paragraph 6",
            lifetime_value,
            FilledIn.SERVICES,
        ),
        _of_lots("When services are to start", "Regulation 4 (transparency)", service_dates),
        NoticeField(
            "When the engagement closes or closed", "Regulation 4 (transparency)", closing_date, FilledIn.ENGAGEMENT
        ),
        NoticeField("How providers are engaged", "Regulation 4 (transparency)", process, FilledIn.ENGAGEMENT),
        NoticeField("Where providers take part", "Regulation 4 (transparency)", taking_part, FilledIn.ENGAGEMENT),
        NoticeField("Events: place, date and time", "Regulation 4 (transparency)", events, FilledIn.ENGAGEMENT),
        NoticeField(
            "Periods for expressions of interest and information",
            "Regulation 4 (transparency)",
            periods,
            FilledIn.ENGAGEMENT,
        ),
        _fact("Enquiries: name", "Regulation 4 (transparency)", "contact_name"),
        NoticeField("Enquiries: email", "Regulation 4 (transparency)", contact_email, FilledIn.ENGAGEMENT),
    ),
)

NOTICES = {notice.slug: notice for notice in (UK2, PSR)}

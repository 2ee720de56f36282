"""Rows for tests: each function adds what it needs, flushes and returns it; the caller commits."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    AnalysisRun,
    AskedPer,
    Base,
    Channel,
    Clarification,
    ConflictDeclaration,
    Contract,
    Decision,
    Document,
    DocumentKind,
    DraftSection,
    Engagement,
    EngagementEvent,
    EngagementLot,
    ImportFile,
    Interest,
    InterestLevel,
    Invitation,
    Lot,
    LotSearch,
    LotStructure,
    Measure,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    PastBidder,
    PastImport,
    PastLot,
    PastProcurement,
    PastSource,
    Person,
    PlannedActivity,
    Procurement,
    Programme,
    ProviderKind,
    ProviderSize,
    PublishedName,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    ReceivedFile,
    ReceivedHow,
    Reception,
    RecordFormat,
    Response,
    ResponseFile,
    ResponseImport,
    Route,
    RunState,
    Section,
    ServiceLine,
    Site,
    SiteKind,
    StructureStep,
    Submission,
    TeamMember,
    TeamRole,
    ThemeLearning,
    Unit,
)

_count = itertools.count(1)

LEVELS = [
    {"value": "would_bid", "label": "Would bid"},
    {"value": "likely", "label": "Likely to bid"},
    {"value": "possibly", "label": "Might bid"},
    {"value": "undecided", "label": "Undecided"},
    {"value": "no", "label": "Would not bid"},
]
ROLES = [
    {"value": "lead", "label": "Lead provider"},
    {"value": "consortium", "label": "Member of a consortium"},
    {"value": "subcontract", "label": "Lead or subcontractor"},
    {"value": "subcontract_only", "label": "Subcontractor only"},
]


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def buyer(session: Session, **given: Any) -> Organisation:
    return _add(session, Organisation(**{"name": f"Buyer {next(_count)}", "party": Party.BUYER, **given}))


def provider(session: Session, **given: Any) -> Organisation:
    defaults = {
        "name": f"Provider {next(_count)}",
        "party": Party.PROVIDER,
        "provider_kind": ProviderKind.CHARITY,
        "size": ProviderSize.SMALL,
        "vcse": True,
    }
    return _add(session, Organisation(**{**defaults, **given}))


def person(session: Session, organisation: Organisation, role: MembershipRole, **given: Any) -> Person:
    number = next(_count)
    someone = _add(session, Person(**{"name": f"Person {number}", "email": f"person{number}@example.org", **given}))
    _add(session, Membership(person_id=someone.id, organisation_id=organisation.id, role=role))
    return someone


def officer(session: Session, organisation: Organisation | None = None, **given: Any) -> Person:
    """Leads every programme of the organisation that there is by then."""
    works_for = organisation or buyer(session)
    someone = person(session, works_for, MembershipRole.OFFICER, **given)
    of_theirs = or_(Programme.buyer_id == works_for.id, Programme.agent_id == works_for.id)
    for programme_id in session.scalars(select(Programme.id).where(of_theirs)).all():
        team_member(session, programme_id, someone.id, works_for.id)
    return someone


def team_member(
    session: Session,
    programme_id: uuid.UUID,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    role: TeamRole = TeamRole.LEAD_OFFICER,
) -> TeamMember:
    return _add(
        session,
        TeamMember(programme_id=programme_id, person_id=person_id, organisation_id=organisation_id, role=role),
    )


def provider_person(session: Session, organisation: Organisation | None = None, **given: Any) -> Person:
    return person(session, organisation or provider(session), MembershipRole.SIGNATORY, **given)


def programme(session: Session, buyer_organisation: Organisation | None = None, lots: int = 2) -> Programme:
    """One procurement with `lots` lots of one unit each, each at a site of its own, under a contract that expires.

    The officers that its buyer has by then lead it.
    """
    number = next(_count)
    owner = buyer_organisation or buyer(session)
    made = _add(
        session,
        Programme(
            buyer_id=owner.id, reference=f"PRG{number}", title=f"Programme {number}", summary="Prison health services."
        ),
    )
    officers = select(Membership.person_id).where(
        Membership.organisation_id == owner.id, Membership.role == MembershipRole.OFFICER
    )
    for person_id in session.scalars(officers).all():
        team_member(session, made.id, person_id, owner.id)
    line = _add(session, ServiceLine(programme_id=made.id, position=1, code="dental", name="Dental"))
    procurement = _add(
        session,
        Procurement(
            programme_id=made.id,
            position=1,
            title="Dental services",
            route=Route.PSR_COMPETITIVE,
            service_start=date(2028, 4, 1),
        ),
    )
    units = []
    for position in range(1, lots + 1):
        site = Site(
            programme_id=made.id,
            position=position,
            code=f"S{position}",
            name=f"HMP Site {position}",
            kind=SiteKind.PRISON,
            places=400,
        )
        _add(session, site)
        unit = _add(session, Unit(site_id=site.id, service_line_id=line.id, annual_value=250_000, demand_wte=6))
        units.append(unit)
        lot = Lot(
            procurement_id=procurement.id,
            position=position,
            code=f"D{position}",
            title=f"Dental, HMP Site {position}",
            term_months=84,
            units=[unit],
        )
        _add(session, lot)
    contract = Contract(
        programme_id=made.id,
        title="Dental services",
        supplier_name="Incumbent Ltd",
        end_date=date(2028, 3, 31),
        units=units,
    )
    _add(session, contract)
    session.refresh(made)
    return made


def engagement(
    session: Session,
    programme_row: Programme | None = None,
    state: str = "open",
    lots: int = 2,
    questionnaire: bool = True,
) -> Engagement:
    """A published engagement (`state`: draft, coming, open or closed) about every lot of its programme."""
    now = datetime.now(UTC)
    opens, closes = {
        "draft": (timedelta(days=-1), timedelta(days=14)),
        "coming": (timedelta(days=2), timedelta(days=14)),
        "open": (timedelta(days=-1), timedelta(days=14)),
        "closed": (timedelta(days=-14), timedelta(days=-1)),
    }[state]
    about = programme_row or programme(session, lots=lots)
    number = next(_count)
    made = _add(
        session,
        Engagement(
            programme_id=about.id,
            reference=f"ENG{number}",
            title=f"Engagement {number}",
            summary="We want to hear from providers.",
            process="Answer the questionnaire. We will publish a summary.",
            contact_email="engagement@example.org",
            opens_at=now + opens,
            closes_at=now + closes,
            published_at=None if state == "draft" else now + opens,
        ),
    )
    every_lot = [lot for procurement in about.procurements for lot in procurement.lots]
    for position, lot in enumerate(every_lot, 1):
        _add(session, EngagementLot(engagement_id=made.id, lot_id=lot.id, position=position))
    if questionnaire:
        add_questionnaire(session, made, published=state != "draft")
    session.refresh(made)
    return made


def question(kind: QuestionKind, key: str, **given: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "wording": f"What about {key}?", **given}


SECTIONS: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    (
        "organisation",
        "Your organisation",
        [
            question(QuestionKind.TEXT, "legal_name", required=True),
            question(QuestionKind.YES_NO, "cqc", measure=Measure.CQC_REGISTERED),
        ],
    ),
    (
        "interest",
        "Interest in each lot",
        [
            question(
                QuestionKind.ONE_OF,
                "interest",
                asked_per=AskedPer.LOT,
                options=LEVELS,
                measure=Measure.INTEREST_LEVEL,
                required=True,
            )
        ],
    ),
    (
        "lots",
        "The lots you chose",
        [
            question(
                QuestionKind.ONE_OF,
                "role",
                asked_per=AskedPer.CHOSEN_LOT,
                options=ROLES,
                measure=Measure.BIDDING_ROLE,
                required=True,
            ),
            question(QuestionKind.NUMBER, "start_wte", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_AT_START),
            question(QuestionKind.NUMBER, "month6_wte", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_MONTH_6),
        ],
    ),
    (
        "views",
        "Your views",
        [
            question(QuestionKind.WHOLE_NUMBER, "held", measure=Measure.HELD_AT_MOST),
            question(QuestionKind.LONG_TEXT, "barriers", most_words=500, measure=Measure.THEMES),
            question(QuestionKind.YES_NO, "quote", measure=Measure.MAY_QUOTE),
        ],
    ),
)


def add_questionnaire(session: Session, about: Engagement, published: bool = True) -> QuestionnaireVersion:
    version = _add(session, QuestionnaireVersion(engagement_id=about.id, number=1))
    for position, (slug, title, questions) in enumerate(SECTIONS, 1):
        section = _add(session, Section(version_id=version.id, position=position, slug=slug, title=title))
        for place, given in enumerate(questions, 1):
            _add(session, Question(section_id=section.id, position=place, **given))
    if published:
        version.published_at = datetime.now(UTC)
        session.flush()
    session.refresh(version)
    return version


def response(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Response:
    """A draft, with nothing answered."""
    someone = by or provider_person(session)
    membership = session.query(Membership).filter_by(person_id=someone.id).one()
    return _add(
        session,
        Response(
            **{
                "engagement_id": about.id,
                "organisation_id": membership.organisation_id,
                "version_id": about.versions[-1].id,
                "started_by": someone.id,
                **given,
            }
        ),
    )


def draft(session: Session, of: Response, slug: str, answers: dict[str, Any]) -> DraftSection:
    section = session.query(Section).filter_by(version_id=of.version_id, slug=slug).one()
    return _add(
        session,
        DraftSection(response_id=of.id, section_id=section.id, revision=1, answers=answers, saved_by=of.started_by),
    )


def submission(
    session: Session, of: Response, levels: dict[uuid.UUID, InterestLevel] | None = None, **given: Any
) -> Submission:
    """The response's next submission, made its current one, with an interest per lot."""
    number = len(of.submissions) + 1
    made = _add(
        session,
        Submission(
            **{
                "response_id": of.id,
                "number": number,
                "reference": f"SND-TEST-{secrets.token_hex(4).upper()}",
                "nonce": uuid.uuid4(),
                "submitted_at": datetime.now(UTC),
                "submitted_by": of.started_by,
                **given,
            }
        ),
    )
    of.current_submission_id = made.id
    of.withdrawn_at = None
    session.flush()
    for lot_id, level in (levels or {}).items():
        _add(session, Interest(submission_id=made.id, lot_id=lot_id, level=level))
    return made


def response_file(session: Session, of: Response, question_key: str, **given: Any) -> ResponseFile:
    content = given.pop("content", b"%PDF-1.7 a small one\n%%EOF\n")
    return _add(
        session,
        ResponseFile(
            **{
                "response_id": of.id,
                "question_key": question_key,
                "name": "policy.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": of.started_by,
                **given,
            }
        ),
    )


def received_file(session: Session, about: Engagement, by: Person, **given: Any) -> ReceivedFile:
    content = given.pop("content", b"%PDF-1.7 an email\n%%EOF\n")
    return _add(
        session,
        ReceivedFile(
            **{
                "engagement_id": about.id,
                "name": "email.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": by.id,
                **given,
            }
        ),
    )


def reception(session: Session, about: Engagement, by: Person, **given: Any) -> Reception:
    """An e-mail that an officer takes in as a response: it has an original, and nothing is entered yet."""
    return _add(
        session,
        Reception(
            **{
                "engagement_id": about.id,
                "version_id": about.versions[0].id,
                "organisation_name": f"Provider {next(_count)}",
                "how": ReceivedHow.EMAIL,
                "sent_by": "Una Sender <una@example.org>",
                "received_at": datetime.now(UTC) - timedelta(minutes=5),
                "file_id": received_file(session, about, by).id,
                "entered_by": by.id,
                **given,
            }
        ),
    )


RESPONSES_CSV = b"Organisation,D1 interest,What about barriers?\nOak Health,Would bid,Vetting takes too long\n"


def response_import(session: Session, about: Engagement, by: Person, content: bytes = RESPONSES_CSV) -> ResponseImport:
    """A file whose columns are mapped."""
    file = received_file(session, about, by, name="answers.csv", kind=DocumentKind.CSV, content=content)
    columns = {
        "Organisation": {"what": "@organisation", "lot": ""},
        "D1 interest": {"what": "interest", "lot": "D1"},
        "What about barriers?": {"what": "barriers", "lot": ""},
    }
    return _add(
        session,
        ResponseImport(
            engagement_id=about.id,
            entered_by=by.id,
            tool="Forms",
            received_at=datetime.now(UTC) - timedelta(minutes=5),
            file_id=file.id,
            columns=columns,
            meanings={},
        ),
    )


def invitation(session: Session, about: Engagement, of: Person) -> Invitation:
    organisation_id = of.memberships[0].organisation_id
    return _add(session, Invitation(engagement_id=about.id, organisation_id=organisation_id, person_id=of.id))


def clarification(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Clarification:
    """A question of the person's organisation; with an `answer`, a published one."""
    someone = by or provider_person(session)
    question = given.pop("question", "Who pays for escorts?")
    published = (
        {"published_question": question, "answered_by": someone.id, "published_at": datetime.now(UTC)}
        if given.get("answer")
        else {}
    )
    return _add(
        session,
        Clarification(
            **{
                "engagement_id": about.id,
                "organisation_id": someone.memberships[0].organisation_id,
                "asked_by": someone.id,
                "nonce": uuid.uuid4(),
                "question": question,
                "asked_at": datetime.now(UTC),
                **published,
                **given,
            }
        ),
    )


def document(session: Session, about: Engagement, by: Person | None = None, **given: Any) -> Document:
    content = given.pop("content", b"%PDF-1.7 a small one\n%%EOF\n")
    identity = uuid.uuid4()
    return _add(
        session,
        Document(
            **{
                "id": identity,
                "engagement_id": about.id,
                "series_id": identity,
                "version": 1,
                "title": "Draft specification",
                "file_name": "specification.pdf",
                "kind": DocumentKind.PDF,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
                "uploaded_by": (by or officer(session)).id,
                **given,
            }
        ),
    )


def lots_of(about: Engagement) -> list[Lot]:
    return [entry.lot for entry in about.engagement_lots]


def count_of(session: Session, model: type[Base]) -> int:
    return session.query(model).count()


def decision(session: Session, programme_row: Programme, by: Person, **given: Any) -> Decision:
    defaults = {
        "title": f"Decision {next(_count)}",
        "decided_on": date(2027, 1, 5),
        "decided_by": "Commissioning board",
        "reasons": "More providers would bid.",
    }
    return _add(session, Decision(programme_id=programme_row.id, recorded_by=by.id, **{**defaults, **given}))


def conflict(session: Session, programme_row: Programme, by: Person, **given: Any) -> ConflictDeclaration:
    defaults = {"declared_by": by.name, "declared_on": date(2027, 1, 5), "interest": "My brother works for a provider."}
    return _add(session, ConflictDeclaration(programme_id=programme_row.id, recorded_by=by.id, **{**defaults, **given}))


def import_file(session: Session, programme_row: Programme, by: Person, content: bytes = b"") -> ImportFile:
    sent = content or b"Code,Name,Kind\nLIV,HMP Liverpool,Prison\n"
    return _add(
        session,
        ImportFile(
            programme_id=programme_row.id,
            sent_by=by.id,
            file_name="programme.csv",
            content=sent,
            sha256=hashlib.sha256(sent).hexdigest(),
        ),
    )


def past_import(session: Session, programme_row: Programme, by: Person) -> PastImport:
    """A file of past procurements that is on record."""
    sent = b"lot_id,date,bidders\n2021-dental-1,2021-07-20,2\n"
    return _add(
        session,
        PastImport(
            programme_id=programme_row.id,
            sent_by=by.id,
            format=RecordFormat.CSV,
            file_name="past-lots.csv",
            content=sent,
            sha256=hashlib.sha256(sent).hexdigest(),
            applied_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
            applied_by=by.id,
        ),
    )


def past_procurement(session: Session, programme_row: Programme, by: Person) -> dict[str, uuid.UUID]:
    """One of one lot, for which a firm bid that nobody has matched yet; the ids by what addresses call them."""
    file = past_import(session, programme_row, by)
    bought = PastProcurement(programme_id=programme_row.id, origin=RecordFormat.CSV, reference=f"past-{next(_count)}")
    for name in ("buyer_name", "title", "category", "region", "procedure"):
        setattr(bought, name, f"{name} of before")
    bought.closed_on = date(2021, 7, 20)
    bought.sources = [PastSource(import_id=file.id, position=1, place="line 2")]
    lot = PastLot(position=1, reference="1", title="Dental", category="", region="", closed_on=bought.closed_on, bids=2)
    bought.lots = [lot]
    _add(session, bought)
    firm = _add(session, PublishedName(programme_id=programme_row.id, name=f"Firm {next(_count)}", identifier=""))
    _add(session, PastBidder(lot_id=lot.id, position=1, name_id=firm.id, won=True))
    return {"past_import_id": file.id, "past_procurement_id": bought.id, "name_id": firm.id}


def activity(session: Session, programme_row: Programme, **given: Any) -> PlannedActivity:
    defaults = {
        "what": f"Activity {next(_count)}",
        "audience": "All dental providers",
        "channel": Channel.EMAIL,
        "due_on": date(2027, 1, 5),
    }
    return _add(session, PlannedActivity(programme_id=programme_row.id, **{**defaults, **given}))


def event(session: Session, about: Engagement, **given: Any) -> EngagementEvent:
    """One that has begun, to which nobody has been entered."""
    begins = datetime.now(UTC) - timedelta(hours=3)
    defaults = {
        "title": f"Market day {next(_count)}",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "place": "Town hall",
    }
    return _add(session, EngagementEvent(engagement_id=about.id, **{**defaults, **given}))


def lot_search(session: Session, run: AnalysisRun, officer: Person, **rules: Any) -> LotSearch:
    """One that no worker will take up."""
    return _add(session, LotSearch(run_id=run.id, requested_by=officer.id, rules=rules))


def theme_learning(session: Session, framework_id: uuid.UUID, officer: Person) -> ThemeLearning:
    """One that found nothing to propose."""
    nothing = {"version": 1, "value": {"proposals": [], "questions": [], "taught": 0, "expected_f1": 0.0}}
    row = ThemeLearning(
        framework_id=framework_id, requested_by=officer.id, state=RunState.FINISHED, progress=1, result=nothing
    )
    return _add(session, row)


def lot_structure(session: Session, run: AnalysisRun, officer: Person, name: str = "Ours") -> LotStructure:
    """The lots of the engagement, not weighed yet."""
    lots = [[f"{unit['site_id']} {unit['service_line_id']}" for unit in lot["units"]] for lot in run.inputs["lots"]]
    begun = _add(session, LotStructure(run_id=run.id, name=name))
    step = StructureStep(structure_id=begun.id, number=1, words="Begun", lots=lots, rules={}, made_by=officer.id)
    _add(session, step)
    return begun

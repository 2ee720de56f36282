"""Destroying the responses to an engagement leaves nothing of them anywhere, and everything else as it was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Select, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests import all_rows
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.locks import wait_until_blocked
from tests.world import COMMENTS, World
from webapp import audit
from webapp.audit import broken_links
from webapp.db import Database, downgrade, migrate
from webapp.disposal.destroying import destroy
from webapp.disposal.newcomers import erase_those_who_never_came
from webapp.mail import Mail, send
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Answer,
    AskedHow,
    AuditEvent,
    Clarification,
    Disposal,
    DisposedResponse,
    DraftRemark,
    Engagement,
    Interest,
    InterestCount,
    InterestLevel,
    Invitation,
    LotSearch,
    MailMessage,
    Membership,
    Person,
    PublishedReply,
    Recommendation,
    RemarkKind,
    ReplyDecision,
    Response,
    RunState,
    SignedInSession,
    SignInLink,
    StructureStep,
    Submission,
    TeamRole,
    Theme,
    ThemeAct,
    ThemeActKind,
    ThemeFramework,
    ThemeLearning,
    ThemeReply,
    ThemeVersion,
    Withdrawal,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEVER_CAME = "Nora Nevercame"
RECEIPT = "A copy of your answers: we mean to leave the market"
REMARK = "Please check the staffing for Haverigg"
NOTE = "Ring them about their accounts"
UNREFERRED = {
    "submission": "WHERE reference = 'SND-BARE'",
    "answer": "WHERE NOT EXISTS (SELECT FROM theme_comment WHERE answer_id = answer.id)",
}
"""Rows to which no other refers, which alone would keep them."""
KEPT = (
    "submission",
    "answer",
    "interest",
    "withdrawal",
    "submission_file",
    "response_note",
    "theme_act",
    "theme_version",
    "theme_reply",
)
ASKED = "May we, Cinder Care, share the ward?"


@pytest.fixture
def world(world_of: WorldOf, session: Session) -> World:
    """Closed, with everything that a response leaves behind."""
    world = world_of()
    about = engagement_of(session, world)
    person = make.provider_person(session, name=NEVER_CAME, email="nora@nevercame.example")
    make.invitation(session, about, person)
    response = session.get_one(Response, world.ids["response_id"])
    response.drafts[0].answers = {"legal_name": "Drafted Care Ltd"}
    session.execute(
        text("INSERT INTO response_note (id, response_id, written_by, text) VALUES (:id, :of, :by, :text)"),
        {"id": uuid.uuid4(), "of": response.id, "by": world.officer.id, "text": NOTE},
    )
    session.add(
        DraftRemark(response_id=response.id, kind=RemarkKind.SENT_BACK, text=REMARK, written_by=response.started_by)
    )
    send(session, recipient="ann@cinder.example", mail=Mail("Receipt", f"{RECEIPT}\n/responses/{response.id}\n"))
    asked = session.get_one(Clarification, world.ids["clarification_id"])
    asked.question = ASKED
    for table in (LotSearch, StructureStep, ThemeLearning):  # as if the worker had given them up
        session.execute(update(table).where(table.state == RunState.WAITING).values(state=RunState.FAILED))
    session.commit()
    return world


def engagement_of(session: Session, world: World) -> Engagement:
    return session.get_one(Engagement, world.ids["engagement_id"])


def due(session: Session, about: Engagement, officer: Person, **given: object) -> Disposal:
    """Agreed by another officer, with its time come."""
    about.opens_at, about.closes_at = LONG_AGO, LONG_AGO + timedelta(days=20)
    about.questions_close_at = None
    colleague = make.officer(session)
    values = {
        "kept_until": date(2024, 1, 1),
        "policy": "Records policy 7",
        "note": "",
        "asked_at": LONG_AGO + timedelta(days=30),
        "asked_by": officer.id,
        "agreed_at": LONG_AGO + timedelta(days=31),
        "agreed_by": colleague.id,
        "due_at": LONG_AGO + timedelta(days=60),
        "told_at": LONG_AGO + timedelta(days=31),
    }
    disposal = Disposal(engagement_id=about.id, **(values | given))
    session.add(disposal)
    session.commit()
    return disposal


def carried_out(session: Session, disposal: Disposal) -> bool:
    done = destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))
    session.commit()
    session.expire_all()
    return done


def tables_that_say(connection: Connection, words: str) -> set[str]:
    return {name for name, rows in all_rows.copied(connection) if words.encode() in rows}


def test_nothing_is_left_of_what_was_answered(session: Session, world: World) -> None:
    about = engagement_of(session, world)
    said = [
        *(comment.split(".")[0] for comment in COMMENTS),
        RECEIPT,
        NOTE,
        REMARK,
        ASKED,
        "Drafted Care Ltd",
        NEVER_CAME,
        "nora@nevercame.example",
    ]
    for words in said:
        assert tables_that_say(session.connection(), words), words
    disposal = due(session, about, world.officer)
    assert carried_out(session, disposal)
    for words in said:
        assert tables_that_say(session.connection(), words) == set(), words


def test_no_table_refers_to_a_response_any_more(session: Session, world: World) -> None:
    responses = [str(each) for each in session.scalars(select(Response.id))]
    submissions = [str(each) for each in session.scalars(select(Submission.id))]
    carried_out(session, due(session, engagement_of(session, world), world.officer))
    for each in (*responses, *submissions):
        left = tables_that_say(session.connection(), each)
        assert left <= {"audit_event", "joined_provider", "procrastinate_jobs", "procrastinate_events"}, left


def test_what_was_published_and_signed_stays(session: Session, world: World) -> None:
    recommended = session.get_one(Recommendation, world.ids["recommendation_id"])
    content, digest, trail = recommended.content, recommended.digest, session.scalar(select(func.count(AuditEvent.id)))
    said = session.scalars(select(PublishedReply.title)).all()
    answered = session.get_one(Clarification, world.ids["answered_id"])
    published = answered.published_question
    answered.question = "In the words of Cinder Care"
    answered.asked_by, answered.entered_by, answered.asked_how = None, world.officer.id, AskedHow.EMAIL
    answered.late_reason = "Cinder Care's mail server was down"
    session.commit()
    carried_out(session, due(session, engagement_of(session, world), world.officer))
    recommended = session.get_one(Recommendation, world.ids["recommendation_id"])
    assert (recommended.content, recommended.digest) == (content, digest)
    assert session.scalars(select(PublishedReply.title)).all() == said != []
    kept = session.scalars(select(Clarification)).all()
    assert [(each.question, each.published_question) for each in kept] == [(published, published)]
    assert [each.late_reason for each in kept] == ["Destroyed with the responses"]
    run = session.get_one(AnalysisRun, recommended.run_id)
    assert (run.inputs, run.parts) == ({}, [])
    assert session.scalar(select(func.count(AuditEvent.id))) > trail
    assert broken_links(session) == []


def test_the_certificate_says_how_many_and_whose(session: Session, world: World) -> None:
    submitted = {each.reference: each.submitted_at for each in session.scalars(select(Submission))}
    answers = session.scalar(select(func.count(Answer.id)))
    disposal = due(session, engagement_of(session, world), world.officer)
    carried_out(session, disposal)
    assert disposal.done_at is not None
    assert engagement_of(session, world).disposed_at == disposal.done_at
    assert disposal.destroyed is not None
    counts = {name: disposal.destroyed[name] for name in ("responses", "submissions", "answers", "files", "notes")}
    assert counts == {"responses": 3, "submissions": len(submitted), "answers": answers, "files": 1, "notes": 1}
    assert {each.reference: each.submitted_at for each in disposal.responses} == submitted
    for change in (update(Disposal).values(policy="Another"), delete(DisposedResponse), delete(Disposal)):
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            session.execute(change)
        session.rollback()


def test_another_engagement_keeps_everything(session: Session, world: World) -> None:
    """Of the same programme and provider, with an invitation that keeps the person's name."""
    about = engagement_of(session, world)
    other = make.engagement(session, about.programme)
    person = session.get_one(Person, world.provider.id)
    invited = session.scalars(select(Person).where(Person.name == NEVER_CAME)).one()
    make.invitation(session, other, invited)
    response = make.response(session, other, person)
    made = make.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in make.lots_of(other)})
    question = response.version.sections[0].questions[0]
    session.add(Answer(submission_id=made.id, question_id=question.id, value="Said elsewhere"))
    send(session, recipient=person.email, mail=Mail("Receipt", f"Kept\n/responses/{response.id}\n"))
    session.commit()
    counted = session.scalar(select(func.sum(InterestCount.responses)).where(InterestCount.engagement_id == other.id))
    assert counted
    carried_out(session, due(session, about, world.officer))
    assert session.scalars(select(Answer.value)).all() == ["Said elsewhere"]
    assert session.scalars(select(Response.id)).all() == [response.id]
    assert len(session.scalars(select(Interest)).all()) == len(make.lots_of(other))
    assert session.scalar(select(func.sum(InterestCount.responses))) == counted
    assert "Kept" in session.scalars(select(MailMessage.body).where(MailMessage.recipient == person.email)).one()
    session.refresh(invited)
    assert invited.name == NEVER_CAME
    assert [each.engagement_id for each in session.scalars(select(Invitation))] == [other.id]


@pytest.mark.parametrize("sign", ["none", "password", "link", "session", "signed in", "acted", "in a team"])
def test_of_those_invited_only_who_never_came_is_erased(session: Session, world: World, sign: str) -> None:
    about = engagement_of(session, world)
    person = session.scalars(select(Person).where(Person.name == NEVER_CAME)).one()
    soon = datetime.now(UTC) + timedelta(days=1)
    given = {"person_id": person.id, "email": person.email, "expires_at": soon}
    if sign == "password":
        person.password_hash = "set"
    elif sign == "link":
        session.add(SignInLink(**given, token_digest="a", destination="/", used_at=soon))
    elif sign == "session":
        session.add(SignedInSession(**given, token_digest="b", method="link", second_factor=False))
    elif sign == "signed in":
        audit.record(session, "person.signed_in", subject=about, actor=None, person=str(person.id))
    elif sign == "acted":
        session.add(AuditEvent(person_id=person.id, act="b", subject_kind="person", subject_id=person.id, detail={}))
    elif sign == "in a team":
        make.team_member(session, about.programme_id, person.id, about.programme.buyer_id, TeamRole.REVIEWER)
    session.commit()
    carried_out(session, due(session, about, world.officer))
    assert (person.name == NEVER_CAME) is (sign != "none")
    left = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    assert (left == []) is (sign == "none")


def test_what_was_sent_to_whoever_had_the_address_before_stays(session: Session, world: World) -> None:
    about = engagement_of(session, world)
    newcomer = session.scalars(select(Person).where(Person.name == NEVER_CAME)).one()
    former = session.get_one(Person, world.provider.id)
    for subject, whose in (("To who had it", former.id), ("To the newcomer", None)):
        session.add(MailMessage(recipient=newcomer.email, person_id=whose, subject=subject, body="Kept"))
    session.commit()
    carried_out(session, due(session, about, world.officer))
    assert newcomer.name != NEVER_CAME
    assert session.scalars(select(MailMessage.subject).where(MailMessage.body == "Kept")).all() == ["To who had it"]


@pytest.mark.parametrize("why", ["not due", "taken back", "open again", "being computed"])
def test_nothing_goes_before_its_time(session: Session, world: World, why: str) -> None:
    about = engagement_of(session, world)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    disposal = due(session, about, world.officer, **({"due_at": soon} if why == "not due" else {}))
    if why == "taken back":
        disposal.stopped_at, disposal.stopped_by, disposal.stop_reason = LONG_AGO, world.officer.id, "A challenge"
    elif why == "open again":
        about.closes_at = datetime.now(UTC) + timedelta(days=1)
    elif why == "being computed":
        part = session.scalars(select(AnalysisPart).limit(1)).one()
        part.state, part.result = RunState.RUNNING, None
    session.commit()
    before = all_rows.copied(session.connection())
    assert not carried_out(session, disposal)
    assert all_rows.copied(session.connection()) == before


def test_all_waits_for_a_mail_that_is_on_its_way(
    session: Session, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker holds it for as long as the mail server takes; what was looked at before it went and comes back."""
    monkeypatch.setattr("webapp.disposal.destroying.MAILS_AT_ONCE", 1)
    disposal = due(session, engagement_of(session, world), world.officer)
    send(session, recipient="bo@cinder.example", mail=Mail("Receipt", f"/responses/{world.ids['response_id']}\n"))
    session.commit()
    about = select(MailMessage).where(MailMessage.subject == "Receipt").order_by(MailMessage.id.desc())
    before = all_rows.copied(session.connection())
    with database.session() as worker:
        worker.scalars(about.limit(1).with_for_update()).one()
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert not carried_out(session, disposal)
        assert all_rows.copied(session.connection()) == before
    assert carried_out(session, disposal)
    assert session.scalars(about).all() == []


@pytest.mark.parametrize("why", ["none", "not agreed", "not told", "not due", "taken back", "of another"])
def test_the_database_lets_nothing_go_without_a_disposal_that_is_due(session: Session, world: World, why: str) -> None:
    about = engagement_of(session, world)
    if why == "of another":
        due(session, make.engagement(session, about.programme, state="closed"), world.officer)
    elif why == "not agreed":
        due(session, about, world.officer, agreed_at=None, agreed_by=None, due_at=None, told_at=None)
    elif why == "not told":
        due(session, about, world.officer, told_at=None)
    elif why == "not due":
        due(session, about, world.officer, due_at=datetime.now(UTC) + timedelta(minutes=1))
    elif why == "taken back":
        due(session, about, world.officer, stopped_at=LONG_AGO, stopped_by=world.officer.id, stop_reason="A challenge")
    response = make.response(session, about, make.provider_person(session))
    make.submission(session, response, reference="SND-BARE")
    response.current_submission_id = None
    session.commit()
    of_each_kept(session, world)
    for table in KEPT:
        alone = text(f"DELETE FROM {table} {UNREFERRED.get(table, '')}")  # noqa: S608 - from here
        with pytest.raises(IntegrityError, match="never changed or deleted"):
            session.execute(alone)
        session.rollback()


def of_each_kept(session: Session, world: World) -> None:
    """What the world has none of; a statement that deletes no row is not refused."""
    framework, now = {"framework_id": world.ids["framework_id"], "number": 1}, datetime.now(UTC)
    by = world.officer.id
    reply = {"theme_id": world.ids["theme_id"], "number": 1, "decision": ReplyDecision.NOT_TAKEN_UP, "replied_by": by}
    session.add_all(
        [
            Withdrawal(submission_id=world.ids["submission_id"], withdrawn_at=now),
            ThemeAct(**framework, kind=ThemeActKind.RENAMED, done_at=now, done_by=by, touched=[], detail={}),
            ThemeVersion(**framework, revision=1, signed_at=now, signed_by=by, summary={}, placed={}),
            ThemeReply(**reply, done="", reason="It would cost more", replied_at=now),
        ]
    )
    session.commit()
    for table in KEPT:
        assert session.scalar(text(f"SELECT count(*) FROM {table}")), table  # noqa: S608 - from here


@pytest.mark.parametrize("table", [Response, ThemeFramework, Theme])
def test_nothing_moves_to_an_engagement_whose_responses_are_due(
    session: Session, world: World, table: type[Response | ThemeFramework | Theme]
) -> None:
    other = make.engagement(session, engagement_of(session, world).programme, state="closed")
    due(session, other, world.officer)
    part_id = session.get_one(ThemeFramework, world.ids["framework_id"]).part_id
    given = {"question_key": "q", "wording": "Q?", "part_id": part_id, "worth_reading": 0, "merges": []}
    framework = ThemeFramework(engagement_id=other.id, **given)
    one = table.id == session.scalar(select(table.id).limit(1))
    session.add(framework)
    session.commit()
    moved = {"framework_id": framework.id} if table is Theme else {"engagement_id": other.id}
    with pytest.raises(IntegrityError, match="never move"):
        session.execute(update(table).where(one).values(moved).execution_options(synchronize_session=False))


def test_one_statement_lets_nothing_go_that_is_partly_of_another_engagement(session: Session, world: World) -> None:
    about = engagement_of(session, world)
    other = make.engagement(session, about.programme)
    make.submission(
        session,
        make.response(session, other, make.provider_person(session)),
        {lot.id: InterestLevel.LIKELY for lot in make.lots_of(other)},
    )
    due(session, about, world.officer)
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        session.execute(delete(Interest))
    session.rollback()
    session.execute(delete(Interest).where(Interest.submission_id.in_(submissions_to(about.id))))
    assert session.scalar(select(func.count()).select_from(Interest)) == len(make.lots_of(other))


def submissions_to(engagement_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Submission.id)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.engagement_id == engagement_id)
    )


def test_what_was_answered_is_never_changed_even_while_it_is_due(session: Session, world: World) -> None:
    due(session, engagement_of(session, world), world.officer)
    with pytest.raises(IntegrityError, match="never changed"):
        session.execute(update(Answer).values(value="Another"))


def test_one_person_alone_disposes_of_nothing(session: Session, world: World) -> None:
    with pytest.raises(IntegrityError, match="two_people"):
        due(session, engagement_of(session, world), world.officer, agreed_by=world.officer.id)


def test_less_than_the_wait_is_no_agreement(session: Session, world: World) -> None:
    early = LONG_AGO + timedelta(days=58, hours=23)
    with pytest.raises(IntegrityError, match="time_to_take_it_back"):
        due(session, engagement_of(session, world), world.officer, due_at=early, told_at=None)


def test_less_than_the_wait_is_no_time_to_download(session: Session, world: World) -> None:
    late = LONG_AGO + timedelta(days=32, hours=1)
    with pytest.raises(IntegrityError, match="time_to_download"):
        due(session, engagement_of(session, world), world.officer, told_at=late)


@pytest.mark.parametrize(
    "change", ["due_at", "agreed_at", "agreed_by", "asked_at", "asked_by", "policy", "kept_until", "note", "nothing"]
)
def test_what_was_asked_and_agreed_is_never_changed(session: Session, world: World, change: str) -> None:
    """But it can be taken back."""
    disposal = due(session, engagement_of(session, world), world.officer)
    values: dict[str, object] = {"kept_until": date(2023, 1, 1), "policy": "Another", "note": "Another"}
    if change.endswith("_by"):
        values[change] = make.officer(session).id
    elif change.endswith("_at"):
        values[change] = getattr(disposal, change) - timedelta(hours=1)
    if change != "nothing":
        with pytest.raises(IntegrityError, match="never changed"):
            session.execute(update(Disposal).values({change: values[change]}))
        session.rollback()
    session.execute(update(Disposal).values(stopped_at=LONG_AGO, stopped_by=world.officer.id, stop_reason="Needed"))


def test_certificates_are_not_lost_by_going_back(session: Session, world: World, database: Database) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)
    carried_out(session, disposal)
    session.close()
    url = database.engine.url.render_as_string(hide_password=False)
    try:
        with pytest.raises(DBAPIError, match="would lose the certificates"):
            downgrade(url, "0051")
    finally:
        migrate(url)  # later steps were taken back
    assert session.scalars(select(Disposal.done_at)).one() is not None


def test_what_fails_half_way_leaves_everything(session: Session, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    disposal = due(session, engagement_of(session, world), world.officer)
    before = all_rows.copied(session.connection())
    monkeypatch.setattr("webapp.disposal.destroying.audit.record", lambda *_given, **_kept: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))
    session.rollback()
    assert all_rows.copied(session.connection()) == before


def test_others_wait_for_the_end_alone(session: Session, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is written waits for the lock of the audit trail."""
    locked = text("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted")
    held: list[object] = []

    def erase(session: Session, invited: Sequence[uuid.UUID]) -> int:
        held.append((session.scalar(locked), session.scalar(select(func.count(Response.id)))))
        erased = erase_those_who_never_came(session, invited)
        held.append((session.scalar(locked), erased > 0))
        return erased

    monkeypatch.setattr("webapp.disposal.destroying.erase_those_who_never_came", erase)
    carried_out(session, due(session, engagement_of(session, world), world.officer))
    assert held == [(0, 0), (1, True)]


@pytest.mark.parametrize("held", [MailMessage, AnalysisRun])
def test_all_waits_for_what_somebody_holds(
    session: Session, world: World, database: Database, held: type[MailMessage | AnalysisRun]
) -> None:
    """A mail to a newcomer, which the worker is sending, or an analysis of which something is asked just now."""
    about = engagement_of(session, world)
    newcomer = session.scalars(select(Person).where(Person.name == NEVER_CAME)).one()
    session.add(MailMessage(recipient=newcomer.email.upper(), subject="A link", body="Elsewhere"))
    disposal = due(session, about, world.officer)
    before = all_rows.copied(session.connection())
    of_it = {
        MailMessage: MailMessage.body == "Elsewhere",
        AnalysisRun: AnalysisRun.engagement_id == disposal.engagement_id,
    }
    with database.session() as other:
        assert other.scalars(select(held.id).where(of_it[held]).with_for_update()).all()
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        assert not carried_out(session, disposal)
        assert all_rows.copied(session.connection()) == before
    assert carried_out(session, disposal)
    assert session.scalars(select(MailMessage).where(MailMessage.body == "Elsewhere")).all() == []


def test_nothing_is_asked_of_an_analysis_once_it_is_done(session: Session, world: World) -> None:
    """Its row may stay, because something signed rests on it."""
    about = engagement_of(session, world)
    run_id = session.scalars(select(AnalysisRun.id).where(AnalysisRun.engagement_id == about.id)).first()
    carried_out(session, due(session, about, world.officer))
    for table in ("what_if", "lot_search", "lot_structure", "replanning"):
        with pytest.raises(DBAPIError, match="are destroyed"):
            session.execute(text(f"INSERT INTO {table} (id, run_id) VALUES (gen_random_uuid(), :id)"), {"id": run_id})  # noqa: S608
        session.rollback()


def test_nothing_begins_once_it_is_done(session: Session, world: World) -> None:
    about = engagement_of(session, world)
    carried_out(session, due(session, about, world.officer))
    person = make.provider_person(session)
    session.commit()
    begun = (make.response, make.invitation, make.decline, make.clarification)
    for begin in begun:
        with pytest.raises(DBAPIError, match="are destroyed"):
            begin(session, about, person)
        session.rollback()


def test_what_begins_meanwhile_waits_and_is_refused(session: Session, world: World, database: Database) -> None:
    about = engagement_of(session, world)
    person_id = make.provider_person(session).id
    disposal = due(session, about, world.officer)

    def begin() -> None:
        with database.session() as other:
            make.response(other, other.get_one(Engagement, about_id), other.get_one(Person, person_id))

    about_id = about.id
    with ThreadPoolExecutor() as pool:
        assert destroy(session, disposal_id=disposal.id, now=datetime.now(UTC))
        begun = pool.submit(begin)
        wait_until_blocked(session, begun)
        session.commit()
        with pytest.raises(DBAPIError, match="are destroyed"):
            begun.result()
    assert session.scalars(select(Response)).all() == []

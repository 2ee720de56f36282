"""Random histories of one response, two colleagues and a deadline: a plain model and PostgreSQL never disagree.

A crash is a transaction that is rolled back, or whose connection the server ends, after all its work and before its
commit: nothing of it may be there. An answer that is lost after the commit is a repeated nonce.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.interest_counts import counted
from webapp.audit import ActingFor, Actor, broken_links
from webapp.db import Database
from webapp.engagements.actions import NotLaterError, NotOpenError, close_early, extend
from webapp.engagements.mails import Addresses
from webapp.models import (
    Answer,
    AuditEvent,
    DraftSection,
    Engagement,
    Interest,
    MembershipRole,
    Party,
    Person,
    Question,
    Response,
    Section,
    Submission,
)
from webapp.responses import actions, queries, withdrawing

ADDRESSES = Addresses("http://localhost", "/engagements/x", "/sign-in/link")
LOTS = 2
TEXTS = {  # what each question is answered with: usable, unusable or nothing
    "legal_name": ["Seaside Health", "Ünïcode ✓ Ltd", ""],
    "interest": ["likely", "would_bid", "no", ""],
    "role": ["lead", "subcontract", ""],
    "held": ["3", "three", ""],
}
SLUGS = ["organisation", "interest", "lots", "views"]
FATES = st.sampled_from(["commit", "commit", "commit", "rolled back", "cut"])
Key = tuple[str, int | None]
"""A question, and the place of the lot it is about."""


@dataclass
class Kept:
    """A section as it is saved."""

    revision: int
    answers: dict[Key, str]


@dataclass
class Model:
    now: datetime
    closes_at: datetime
    sections: dict[str, Kept] = field(default_factory=dict)
    submissions: list[tuple[uuid.UUID, dict[Key, Any]]] = field(default_factory=list)
    current: int | None = None
    withdrawals: int = 0
    extensions: int = 0
    extended_to: datetime | None = None
    """By the last move of the closing time, unless that was a closing."""
    closings: int = 0

    @property
    def is_open(self) -> bool:
        return self.now <= self.closes_at

    def typed(self, key: Key) -> str:
        slug = {"legal_name": "organisation", "interest": "interest", "role": "lots", "held": "views"}[key[0]]
        kept = self.sections.get(slug)
        return kept.answers.get(key, "") if kept else ""

    @property
    def chosen(self) -> list[int]:
        return [lot for lot in range(LOTS) if self.typed(("interest", lot)) not in ("", "no")]

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """What a check page shows: it stands for this draft and this submission."""
        return *sorted((slug, kept.revision) for slug, kept in self.sections.items()), self.current

    @property
    def lots_with_problems(self) -> set[int]:
        unanswered = {lot for lot in range(LOTS) if not self.typed(("interest", lot))}
        return unanswered | {lot for lot in self.chosen if not self.typed(("role", lot))}

    @property
    def general_problem(self) -> bool:
        return not self.typed(("legal_name", None)) or self.typed(("held", None)) == "three"

    @property
    def answers(self) -> dict[Key, Any]:
        """What a submission made now holds."""
        about_lots = [("interest", lot) for lot in range(LOTS)] + [("role", lot) for lot in self.chosen]
        found: dict[Key, Any] = {
            key: self.typed(key) for key in about_lots if key[1] not in self.lots_with_problems and self.typed(key)
        }
        found[("legal_name", None)] = self.typed(("legal_name", None))
        if self.typed(("held", None)):
            found[("held", None)] = int(self.typed(("held", None)))
        return found

    def save(self, slug: str, answers: dict[Key, str], revision: int) -> type[Exception] | None:
        kept = self.sections.get(slug)
        if not self.is_open:
            return actions.NotOpenError
        if kept is not None and all(kept.answers.get(key, "") == said for key, said in answers.items()):
            return None
        if revision != (kept.revision if kept else 0):
            return actions.ClashError
        merged = {**(kept.answers if kept else {}), **answers}
        self.sections[slug] = Kept(revision + 1, {key: said for key, said in merged.items() if said})
        return None

    def submit(self, nonce: uuid.UUID, seen: tuple[object, ...], leave_out: bool) -> type[Exception] | int:
        """The place of the submission that this is."""
        known = next((place for place, made in enumerate(self.submissions) if made[0] == nonce), None)
        if known is not None:
            return known
        if not self.is_open:
            return actions.NotOpenError
        if seen != self.fingerprint:
            return actions.StaleCheckError
        if self.general_problem or (self.lots_with_problems and not leave_out):
            return actions.NotReadyError
        self.submissions.append((nonce, self.answers))
        self.current = len(self.submissions) - 1
        return self.current

    def withdraw(self) -> type[Exception] | None:
        if self.current is None:
            return None if self.withdrawals else withdrawing.NothingToWithdrawError
        if not self.is_open:
            return actions.NotOpenError
        self.current, self.withdrawals = None, self.withdrawals + 1
        return None

    def extend(self, closes_at: datetime) -> type[Exception] | None:
        if closes_at == self.extended_to:  # a second press
            return None
        if closes_at <= max(self.closes_at, self.now):
            return NotLaterError
        self.closes_at = self.extended_to = closes_at
        self.extensions += 1
        return None

    def close_early(self) -> type[Exception] | None:
        if not self.is_open:
            return NotOpenError
        self.closes_at, self.extended_to, self.closings = self.now, None, self.closings + 1
        return None


@dataclass(frozen=True)
class CheckPage:
    """What the form of a check page carries, and what it stood for."""

    nonce: uuid.UUID
    seen: str
    stood_for: tuple[object, ...]


class Machine(RuleBasedStateMachine):
    pages = Bundle("pages")

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.submission_ids: list[uuid.UUID] = []

    @initialize(ready=st.booleans())
    def begin(self, ready: bool) -> None:
        with self.database.session() as session:
            engagement = factories.engagement(session, lots=LOTS)
            organisation = factories.provider(session)
            people = [factories.provider_person(session, organisation) for _ in range(2)]
            response = factories.response(session, engagement, people[0])
            self.engagement_id, self.response_id = engagement.id, response.id
            self.organisation_id = organisation.id
            self.lots = [lot.id for lot in factories.lots_of(engagement)]
            self.colleagues = [actor_of(person, self.organisation_id) for person in people]
            self.questions = dict(
                session.execute(
                    select(Question.id, Question.key).join(Section).where(Section.version_id == response.version_id)
                ).all()
            )
            session.commit()
            self.model = Model(datetime.now(UTC), engagement.closes_at)
        self.events_before = self.count_events()
        if ready:
            self.save_everything(0, "likely")

    @rule(
        who=st.integers(0, 1),
        slug=st.sampled_from(SLUGS),
        stale_by=st.sampled_from([0, 0, 0, 1]),
        fate=FATES,
        data=st.data(),
    )
    def save(self, who: int, slug: str, stale_by: int, fate: str, data: st.DataObject) -> None:
        self.save_section(who, slug, stale_by, fate, lambda key: data.draw(st.sampled_from(TEXTS[key])))

    @rule(who=st.integers(0, 1), level=st.sampled_from(["likely", "no"]))
    def save_everything(self, who: int, level: str) -> None:
        """Usable answers to all: by chance alone a draft would hardly ever be ready."""
        ready = {"legal_name": "Seaside Health", "interest": level, "role": "lead", "held": "3"}
        for slug in SLUGS:
            self.save_section(who, slug, 0, "commit", ready.__getitem__)

    def save_section(self, who: int, slug: str, stale_by: int, fate: str, typed_for: Callable[[str], str]) -> None:
        kept = self.model.sections.get(slug)
        revision = max((kept.revision if kept else 0) - stale_by, 0)
        said: dict[Key, str] = {}

        def act(session: Session) -> None:
            journey = queries.journey(session, response_id=self.response_id, organisation_id=self.organisation_id)
            assert journey is not None
            section = journey.draft.section(slug)
            assert section is not None
            items = [item for item in journey.draft.items(section) if item.question.key in TEXTS]
            typed = {item: typed_for(item.question.key) for item in items}
            said.update({self.key(item.question.id, item.lot.id if item.lot else None): typed[item] for item in items})
            actions.save_section(
                session,
                journey=journey,
                section=section,
                typed=typed,
                revision=revision,
                actor=self.colleagues[who],
                now=self.model.now,
            )

        self.compare(act, fate, lambda: self.model.save(slug, said, revision))

    @rule(target=pages)
    def leave_a_check_page_open(self) -> CheckPage:
        return self.open_check_page()

    def open_check_page(self) -> CheckPage:
        with self.database.session() as session:
            response = session.get_one(Response, self.response_id)
            seen = queries.draft(session, response).fingerprint(response.current_submission_id)
        return CheckPage(uuid.uuid4(), seen, self.model.fingerprint)

    @rule(target=pages, who=st.integers(0, 1), leave_out=st.booleans(), fate=FATES, clicks=st.integers(1, 2))
    def check_and_submit(self, who: int, leave_out: bool, fate: str, clicks: int) -> CheckPage:
        page = self.open_check_page()
        for _ in range(clicks):
            self.submit(who, page, leave_out, fate)
        return page

    @rule(who=st.integers(0, 1), page=pages, leave_out=st.booleans(), fate=FATES)
    def submit_page(self, who: int, page: CheckPage, leave_out: bool, fate: str) -> None:
        self.submit(who, page, leave_out, fate)

    def submit(self, who: int, page: CheckPage, leave_out: bool, fate: str) -> None:
        def act(session: Session) -> uuid.UUID:
            return actions.submit(
                session,
                response_id=self.response_id,
                nonce=page.nonce,
                seen=page.seen,
                leave_out=leave_out,
                link="",
                actor=self.colleagues[who],
                now=self.model.now,
            )

        made, place = self.compare(act, fate, lambda: self.model.submit(page.nonce, page.stood_for, leave_out))
        if isinstance(made, uuid.UUID):
            if place == len(self.submission_ids):
                self.submission_ids.append(made)
            assert self.submission_ids[place] == made, "the same nonce gives the same receipt"

    @rule(who=st.integers(0, 1), fate=FATES)
    def withdraw(self, who: int, fate: str) -> None:
        def act(session: Session) -> None:
            withdrawing.withdraw(
                session,
                response_id=self.response_id,
                reason=None,
                link="",
                actor=self.colleagues[who],
                now=self.model.now,
            )

        self.compare(act, fate, lambda: self.model.withdraw())

    @precondition(lambda self: self.model.current is not None and self.model.is_open)
    @rule(who=st.integers(0, 1))
    def withdraw_then_submit_again(self, who: int) -> None:
        """By chance alone both would hardly ever happen before the deadline."""
        self.withdraw(who, "commit")
        self.save_everything(who, "likely")
        self.check_and_submit(who, leave_out=True, fate="commit", clicks=1)
        assert self.model.current is not None, "what was withdrawn can be submitted again"

    @rule(days=st.integers(-1, 6), fate=FATES)
    def extend_deadline(self, days: int, fate: str) -> None:
        closes_at = max(self.model.closes_at, self.model.now) + timedelta(days=days)

        def act(session: Session) -> None:
            engagement = session.get_one(Engagement, self.engagement_id)
            extend(
                session,
                engagement=engagement,
                closes_at=closes_at,
                reason="More time",
                addresses=ADDRESSES,
                actor=self.colleagues[0],
                now=self.model.now,
            )

        self.compare(act, fate, lambda: self.model.extend(closes_at))

    @precondition(lambda self: self.model.submissions)
    @rule(fate=FATES)
    def close_before_the_deadline(self, fate: str) -> None:
        def act(session: Session) -> None:
            engagement = session.get_one(Engagement, self.engagement_id)
            close_early(
                session,
                engagement=engagement,
                reason="Enough answers",
                addresses=ADDRESSES,
                actor=self.colleagues[0],
                read_clock=lambda _session: self.model.now,
            )

        self.compare(act, fate, self.model.close_early)

    @rule(hours=st.integers(1, 72))
    def let_time_pass(self, hours: int) -> None:
        self.model.now += timedelta(hours=hours)

    @precondition(lambda self: self.model.submissions and self.model.is_open)
    @rule(microseconds=st.integers(0, 1))
    def wait_for_the_deadline(self, microseconds: int) -> None:
        self.model.now = max(self.model.now, self.model.closes_at + timedelta(microseconds=microseconds))

    def compare(self, act: Callable[[Session], Any], fate: str, in_model: Callable[[], Any]) -> tuple[Any, Any]:
        """Do it in the database and, unless it was lost, in the model; returns both outcomes, or nothing twice."""
        done, refused = None, None
        with self.database.session() as session:
            try:
                done = act(session)
            except REFUSALS as refusal:
                refused = type(refusal)
            if refused is None and fate == "cut":
                self.cut(session)
                with pytest.raises(DBAPIError):
                    session.commit()
                return None, None
            if refused is None and fate == "rolled back":
                return None, None
            session.commit()
        expected = in_model()
        if refused is not None or (isinstance(expected, type) and issubclass(expected, Exception)):
            assert refused is expected
        return done, expected

    def cut(self, session: Session) -> None:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with self.database.session() as other:
            assert other.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    @invariant()
    def database_agrees(self) -> None:
        with self.database.session() as session:
            response = session.get_one(Response, self.response_id)
            drafts = session.execute(
                select(Section.slug, DraftSection.revision, DraftSection.answers)
                .join(Section)
                .where(DraftSection.response_id == self.response_id)
            ).all()
            assert {row.slug: Kept(row.revision, self.flat(row.answers)) for row in drafts} == self.model.sections
            made = session.scalars(
                select(Submission).where(Submission.response_id == self.response_id).order_by(Submission.number)
            ).all()
            assert [row.number for row in made] == list(range(1, len(made) + 1))
            assert [row.id for row in made] == self.submission_ids
            assert [(row.nonce, self.stored_answers(session, row)) for row in made] == self.model.submissions
            current = self.model.current
            assert response.current_submission_id == (None if current is None else self.submission_ids[current])
            assert (response.withdrawn_at is not None) == (current is None and self.model.withdrawals > 0)
            assert session.get_one(Engagement, self.engagement_id).closes_at == self.model.closes_at
            counted(session)
        moved = self.model.extensions + self.model.closings
        events = len(self.model.submissions) + self.model.withdrawals + moved
        assert self.count_events() - self.events_before == events, "each act is in the record once, and only if done"

    def teardown(self) -> None:
        with self.database.session() as session:
            assert broken_links(session) == []

    def key(self, question_id: uuid.UUID, lot_id: uuid.UUID | None) -> Key:
        return self.questions[question_id], None if lot_id is None else self.lots.index(lot_id)

    def flat(self, answers: dict[str, Any]) -> dict[Key, str]:
        """A stored section's answers, as the model holds them."""
        found: dict[Key, str] = {}
        for question, kept in answers.items():
            about = kept.items() if isinstance(kept, dict) else [(None, kept)]
            found |= {(question, None if lot is None else self.lots.index(uuid.UUID(lot))): said for lot, said in about}
        return found

    def stored_answers(self, session: Session, made: Submission) -> dict[Key, Any]:
        rows = session.execute(
            select(Answer.question_id, Answer.lot_id, Answer.value).where(Answer.submission_id == made.id)
        )
        answers = {self.key(row.question_id, row.lot_id): row.value for row in rows}
        levels = session.execute(select(Interest.lot_id, Interest.level).where(Interest.submission_id == made.id))
        declared = {self.lots.index(row.lot_id): row.level.value for row in levels}
        assert declared == {lot: said for (question, lot), said in answers.items() if question == "interest"}
        return answers

    def count_events(self) -> int:
        with self.database.session() as session:
            return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


REFUSALS = (
    actions.NotOpenError,
    actions.ClashError,
    actions.StaleCheckError,
    withdrawing.NothingToWithdrawError,
    actions.NotReadyError,
    NotLaterError,
    NotOpenError,
)


def actor_of(person: Person, organisation_id: uuid.UUID) -> Actor:
    acting = ActingFor(organisation_id, "Provider", Party.PROVIDER, MembershipRole.SIGNATORY)
    return Actor(person.id, person.name, person.email, uuid.uuid4(), False, False, (acting,))


def test_a_model_never_disagrees_with_the_database(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Machine(database),
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )

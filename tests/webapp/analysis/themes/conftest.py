"""Frameworks to act upon: of the world's run, and of any size without a run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from intelligence.files import to_json
from tests import factories as make
from tests.world import actor_of
from webapp.analysis.digests import ThemeDigest
from webapp.audit import Actor
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Answer,
    Engagement,
    InterestLevel,
    Organisation,
    Origin,
    PartKind,
    Person,
    Question,
    RunState,
    Section,
    Side,
    Theme,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
)

TITLES = ("Staff", "Price", "Escorts")


@dataclass
class Scene:
    """A framework of three themes, its people, and its statements by number."""

    session: Session
    engagement: Engagement
    framework: ThemeFramework
    themes: Sequence[Theme]
    officer: Person
    actor: Actor
    colleague: Actor

    @property
    def url(self) -> str:
        return f"/themes/{self.framework.id}"

    def theme(self, title: str) -> Theme:
        return self.session.scalars(
            select(Theme)
            .where(Theme.framework_id == self.framework.id, Theme.title == title)
            .execution_options(populate_existing=True)
        ).one()

    def places(self) -> dict[int, str]:
        """The title of the theme, or the pile, in which each statement stands."""
        rows = self.session.execute(
            select(ThemeAssignment.number, Theme.title, ThemeAssignment.pile)
            .outerjoin(Theme, Theme.id == ThemeAssignment.theme_id)
            .where(ThemeAssignment.framework_id == self.framework.id)
            .order_by(ThemeAssignment.number)
        )
        return {number: title or str(pile) for number, title, pile in rows}

    def hear(self, title: str, texts: Sequence[str], *, may_quote: bool = False) -> None:
        """As many more providers speak to the theme, each with one text that is less typical than the one before."""
        for place, said in enumerate(texts):
            provider = make.provider(self.session)
            [answer] = answered(self.session, self.engagement, [said], provider)
            comment = ThemeComment(
                framework_id=self.framework.id,
                answer_id=answer.id,
                organisation_id=provider.id,
                may_quote=may_quote,
                part_id=self.framework.part_id,
            )
            self.session.add(comment)
            self.session.flush()
            assigned = ThemeAssignment(
                framework_id=self.framework.id,
                number=100 + place,
                answer_id=answer.id,
                start=0,
                stop=len(said),
                theme_id=self.theme(title).id,
                strength=0.5 - 0.01 * place,
                side=Side.NEITHER,
                unsure=False,
                origin=Origin.FOUND,
            )
            self.session.add(assigned)
        self.session.commit()

    def confirmed(self) -> list[int]:
        rows = select(ThemeAssignment.number).where(
            ThemeAssignment.framework_id == self.framework.id, ThemeAssignment.confirmed_by.is_not(None)
        )
        return sorted(self.session.scalars(rows))


def run_of(session: Session, about: Engagement, by: Person, number: int = 1) -> AnalysisPart:
    """The finished themes part of a run without a result."""
    run = AnalysisRun(
        engagement_id=about.id,
        number=number,
        requested_by=by.id,
        seed=1,
        parameters={"draws": 1, "schedule_seconds": 1.0, "as_of": "2026-12-01"},
        inputs={},
        inputs_digest="0" * 64,
        code_version="tests",
        parts=[
            AnalysisPart(
                kind=PartKind.THEMES,
                position=1,
                subject="barriers",
                title="What stops you?",
                state=RunState.FINISHED,
                progress=1,
                result={"version": 1, "value": {}},
                summary=to_json(ThemeDigest(6, 6, 0, (), {}, ())),
            )
        ],
    )
    session.add(run)
    session.flush()
    return run.parts[0]


def answered(session: Session, about: Engagement, texts: Sequence[str], organisation: Organisation) -> list[Answer]:
    """One submission that gives each text to the question about barriers, as if for as many lots."""
    person = make.provider_person(session, organisation)
    response = make.response(session, about, person)
    submission = make.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)})
    question = session.scalars(
        select(Question).join(Section).where(Section.version_id == response.version_id, Question.key == "barriers")
    ).one()
    answers = [
        {"id": uuid.uuid4(), "submission_id": submission.id, "question_id": question.id, "lot_id": lot, "value": text}
        for text, lot in zip(texts, [None, *(lot.id for lot in make.lots_of(about))], strict=False)
    ]
    session.execute(insert(Answer), answers)
    return list(session.scalars(select(Answer).where(Answer.id.in_([each["id"] for each in answers]))))


@pytest.fixture
def scene(session: Session) -> Scene:
    """Six answers in three themes, two each; those of the second provider may not be quoted."""
    buyer = make.buyer(session)
    about = make.engagement(session, make.programme(session, buyer))
    officer, colleague = make.officer(session, buyer), make.officer(session, buyer)
    part = run_of(session, about, officer)
    framework = ThemeFramework(
        engagement_id=about.id,
        question_key="barriers",
        wording="What stops you?",
        part_id=part.id,
        worth_reading=3,
        merges=[
            {"id": "m1", "left": "t1", "right": "t2", "distance": 0.4},
            {"id": "m2", "left": "m1", "right": "t3", "distance": 0.9},
        ],
    )
    session.add(framework)
    session.flush()
    themes = [
        Theme(
            framework_id=framework.id,
            position=position,
            found_key=f"t{position}",
            title=title,
            key_terms=[title.lower()],
            examples=[],
        )
        for position, title in enumerate(TITLES, 1)
    ]
    session.add_all(themes)
    session.flush()
    for place, quotable in enumerate((True, False)):
        provider = make.provider(session, name=f"Provider {'AB'[place]}")
        texts = [f"{title} is what provider {'AB'[place]} speaks of" for title in TITLES]
        for answer in answered(session, about, texts, provider):
            session.add(
                ThemeComment(
                    framework_id=framework.id,
                    answer_id=answer.id,
                    organisation_id=provider.id,
                    may_quote=quotable,
                    part_id=part.id,
                )
            )
            session.flush()
            theme = themes[TITLES.index(answer.value.split()[0])]
            session.add(
                ThemeAssignment(
                    framework_id=framework.id,
                    number=theme.position + 3 * place,
                    answer_id=answer.id,
                    start=0,
                    stop=len(answer.value),
                    theme_id=theme.id,
                    strength=0.9 - 0.1 * place,
                    side=Side.OBJECTION if place else Side.SUPPORT,
                    unsure=bool(place),
                    origin=Origin.FOUND,
                )
            )
    session.commit()
    return Scene(session, about, framework, themes, officer, actor_of(officer, buyer), actor_of(colleague, buyer))

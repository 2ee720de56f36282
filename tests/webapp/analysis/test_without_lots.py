"""An engagement that is held before lots are cut: drawn up, published, answered, read and analysed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from intelligence.capacity.estimate import estimate_capacity
from intelligence.market import Market, MarketError
from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.analysis import market
from webapp.db import Database
from webapp.engagements.builder.questionnaires import TEMPLATES
from webapp.engagements.builder.questionnaires.adapting import without_lots
from webapp.engagements.conditions import check_order, is_
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import (
    AnalysisRun,
    Answer,
    AskedPer,
    Clarification,
    Engagement,
    EngagementLot,
    PartKind,
    Person,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Response,
    RunState,
    Section,
    Withdrawal,
)

COMMENTS = (
    "We cannot recruit dental nurses for a secure setting. The price is too low for agency staff.",
    "Vetting takes four months, so dental nurses leave before they start. Escorts are cancelled too often.",
    "The price is too low. Two tenders at once are too many for our bid team.",
)


@pytest.fixture
def officer(session: Session) -> Person:
    someone = factories.officer(session)
    session.commit()
    return someone


@pytest.fixture
def engagement(session: Session, officer: Person) -> Engagement:
    """A draft without lots, in a programme that has some."""
    programme = factories.programme(session, officer.memberships[0].organisation)
    made = factories.engagement(session, programme, state="draft", questionnaire=False)
    session.query(EngagementLot).filter_by(engagement_id=made.id).delete()
    session.commit()
    session.expire_all()
    return made


def publish(client: Client, engagement: Engagement) -> None:
    client.submit(f"/manage/engagements/{engagement.id}/questionnaire/begin", {"source": "health"})
    client.submit(f"/manage/engagements/{engagement.id}/publish", {"sure": "y"})


def request_run(client: Client, engagement: Engagement) -> Page:
    address = f"/manage/engagements/{engagement.id}"
    return client.submit(address, action=f"{address}/runs")


@pytest.fixture
def answered(session: Session, officer: Person, engagement: Engagement, client: Client) -> Engagement:
    client.sign_in(officer)
    publish(client, engagement)
    session.expire_all()
    [asked] = session.scalars(
        select(Question)
        .join(Question.section)
        .join(Section.version)
        .where(QuestionnaireVersion.engagement_id == engagement.id, Question.key == "barriers")
    )
    for text in COMMENTS:
        response = factories.response(session, engagement, factories.provider_person(session))
        submission = factories.submission(session, response)
        session.add(Answer(submission_id=submission.id, question_id=asked.id, value=text))
    session.commit()
    return engagement


# Drawing up


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_questionnaire_can_begin_from_each_template_without_what_is_about_lots(name: str) -> None:
    given, kept = TEMPLATES[name].sections, without_lots(TEMPLATES[name].sections)
    questions = {question.key for section in kept for question in section.questions}
    assert {"barriers"} <= questions < {question.key for section in given for question in section.questions}
    assert not {"interest", "role", "ranking", "packages", "held_at_most"} & questions
    assert not {"price", "price_reasons"} & questions, "what follows up an answer about lots goes with it"
    assert "tenders_at_once" in questions, "what depended on an interest is asked of everybody"
    assert all(section.questions for section in kept)
    check_order(
        (question.key, (section.asked_if, question.asked_if)) for section in kept for question in section.questions
    )


def test_what_follows_up_a_question_that_followed_up_one_about_lots_goes_too() -> None:
    yes_no = partial(QuestionContent, kind=QuestionKind.YES_NO)
    asked = (
        yes_no(key="bids", wording="Would you bid for it?", asked_per=AskedPer.LOT),
        yes_no(key="price", wording="Is it the price?", asked_if=is_("bids", "no")),
        yes_no(key="fair", wording="Would a tenth more be fair?", asked_if=is_("price", "yes")),
        yes_no(key="else", wording="Is it anything else?"),
    )
    [kept] = without_lots([SectionContent(slug="lots", title="Lots", questions=asked)])
    assert [question.key for question in kept.questions] == ["else"]


def test_it_is_published_without_lots_and_reads_sensibly(
    session: Session, officer: Person, engagement: Engagement, client: Client
) -> None:
    client.sign_in(officer)
    page = client.submit(f"/manage/engagements/{engagement.id}/questionnaire/begin", {"source": "health"})
    assert "without what asks about lots, since the engagement has none" in client.get(page.location).text
    page = client.get(f"/manage/engagements/{engagement.id}/publish")
    assert "For engagement before lots are cut." in page.text
    client.submit(f"/manage/engagements/{engagement.id}/publish", {"sure": "y"})
    session.expire_all()
    assert session.get_one(Engagement, engagement.id).published_at is not None
    client.sign_out()
    page = client.get(f"/engagements/{engagement.id}")
    assert "Subject matter" not in page.text
    assert "Indicative annual value" not in page.text
    client.sign_in(officer)
    assert (
        "held before the services are cut into lots"
        in client.get(f"/manage/engagements/{engagement.id}/notices/uk2").text
    )


def test_what_asks_about_lots_cannot_be_published_without_them(
    session: Session, officer: Person, engagement: Engagement, client: Client
) -> None:
    factories.add_questionnaire(session, engagement, published=False)
    session.commit()
    client.sign_in(officer)
    page = client.get(f"/manage/engagements/{engagement.id}/publish")
    assert "The section “Interest in each lot” asks about lots, and the engagement has none." in page.text
    assert "Publish the engagement" not in page.buttons()


def test_a_later_version_cannot_ask_about_lots_either(
    session: Session, officer: Person, engagement: Engagement, client: Client
) -> None:
    client.sign_in(officer)
    publish(client, engagement)
    address = f"/manage/engagements/{engagement.id}/questionnaire"
    client.submit(f"{address}/begin", {"source": "nothing"})
    version = session.scalars(select(QuestionnaireVersion).where(QuestionnaireVersion.published_at.is_(None))).one()
    ranking = Question(position=1, key="order", wording="Which first?", kind=QuestionKind.RANKING)
    session.add(Section(version_id=version.id, position=1, slug="order", title="Your order", questions=[ranking]))
    session.commit()
    page = client.get(f"{address}/publish")
    assert "The section “Your order” asks about lots, and the engagement has none." in page.text
    assert "Publish" not in " ".join(page.buttons())


# Reading and analysing


def test_the_analysis_finds_themes_and_says_what_it_cannot_tell(
    session: Session, officer: Person, answered: Engagement, settings: Settings, database: Database, client: Client
) -> None:
    page = client.post(
        f"/manage/engagements/{answered.id}/runs", client.get(f"/manage/engagements/{answered.id}").hidden()
    )
    run_jobs(database, settings)
    session.expire_all()
    run = session.scalars(select(AnalysisRun)).one()
    assert run.state is RunState.FINISHED
    assert {part.kind for part in run.parts} == {PartKind.THEMES}
    assert "this analysis finds themes in what providers wrote, and estimates nothing" in client.get(page.location).text
    report = client.get(f"/runs/{run.id}/report")
    assert "nothing can be said of how many bids any lot will draw" in report.text
    assert len(report.statements) <= 15
    assert report.links()["themes"] == f"/runs/{run.id}/report/themes"
    assert "will not respond" not in client.get(f"/runs/{run.id}/report/themes").text
    planning = client.get(f"/programmes/{answered.programme_id}/planning").links()
    assert "The schedule of the newest analysis" not in planning
    factories.decline(session, answered, factories.provider_person(session), comment="Escorts are never paid for.")
    session.commit()
    themes = client.get(f"/runs/{run.id}/report/themes")
    assert "1 provider has said that they will not respond, which no theme counts" in themes.text
    assert themes.links()["read their reasons together"].endswith("/progress#not-responding")
    assert len(themes.statements) <= 15
    response = answered_by(session, answered)
    session.add(Withdrawal(submission_id=response.current_submission_id, withdrawn_at=datetime.now(UTC)))
    session.commit()
    assert "1 response behind" in client.get(f"/runs/{run.id}").text


def test_a_provider_answers_and_asks_without_lots(
    session: Session, officer: Person, engagement: Engagement, client: Client
) -> None:
    client.sign_in(officer)
    publish(client, engagement)
    someone = factories.provider_person(session)
    session.commit()
    client.sign_in(someone)
    sections = client.get(client.submit(f"/engagements/{engagement.id}/response").location)
    assert "Your organisation" in sections.text
    assert "each lot" not in sections.text
    page = client.get(f"/engagements/{engagement.id}/questions")
    assert "Which lot is it about?" not in page.text
    client.submit(f"/engagements/{engagement.id}/questions", {"question": "When are the lots cut?"})
    assert session.scalars(select(Clarification)).one().lot_id is None


def test_nothing_written_is_nothing_to_analyse(
    session: Session, officer: Person, engagement: Engagement, client: Client
) -> None:
    client.sign_in(officer)
    publish(client, engagement)
    session.expire_all()
    factories.submission(session, factories.response(session, engagement, factories.provider_person(session)))
    session.commit()
    page = request_run(client, engagement)
    assert "no provider has answered a question that is read for themes" in client.get(page.location).text
    assert session.scalars(select(AnalysisRun)).all() == []


def test_every_page_of_it_can_be_opened_and_what_is_asked_of_its_run_answers(
    session: Session,
    app: Flask,
    answered: Engagement,
    settings: Settings,
    database: Database,
    client: Client,
) -> None:
    request_run(client, answered)
    run_jobs(database, settings)
    run = session.scalars(select(AnalysisRun)).one()
    ids: dict[str, uuid.UUID] = {
        "engagement_id": answered.id,
        "programme_id": answered.programme_id,
        "run_id": run.id,
        "response_id": answered_by(session, answered).id,
        "part_id": run.parts[0].id,
    }
    token = client.get(f"/manage/engagements/{answered.id}").hidden()["csrf_token"]
    answers: dict[str, int] = {}
    for rule in app.url_map.iter_rules():
        if rule.arguments and rule.arguments <= ids.keys():
            with app.test_request_context():
                path = url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})
            if "GET" in (rule.methods or ()):
                answers[path] = client.ask("GET", path).status_code
            if "POST" in (rule.methods or ()) and "run_id" in rule.arguments:
                answers[f"sent to {path}"] = client.ask("POST", path, {"csrf_token": token}).status_code
    assert {path: status for path, status in answers.items() if status not in (200, 302, 404, 409, 422)} == {}
    assert len([status for status in answers.values() if status == 200]) > 60


def test_what_is_estimated_by_lot_refuses_a_market_without_them(session: Session, answered: Engagement) -> None:
    found = market.load(session, engagement=answered, as_of=answered.opens_at.date())
    assert len(found.comments) == len(COMMENTS)
    with pytest.raises(MarketError, match="at least one lot"):
        estimate_capacity(replace(found, comments=()), seed=1, draws=100)
    assert Market(lots=()).lots == ()


def answered_by(session: Session, engagement: Engagement) -> Response:
    return session.scalars(select(Response).where(Response.engagement_id == engagement.id).limit(1)).one()

"""Taking a framework along: the worker writes a file that says what it shows, and each reader gets what is theirs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from flask import json
from sqlalchemy import select, text, update

from config import Settings
from tests import factories as make
from tests.webapp.analysis.themes.conftest import Scene
from tests.webapp.analysis.themes.test_pages import colleague_as
from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.analysis.computed import FAILURE, failing
from webapp.analysis.themes import actions, files, quotes, statements
from webapp.db import Database, clock
from webapp.models import Answer, AuditEvent, Measure, Question, Submission, TeamRole, ThemeAssignment, ThemeFile
from webapp.responses.withdrawing import take_back

NOW = datetime(2026, 12, 1, tzinfo=UTC)
Rows = list[tuple[Any, ...]]


@dataclass
class Taking:
    """Somebody at the page of files, and a worker that works when it is told to."""

    scene: Scene
    client: Client
    database: Database
    settings: Settings

    @property
    def url(self) -> str:
        return f"{self.scene.url}/files"

    def prepare(self, kind: str = "xlsx") -> Page:
        self.client.submit(self.url, action=f"{self.url}/{kind}")
        run_jobs(self.database, self.settings)
        return self.client.get(self.url)

    def download(self, kind: str = "xlsx") -> Page:
        return self.client.submit(self.url, action=f"{self.url}/{kind}/download", status=200)

    def workbook(self) -> dict[str, Rows]:
        self.prepare()
        book = openpyxl.load_workbook(io.BytesIO(self.download().response.get_data()))
        return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.rows] for sheet in book}


@pytest.fixture
def taking(client: Client, scene: Scene, database: Database, settings: Settings) -> Taking:
    client.sign_in(scene.officer)
    return Taking(scene, client, database, settings)


def rename(scene: Scene, was: str, title: str) -> None:
    actions.rename(
        scene.session,
        framework=scene.framework,
        theme_id=scene.theme(was).id,
        title=title,
        description="",
        revision=scene.framework.revision,
        actor=scene.colleague,
        now=NOW,
    )
    scene.session.commit()


def test_the_worker_writes_the_file_while_its_page_says_how_far_it_is(taking: Taking) -> None:
    taking.client.submit(taking.url, action=f"{taking.url}/csv")
    waiting = taking.client.get(taking.url)
    assert "Statements (CSV): waiting for a worker to begin." in waiting.text
    assert waiting.links()["Check again"] == taking.url
    assert "Prepare the CSV file" not in waiting.buttons()
    assert json.loads(taking.client.get(f"{taking.url}/progress").html)["finished"] is False
    run_jobs(taking.database, taking.settings)
    assert json.loads(taking.client.get(f"{taking.url}/progress").html)["finished"] is True
    assert "Download the CSV file" in taking.client.get(taking.url).buttons()
    page = taking.download("csv")
    rows = list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["Staff", "Price", "Escorts"] * 2
    assert page.response.headers["Content-Disposition"].endswith("-barriers-act-0.csv")
    assert len(page.statements) <= 15
    events = select(AuditEvent.act).where(AuditEvent.act.startswith("themes.")).order_by(AuditEvent.id)
    assert taking.scene.session.scalars(events).all() == ["themes.file_asked", "themes.exported"]


def test_a_file_says_what_it_shows_and_the_page_what_is_not_in_it(taking: Taking) -> None:
    rename(taking.scene, "Staff", "Workforce")
    sheets = taking.workbook()
    assert ("Act", 1) in sheets["About"]
    stands = "Candidate: nobody has signed these themes. As they stood after act 1."
    assert {row[-1] for sheet in ("Themes", "Statements") for row in sheets[sheet][1:]} == {stands}
    assert "Prepare the workbook again" not in taking.client.get(taking.url).buttons()
    rename(taking.scene, "Price", "Cost")
    stale = taking.client.get(taking.url)
    assert "It shows what stood after act 1, at" in stale.text
    assert "1 act since then is not in it." in stale.text
    assert [row[0] for row in taking.workbook()["Themes"][1:]] == ["Workforce", "Cost", "Escorts"]


def test_asking_again_for_what_is_there_or_under_way_writes_nothing_twice(taking: Taking) -> None:
    for _ in range(2):
        taking.client.post(f"{taking.url}/xlsx", taking.client.get(taking.url).hidden(f"{taking.url}/csv"))
    run_jobs(taking.database, taking.settings)
    taking.client.post(f"{taking.url}/xlsx", taking.client.get(taking.url).hidden(f"{taking.url}/csv"))
    assert len(taking.scene.session.scalars(select(ThemeFile)).all()) == 1


def test_who_reads_responses_gets_every_word_and_what_is_not_for_quotation_is_marked(taking: Taking) -> None:
    sheets = taking.workbook()
    rows = sheets["Statements"]
    assert rows[0][-1] == "Standing"
    assert [row[5] for row in rows[1:]] == ["Yes"] * 3 + ["Not for quotation"] * 3
    assert "Staff is what provider B speaks of" in rows[4]
    assert sheets["Themes"][1][:6] == ("Staff", "", 2, 2, 2, 0)
    assert ("Statements in themes", 6) in sheets["About"]


def test_a_reviewer_gets_consented_words_and_nobodys_name_and_never_the_file_of_who_may_read_more(
    taking: Taking,
) -> None:
    taking.prepare()
    taking.client.sign_in(colleague_as(taking.scene, TeamRole.REVIEWER))
    assert "Download the workbook" not in taking.client.get(taking.url).buttons()
    token = taking.client.get(taking.url).hidden(f"{taking.url}/xlsx")
    taking.client.post(f"{taking.url}/xlsx/download", token)
    assert "no longer kept" in taking.client.get(taking.url).text
    rows = taking.workbook()["Statements"]
    assert [row[-2] for row in rows[1:]] == [
        f"{title} is what provider A speaks of" for title in ("Staff", "Price", "Escorts")
    ] + [None] * 3
    assert "Provider A" not in str(rows)


@pytest.mark.parametrize("role", [TeamRole.OFFICER, TeamRole.REVIEWER])
def test_a_file_of_an_answer_for_lead_officers_alone_is_not_found_by_others(taking: Taking, role: TeamRole) -> None:
    """Nor is one found again that was prepared for them before."""
    taking.client.sign_in(colleague_as(taking.scene, role))
    taking.prepare()
    assert "Download the workbook" in taking.client.get(taking.url).buttons()
    taking.scene.session.execute(text("ALTER TABLE question DISABLE TRIGGER USER"))
    taking.scene.session.execute(text("UPDATE question SET restricted = true WHERE key = 'barriers'"))
    taking.scene.session.execute(text("ALTER TABLE question ENABLE TRIGGER USER"))
    taking.scene.session.commit()
    assert "Download the workbook" not in taking.client.get(taking.url).buttons()
    assert [row[-2] for row in taking.workbook()["Statements"][1:]] == [None] * 6


def test_sides_are_in_a_file_only_where_the_question_asks_for_a_view(taking: Taking) -> None:
    assert "Side" not in taking.workbook()["Statements"][0]
    taking.scene.session.execute(text("ALTER TABLE question DISABLE TRIGGER USER"))
    taking.scene.session.execute(text("UPDATE question SET measure = 'views' WHERE key = 'barriers'"))
    taking.scene.session.execute(text("ALTER TABLE question ENABLE TRIGGER USER"))
    rename(taking.scene, "Staff", "Workforce")
    assert "Side" in taking.workbook()["Statements"][0]


def test_a_file_goes_after_a_day(taking: Taking) -> None:
    taking.prepare()
    session = taking.scene.session
    session.execute(update(ThemeFile).values(requested_at=ThemeFile.requested_at - files.KEPT))
    session.commit()
    assert "Download the workbook" not in taking.client.get(taking.url).buttons()
    taking.prepare()
    assert files.remove_old(session, now=clock(session)) == 1
    assert len(session.scalars(select(ThemeFile)).all()) == 1


def test_a_file_goes_with_what_was_withdrawn_also_when_its_provider_submits_again(taking: Taking) -> None:
    assert "Provider A" in str(taking.workbook()["Statements"])
    session = taking.scene.session
    said = session.get_one(ThemeAssignment, (taking.scene.framework.id, 1)).answer_id
    response = session.scalars(select(Submission).join(Submission.answers).where(Answer.id == said)).one().response
    for submits_again in (False, True):
        if submits_again:
            make.submission(session, response)
        else:
            take_back(session, response=response, now=clock(session))
        session.commit()
        assert "Download the workbook" not in taking.client.get(taking.url).buttons()
    assert "Provider A" not in str(taking.workbook()["Statements"])


@pytest.mark.parametrize(("agrees", "is_joined"), [(True, False), (False, False), (False, True)])
def test_who_submits_again_is_quoted_only_if_it_still_agrees(taking: Taking, *, agrees: bool, is_joined: bool) -> None:
    """On the theme's page, in files made before and after, and where a run quoted it; it counts until the next run.

    Also where its response counts as another's since the themes were asked for: the worker wrote down whose it was.
    """
    session, scene = taking.scene.session, taking.scene
    taking.client.sign_in(colleague_as(scene, TeamRole.REVIEWER))
    taking.prepare()
    said = session.get_one(ThemeAssignment, (scene.framework.id, 1)).answer_id
    response = session.scalars(select(Submission).join(Submission.answers).where(Answer.id == said)).one().response
    if is_joined:
        response.organisation_id = make.provider(session).id
    again = make.submission(session, response)
    asked = session.scalars(select(Question).where(Question.measure == Measure.MAY_QUOTE)).one()
    session.add(Answer(submission_id=again.id, question_id=asked.id, value=agrees))
    session.commit()
    assert quotes.still_quotable(session, [str(said)]) == ({str(said)} if agrees else set())
    assert ("Download the workbook" in taking.client.get(taking.url).buttons()) is agrees
    theme = taking.client.get(f"{scene.url}/theme/{scene.theme('Staff').id}")
    assert ("Staff is what provider A speaks of" in theme.text) is agrees
    assert "2 answers from 2 providers" in theme.text
    assert len(theme.statements) <= 15
    marks = {number: each.may_quote for number, each in statements.numbered(session, scene.framework, (1, 4)).items()}
    assert marks == {1: agrees, 4: False}
    if not agrees:
        assert [row[-2] for row in taking.workbook()["Statements"][1:]] == [None] * 6


def test_a_file_that_killed_its_worker_says_so_and_is_asked_for_again(taking: Taking) -> None:
    taking.client.submit(taking.url, action=f"{taking.url}/xlsx")
    session = taking.scene.session
    file = session.scalars(select(ThemeFile)).one()
    failing(ThemeFile)(session, file_id=str(file.id))
    session.commit()
    page = taking.client.get(taking.url)
    assert FAILURE in page.text
    assert "Prepare the workbook again" in page.buttons()

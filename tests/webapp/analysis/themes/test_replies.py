"""What was decided about a signed theme is kept with who and when, and published without names and small numbers."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from config import Settings
from tests.webapp.analysis.themes.conftest import Scene
from tests.webapp.browser_of_pages import Client, Page
from tests.world import run_jobs
from webapp.analysis.themes import replies, signing
from webapp.db import Database
from webapp.models import (
    AuditEvent,
    MailMessage,
    ReplyDecision,
    ThemeReply,
    Withdrawal,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FILLED = {"decision": "taken_up", "done": "We split the lot.\nIt is smaller now.", "reason": "So that more can bid."}


def sign(scene: Scene) -> None:
    revision = scene.framework.revision
    signing.sign(scene.session, framework=scene.framework, revision=revision, actor=scene.actor, now=NOW)
    scene.session.commit()


def close(scene: Scene) -> None:
    scene.session.execute(text("UPDATE engagement SET closes_at = clock_timestamp() - interval '1 minute'"))
    scene.session.commit()


def reply_to(scene: Scene, title: str) -> str:
    return f"{scene.url}/theme/{scene.theme(title).id}/reply"


def all_replies(scene: Scene) -> str:
    return f"/manage/engagements/{scene.engagement.id}/replies"


def public(scene: Scene) -> str:
    return f"/engagements/{scene.engagement.id}/you-said-we-did"


def keys(scene: Scene) -> dict[str, str]:
    return {each.theme.title: each.key for each in replies.of_engagement(scene.session, scene.engagement.id)}


def publish(client: Client, scene: Scene, *titles: str, status: int = 302) -> Page:
    ticked = {"chosen": [keys(scene)[title] for title in titles], "sure": "y"}
    return client.post(all_replies(scene), {**client.get(all_replies(scene)).hidden(), **ticked}, status=status)


def test_only_a_signed_theme_is_replied_to_and_each_reply_stays(client: Client, scene: Scene) -> None:
    client.sign_in(scene.officer)
    refused = client.get(reply_to(scene, "Staff"), status=302)
    assert "Only a theme that is signed can be replied to" in client.get(refused.location).text
    sign(scene)
    client.submit(reply_to(scene, "Staff"), FILLED)
    client.submit(reply_to(scene, "Staff"), {**FILLED, "decision": "not_taken_up", "done": "It stays whole."})
    assert client.get(all_replies(scene)).links()["Help with this page"] == "/help/themes"
    page = client.get(f"{scene.url}/theme/{scene.theme('Staff').id}").text
    for shown in ("Taken up", "We split the lot.", "Not taken up", "It stays whole.", scene.officer.name):
        assert shown in page
    kept = scene.session.scalars(select(ThemeReply).order_by(ThemeReply.number)).all()
    assert [(each.number, each.decision, each.replied_by) for each in kept] == [
        (1, ReplyDecision.TAKEN_UP, scene.officer.id),
        (2, ReplyDecision.NOT_TAKEN_UP, scene.officer.id),
    ]
    events = scene.session.scalars(select(AuditEvent).where(AuditEvent.act == "themes.replied")).all()
    assert [event.detail["decision"] for event in events] == ["taken_up", "not_taken_up"]
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        scene.session.execute(text("UPDATE theme_reply SET done = 'Nothing'"))


def test_a_reply_says_what_is_missing_and_keeps_what_was_typed(client: Client, scene: Scene) -> None:
    sign(scene)
    client.sign_in(scene.officer)
    page = client.submit(reply_to(scene, "Staff"), {"done": "We split the lot.", "reason": " "}, status=422)
    assert "Choose what you decided" in page.text
    assert "Enter why" in page.text
    assert "We split the lot." in page.text
    assert scene.session.scalars(select(ThemeReply)).all() == []


def test_of_two_replies_the_second_is_shown_the_first(client: Client, scene: Scene) -> None:
    sign(scene)
    client.sign_in(scene.officer)
    opened = client.get(reply_to(scene, "Staff")).hidden()
    client.submit(reply_to(scene, "Staff"), FILLED)
    late = client.post(reply_to(scene, "Staff"), {**opened, **FILLED, "done": "We merge the lots."}, status=409)
    assert "We split the lot." in late.text
    assert "We merge the lots." in late.text
    client.post(reply_to(scene, "Staff"), {**late.hidden(), **FILLED, "done": "We merge the lots."}, status=302)
    assert scene.session.scalars(select(ThemeReply.done).where(ThemeReply.number == 2)).all() == ["We merge the lots."]


def test_what_is_published_has_no_name_no_quote_and_no_small_number(client: Client, scene: Scene) -> None:
    scene.hear("Price", ["Price worries us too"] * 4)
    sign(scene)
    close(scene)
    client.sign_in(scene.officer)
    for title in ("Staff", "Price"):
        client.submit(reply_to(scene, title), FILLED)
    assert "Fewer than 5 providers spoke of this" in client.get(reply_to(scene, "Staff")).text
    assert "Fewer than 5 providers" not in client.get(reply_to(scene, "Price")).text
    client.look(public(scene))
    publish(client, scene, "Staff", "Price")
    client.sign_out()
    engagement = client.get(f"/engagements/{scene.engagement.id}")
    assert engagement.links()["Read what was said, what was decided about it, and why"] == public(scene)
    page = client.get(public(scene))
    headings = ["".join(each.itertext()).strip() for each in page.tree.iter("h3")]
    assert headings == ["You said: Price", "You said: Staff"]
    for shown in ("What stops you?", "Taken up", "We split the lot.", "So that more can bid."):
        assert shown in page.text
    assert page.text.count("Fewer than 5 providers spoke of it.") == 1
    assert "6 providers spoke of it." in page.text
    for hidden in ("Provider A", "Provider B", "is what provider", "worries us", scene.officer.name):
        assert hidden not in page.text
    assert len(page.statements) <= 8
    assert len(engagement.statements) <= 8


def test_those_who_took_part_are_told_and_the_log_of_equal_treatment_says_so(client: Client, scene: Scene) -> None:
    sign(scene)
    close(scene)
    client.sign_in(scene.officer)
    client.submit(reply_to(scene, "Staff"), FILLED)
    publish(client, scene, "Staff")
    publish(client, scene, "Staff")
    assert len(scene.session.scalars(select(MailMessage)).all()) == 2
    client.submit(reply_to(scene, "Staff"), {**FILLED, "done": "We split it in three."})
    assert "An earlier wording" in client.get(all_replies(scene)).text
    publish(client, scene, "Staff")
    subjects = scene.session.scalars(select(MailMessage.subject).order_by(MailMessage.created_at)).all()
    assert [subject.partition(":")[0] for subject in subjects] == ["You said, we did"] * 2 + [
        "You said, we did, corrected"
    ] * 2
    told = client.get(f"/programmes/{scene.engagement.programme_id}/record").text
    assert "A corrected “You said, we did”" in told
    assert "We split it in three." in client.get(public(scene)).text
    assert "Corrected on" in client.get(f"/engagements/{scene.engagement.id}").text


def test_nothing_is_published_before_closing_or_that_its_officer_has_not_read(client: Client, scene: Scene) -> None:
    sign(scene)
    client.sign_in(scene.officer)
    client.submit(reply_to(scene, "Staff"), FILLED)
    assert "once the engagement has closed" in client.get(all_replies(scene)).text
    publish(client, scene, "Staff", status=409)
    close(scene)
    read = {**client.get(all_replies(scene)).hidden(), "chosen": [keys(scene)["Staff"]], "sure": "y"}
    client.submit(reply_to(scene, "Staff"), {**FILLED, "done": "We changed our mind."})
    late = client.post(all_replies(scene), read, status=422)
    assert "A reply or a signature has changed since you opened this page" in late.text
    unsure = client.post(all_replies(scene), {**read, "chosen": [keys(scene)["Staff"]], "sure": ""}, status=422)
    assert "Confirm that nothing tells who said what" in unsure.text
    assert client.look(public(scene)).status == 404


def test_a_file_has_the_reply_that_stands_and_goes_with_the_next(
    client: Client, scene: Scene, database: Database, settings: Settings
) -> None:
    sign(scene)
    client.sign_in(scene.officer)
    client.submit(reply_to(scene, "Staff"), FILLED)
    files = f"{scene.url}/files"
    client.submit(files, action=f"{files}/xlsx")
    run_jobs(database, settings)
    content = client.submit(files, action=f"{files}/xlsx/download", status=200).response.get_data()
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))["Replies"].rows]
    assert [row[:5] for row in rows[1:]] == [
        ["Staff", "Taken up", FILLED["done"], FILLED["reason"], scene.officer.name]
    ]
    client.submit(reply_to(scene, "Staff"), {**FILLED, "done": "It stays whole."})
    assert "Download the workbook" not in client.get(files).text


def test_whoever_withdrew_is_counted_no_more(scene: Scene) -> None:
    scene.hear("Price", ["Price worries us too"] * 4)
    sign(scene)
    assert {each.theme.title: each.providers for each in replies.of_engagement(scene.session, scene.engagement.id)} == {
        "Price": 6,
        "Staff": 2,
        "Escorts": 2,
    }
    [submission] = scene.session.scalars(
        text("SELECT submission_id FROM answer JOIN theme_assignment ON answer_id = answer.id WHERE number = 100")
    )
    scene.session.add(Withdrawal(submission_id=submission, withdrawn_at=NOW + timedelta(days=1)))
    scene.session.flush()
    assert replies.of_engagement(scene.session, scene.engagement.id)[0].providers == 5

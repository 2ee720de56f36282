"""Nothing is official until it is signed; a signed version is kept whatever is done afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.webapp.analysis.themes.conftest import Scene
from tests.webapp.browser_of_pages import Client
from webapp.analysis.themes import actions, log, signing, sorting
from webapp.analysis.themes.versions import summary_of
from webapp.db import clock
from webapp.models import AuditEvent, Theme, ThemeVersion

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def sign(scene: Scene) -> ThemeVersion:
    revision = scene.framework.revision
    return signing.sign(scene.session, framework=scene.framework, revision=revision, actor=scene.actor, now=NOW)


def rename(scene: Scene, title: str) -> None:
    actions.rename(
        scene.session,
        framework=scene.framework,
        theme_id=scene.theme("Staff").id,
        title=title,
        description="",
        revision=scene.framework.revision,
        actor=scene.colleague,
        now=NOW,
    )


def test_a_version_is_a_copy_with_quotes_of_those_alone_who_agreed(scene: Scene) -> None:
    version = sign(scene)
    rename(scene, "Workforce")
    staff, *_ = summary_of(version).themes
    assert (staff.title, staff.answers, staff.support, staff.objection) == ("Staff", 2, 1, 1)
    assert staff.quotes == ("Staff is what provider A speaks of",)
    assert scene.framework.official == 1
    with pytest.raises(DBAPIError, match="never changed"):
        scene.session.execute(text("UPDATE theme_version SET revision = 0"))


def test_a_signature_is_taken_back_and_given_anew(scene: Scene) -> None:
    sign(scene)
    with pytest.raises(signing.NothingNewError):
        sign(scene)
    signing.unsign(scene.session, framework=scene.framework, number=1, actor=scene.actor, now=NOW)
    assert scene.framework.official is None
    with pytest.raises(signing.NotSignedError):
        signing.unsign(scene.session, framework=scene.framework, number=1, actor=scene.actor, now=NOW)
    assert sign(scene).number == 2
    acts = scene.session.scalars(select(AuditEvent.act).where(AuditEvent.act.startswith("themes."))).all()
    assert acts == ["themes.signed", "themes.unsigned", "themes.signed"]


def test_nobody_signs_what_a_colleague_has_just_changed_or_what_is_empty(scene: Scene) -> None:
    rename(scene, "Workforce")
    with pytest.raises(log.ClashError):
        signing.sign(scene.session, framework=scene.framework, revision=0, actor=scene.actor, now=NOW)
    actions.merge(
        scene.session,
        framework=scene.framework,
        into=scene.theme("Price").id,
        others=[scene.theme("Escorts").id],
        revision=1,
        actor=scene.actor,
        now=NOW,
    )
    scene.session.execute(
        text("UPDATE theme_assignment SET theme_id = NULL, pile = 'set_aside' WHERE number IN (1, 4)")
    )
    with pytest.raises(signing.EmptyThemeError) as refusal:
        sign(scene)
    assert [theme.title for theme in refusal.value.themes] == ["Workforce"]


def test_pages_say_who_signed_and_what_is_a_draft_since(client: Client, scene: Scene) -> None:
    client.sign_in(scene.officer)
    assert "Candidate: nobody has signed these themes." in client.get(scene.url).text
    client.submit(f"{scene.url}/sign", {"sure": "y"}, action=f"{scene.url}/sign")
    assert f"Signed by {scene.officer.name} on" in client.get(scene.url).text
    theme = f"{scene.url}/theme/{scene.theme('Staff').id}"
    client.submit(theme, {"title": "Workforce", "description": "Recruiting and keeping"}, action=theme)
    page = client.get(scene.url)
    assert "1 act since then is a draft of the next version." in page.text
    assert "Renamed “Staff” to “Workforce”" in page.text


def sort(scene: Scene, number: int) -> None:
    chosen = sorting.Chosen({number: scene.themes[0].id}, scene.framework.revision)
    sorting.confirm(scene.session, framework=scene.framework, chosen=chosen, actor=scene.actor, now=NOW)
    scene.session.commit()


def test_what_would_be_signed_is_shown_and_confirmed_by_name(client: Client, scene: Scene) -> None:
    client.sign_in(scene.officer)
    url = f"{scene.url}/sign"
    sort(scene, 1)
    page = client.get(url)
    assert "1 of 6 statements (17%)" in page.text
    assert "5 of 6 statements (83%)" in page.text
    assert "Nothing has been signed before." in page.text
    assert "Advice to look at not drawn up yet" in page.text
    assert f"I, {scene.officer.name}, sign these 3 themes as version 1" in page.text
    assert len(page.statements) <= 15
    assert "Confirm that you sign these themes" in client.submit(url, action=url, status=422).text
    client.submit(url, {"sure": "y"}, action=url)
    scene.session.refresh(scene.framework)
    scene.framework.outlook = {"revision": 0, "advice": [], "map": {"places": [], "kept": 0.0}}
    rename(scene, "Workforce")
    sort(scene, 4)
    page = client.get(url)
    assert "on 0 themes before the last act" in page.text
    assert "“Staff” is called “Workforce”" in page.text
    assert "“Workforce” has 2 confirmed; it had 1" in page.text
    client.submit(url, {"sure": "y"}, action=url)
    again = client.get(url)
    assert "These themes are signed as they stand." in again.text
    assert "Sign" not in again.buttons()


def test_who_signs_while_a_colleague_acts_sees_what_was_done_and_signs_what_stands(
    client: Client, scene: Scene
) -> None:
    client.sign_in(scene.officer)
    url = f"{scene.url}/sign"
    stale = client.get(url).hidden(url)
    rename(scene, "Workforce")
    scene.session.commit()
    stale["sure"] = "y"
    page = client.post(url, stale, status=409)
    assert "Renamed “Staff” to “Workforce”" in page.text
    assert page.tree.find(".//input[@name='sure']").get("checked") is None, "what stands now was never confirmed"
    assert scene.session.scalars(select(ThemeVersion)).all() == []
    now = page.hidden(url)
    now["sure"] = "y"
    client.post(url, now)
    assert summary_of(scene.session.scalars(select(ThemeVersion)).one()).themes[0].title == "Workforce"


def test_taking_a_signature_back_asks_first(client: Client, scene: Scene) -> None:
    client.sign_in(scene.officer)
    client.get(f"{scene.url}/unsign", status=302)
    sign(scene)
    scene.session.commit()
    asked = client.get(f"{scene.url}/unsign").hidden(f"{scene.url}/unsign")
    client.post(f"{scene.url}/unsign", asked, status=302)
    scene.session.refresh(scene.framework)
    assert scene.framework.official is None
    sign(scene)
    scene.session.commit()
    client.post(f"{scene.url}/unsign", asked, status=302)  # asked of the version before
    scene.session.refresh(scene.framework)
    assert scene.framework.official == 2


def test_a_summary_is_written_from_what_is_signed(client: Client, scene: Scene) -> None:
    """So that whoever says what will change has the themes, and behind each its quotes, before them."""
    scene.engagement.closes_at = clock(scene.session) - timedelta(minutes=1)
    scene.session.commit()
    client.sign_in(scene.officer)
    summary = f"/manage/engagements/{scene.engagement.id}/summary"
    assert scene.url not in client.get(summary).links().values()
    sign(scene)
    scene.session.commit()
    page = client.get(summary)
    assert page.links()["What stops you?"] == scene.url
    assert "version 1, signed on 1 December 2026" in page.text
    assert len(page.statements) <= 15


def test_a_report_has_the_largest_signed_themes_and_says_of_how_many(client: Client, scene: Scene) -> None:
    like = {"framework_id": scene.framework.id, "key_terms": []}
    more = (Theme(**like, position=number, title=f"Theme {number}", examples=["said"]) for number in range(4, 31))
    scene.session.add_all(more)
    sign(scene)
    scene.session.commit()
    client.sign_in(scene.officer)
    page = client.get(f"/runs/{scene.framework.part.run_id}/report/themes")
    table = next(
        each for each in page.tree.iter("table") if "Signed themes" in "".join(each.find("caption").itertext())
    )
    assert [row.find("th").text for row in table.findall("tbody/tr")][:3] == ["Escorts", "Price", "Staff"]
    assert len(table.findall("tbody/tr")) == 25
    assert "The largest 25 of 30 signed themes." in page.text

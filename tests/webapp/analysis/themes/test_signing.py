"""Nothing is official until it is signed; a signed version is kept whatever is done afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.webapp.analysis.themes.conftest import Scene
from tests.webapp.browser_of_pages import Client
from webapp.analysis.themes import actions, log, signing
from webapp.analysis.themes.versions import summary_of
from webapp.models import AuditEvent, ThemeVersion

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
    signing.unsign(scene.session, framework=scene.framework, actor=scene.actor, now=NOW)
    assert scene.framework.official is None
    with pytest.raises(signing.NotSignedError):
        signing.unsign(scene.session, framework=scene.framework, actor=scene.actor, now=NOW)
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
    assert refusal.value.titles == ["Workforce"]


def test_pages_say_who_signed_and_what_is_a_draft_since(client: Client, scene: Scene) -> None:
    client.sign_in(scene.officer)
    assert "Candidate: nobody has signed these themes." in client.get(scene.url).text
    client.submit(scene.url, action=f"{scene.url}/sign")
    assert f"Signed by {scene.officer.name} on" in client.get(scene.url).text
    theme = f"{scene.url}/theme/{scene.theme('Staff').id}"
    client.submit(theme, {"title": "Workforce", "description": "Recruiting and keeping"}, action=theme)
    page = client.get(scene.url)
    assert "1 act since then is a draft of the next version." in page.text
    assert "Renamed “Staff” to “Workforce”" in page.text

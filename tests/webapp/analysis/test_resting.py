"""What whoever writes and whoever signs a recommendation is told of the appraisal of options that it rests on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.files import from_json
from tests import factories as make
from tests.webapp.analysis.recommending import OTHERS, REASONS, Desk
from tests.webapp.analysis.test_appraisals import at, concluding, desk, option_of, row, words
from tests.webapp.browser_of_pages import Client
from webapp.analysis.recommendations.content import Recommended
from webapp.models import Appraisal, Recommendation, Route

__all__ = ["desk", "row"]

WORDS = {"reasons": REASONS, "alternatives": OTHERS}
RESTING = WORDS | {"rests_on_appraisal": "y"}


def writing(desk: Desk) -> str:
    return f"/programmes/{desk.about.programme_id}/planning/procurements/{desk.procurement.id}/recommendation"


def conclude_anew(client: Client, session: Session, row: Appraisal, preferred: str) -> str:
    client.submit(at(row), action=at(row, "reopen"))
    session.expire_all()
    return client.submit(at(row, "conclude"), concluding(row, preferred)).location


def is_ticked(client: Client, desk: Desk) -> bool:
    box = client.get(writing(desk)).tree.find(".//input[@name='rests_on_appraisal']")
    assert box is not None
    return box.get("checked") is not None


def test_whoever_signs_is_told_of_a_newer_conclusion(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    client.submit(at(row, "conclude"), concluding(row))
    address = client.submit(writing(desk), RESTING).location
    client.sign_in(desk.approver)
    newer = "is newer than the conclusion that this rests on"
    assert newer not in words(client.get(address))
    client.sign_in(desk.officer)
    other = conclude_anew(client, session, row, "One for all")
    client.sign_in(desk.approver)
    page = client.get(address)
    assert f"Conclusion 2 of “How to buy” {newer}. In it “One for all” was preferred" in words(page)
    assert page.links()["Conclusion 2 of “How to buy”"] == other
    assert len(page.statements) <= 18


def test_a_preference_for_nothing_or_another_route_is_pointed_out_and_not_rested_on_unasked(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    client.submit(at(row, "conclude"), concluding(row))
    said = "The option that the appraisal prefers"
    assert said not in words(client.get(writing(desk)))
    assert is_ticked(client, desk)
    for route, how in ((None, "buys nothing"), (Route.PSR_DIRECT_C, "is bought by this route: PSR direct award C")):
        option_of(row, "By site").route = route
        session.commit()
        conclude_anew(client, session, row, "By site")
        assert f"{said} {how}" in words(client.get(writing(desk)))
        assert not is_ticked(client, desk)
    address = client.submit(writing(desk), RESTING).location
    client.sign_in(desk.approver)
    assert f"{said} {how}" in words(client.get(address))


def test_what_was_left_out_once_is_left_out_until_it_is_concluded_anew(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    client.submit(writing(desk), WORDS)
    client.submit(at(row, "conclude"), concluding(row))
    assert is_ticked(client, desk), "there was none when the first was put up"
    client.submit(writing(desk), WORDS)
    assert not is_ticked(client, desk)
    conclude_anew(client, session, row, "By site")
    assert is_ticked(client, desk)
    client.submit(writing(desk), RESTING)
    assert is_ticked(client, desk)


def test_the_run_of_the_figures_of_an_appraisal_is_named(
    client: Client, session: Session, desk: Desk, row: Appraisal
) -> None:
    client.submit(at(row, "conclude"), concluding(row))
    client.submit(writing(desk), RESTING)
    first = session.scalars(select(Recommendation)).one()
    older = from_json(Recommended, first.content).run
    assert f"What the market said was taken from run {older}." in words(client.get(writing(desk)))
    make.finished_run(session, desk.about, desk.officer, 2)
    session.commit()
    page = words(client.get(writing(desk)))
    assert f"taken from run {older}, and the figures of this recommendation are those of run" in page

"""What waits for what, and services that start on their day: said on the set-up's pages, kept by the next plan."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.schedule.problem import Precedence
from intelligence.schedule.routes import Stage as PlannedStage
from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.analysis.procurements.order.rules import SaidOfOrder, order_trouble
from webapp.analysis.standing_terms import load
from webapp.models import AuditEvent, FixedStart, Following, Person, Procurement, Programme, Route, Stage

AFTER_AWARD = {"after": "award", "before": "tender", "lag_days": "10", "reason": "It builds on the first"}


@pytest.fixture
def officer(session: Session) -> Person:
    return make.officer(session, make.buyer(session))


@pytest.fixture
def programme(session: Session, officer: Person, client: Client) -> Programme:
    programme = make.programme(session, officer.memberships[0].organisation)
    for position, title in enumerate(("Mental health", "Pharmacy"), 2):
        programme.procurements.append(
            Procurement(
                position=position, title=title, route=Route.PSR_COMPETITIVE, service_start=date(2028, 4, 1), lots=[]
            )
        )
    session.commit()
    client.sign_in(officer)
    return programme


def address(programme: Programme, number: int) -> str:
    return f"/programmes/{programme.id}/planning/procurements/{programme.procurements[number].id}"


def error(page: Any, field: str) -> str:
    found = page.tree.find(f".//p[@id='{field}-error']")
    return "" if found is None else "".join(found.itertext())


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}


def test_a_procurement_waits_for_another_until_it_no_longer_must(
    client: Client, session: Session, programme: Programme
) -> None:
    dental, mental, _ = programme.procurements
    client.submit(f"{address(programme, 1)}/order", {"first": str(dental.id), **AFTER_AWARD})
    order = Precedence(str(dental.id), str(mental.id), PlannedStage.AWARD, PlannedStage.TENDER, 10)
    assert load(session, programme_id=programme.id).precedences == (order,)
    page = client.get(address(programme, 1)).text
    assert "It builds on the first" in page
    assert "Let “Tender open” no longer wait for “Award” of Dental services" in page
    assert "Mental health: Tender open" in client.get(address(programme, 0)).text, "the first shows what waits for it"
    client.submit(address(programme, 1), action=f"{address(programme, 1)}/order/remove")
    session.expire_all()
    assert load(session, programme_id=programme.id).precedences == ()
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-2:] == ["planning.order_said", "planning.order_removed"]


def test_nothing_waits_for_itself_through_others(client: Client, session: Session, programme: Programme) -> None:
    dental, mental, pharmacy = programme.procurements
    client.submit_twice(f"{address(programme, 1)}/order", {"first": str(dental.id), **AFTER_AWARD})
    client.submit(f"{address(programme, 2)}/order", {"first": str(mental.id), **AFTER_AWARD})
    again = client.submit(f"{address(programme, 2)}/order", {"first": str(mental.id), **AFTER_AWARD}, status=422)
    assert "It is said already" in error(again, "first")
    circle = {"first": str(pharmacy.id), **AFTER_AWARD}
    page = client.submit(f"{address(programme, 0)}/order", circle, status=422)
    assert "Pharmacy already waits for this procurement, so neither could ever begin" in error(page, "first")
    # The last stage of the first may wait for the first stage of the last: no stage waits for itself.
    client.submit(f"{address(programme, 0)}/order", circle | {"after": "prepare", "before": "mobilise"})
    assert len(session.scalars(select(Following)).all()) == 3


@pytest.mark.parametrize(
    ("known", "said", "is_refused"),
    [
        ((Stage.TENDER, Stage.TENDER), (Stage.TENDER, Stage.TENDER), True),
        ((Stage.AWARD, Stage.PREPARE), (Stage.AWARD, Stage.PREPARE), True),
        ((Stage.TENDER, Stage.TENDER), (Stage.PREPARE, Stage.TENDER), False),
        ((Stage.PREPARE, Stage.TENDER), (Stage.TENDER, Stage.TENDER), False),
        ((Stage.DIALOGUE, Stage.TENDER), (Stage.TENDER, Stage.TENDER), False),
    ],
    ids=["the same stages", "long before", "an earlier stage of the first", "a later stage waits", "no longer there"],
)
def test_two_wait_for_each_other_only_where_a_stage_would_wait_for_itself(
    known: tuple[Stage, Stage], said: tuple[Stage, Stage], *, is_refused: bool
) -> None:
    one, other = (
        Procurement(id=uuid.uuid4(), title=title, route=Route.PSR_COMPETITIVE) for title in ("Dental", "Mental health")
    )
    waits = Following(procurement=other, procurement_id=other.id, first=one, first_id=one.id)
    waits.after, waits.before = known
    trouble = order_trouble(one, SaidOfOrder(other, *said, lag_days=0, reason="Because"), [waits])
    assert ("neither could ever begin" in str(trouble)) is is_refused


def test_a_stage_that_is_not_on_the_route_is_refused(client: Client, session: Session, programme: Programme) -> None:
    programme.procurements[2].route = Route.PA23_COMPETITIVE_FLEXIBLE
    session.commit()
    sent = {"first": str(programme.procurements[0].id), **AFTER_AWARD, "after": "dialogue"}
    page = client.submit(f"{address(programme, 1)}/order", sent, status=422)
    assert "Dental services has no such stage on its route" in error(page, "after")


def test_a_fixed_start_needs_a_reason_and_can_be_let_go(client: Client, session: Session, programme: Programme) -> None:
    url = f"{address(programme, 0)}/fixed-start"
    assert "Say why they must start" in error(client.submit(url, {"is_fixed": "y"}, status=422), "reason")
    client.submit(url, {"is_fixed": "y", "reason": "The prison opens on that day"})
    assert load(session, programme_id=programme.id).fixed_starts == (str(programme.procurements[0].id),)
    assert "on no other day: The prison opens on that day" in client.get(address(programme, 0)).text
    client.submit(url, {"reason": "It was on that day once"})
    session.expire_all()
    assert load(session, programme_id=programme.id).fixed_starts == ()


def test_what_is_saved_as_it_was_is_neither_a_change_nor_on_record(
    client: Client, session: Session, programme: Programme
) -> None:
    def changes() -> tuple[int, int]:
        session.expire_all()
        acts = session.scalars(select(AuditEvent).where(AuditEvent.act.startswith("planning."))).all()
        return programme.procurements[0].revision, len(acts)

    url, before = f"{address(programme, 0)}/fixed-start", changes()
    client.submit(url, {"reason": ""})
    client.submit(f"{address(programme, 0)}/stages/evaluate", {})
    assert changes() == before
    fixed = {"is_fixed": "y", "reason": "The prison opens on that day"}
    client.submit(url, fixed)
    once = changes()
    assert once == (before[0] + 1, before[1] + 1)
    client.submit(url, fixed)
    assert changes() == once


def test_a_fixed_day_is_not_moved_in_the_set_up_before_it_is_let_go(
    client: Client, session: Session, programme: Programme, officer: Person
) -> None:
    url, fixed = f"{address(programme, 0)}/fixed-start", programme.procurements[0]
    set_up = f"/programmes/{programme.id}/set-up/procurements/{fixed.id}"
    before = fixed.service_start
    written = {"title": "Dental care", "route": fixed.route.value, **day("service_start", before)}
    moved = written | day("service_start", before.replace(year=before.year + 1))
    client.submit(url, {"is_fixed": "y", "reason": "The prison opens on that day"})
    page = client.submit(set_up, moved, status=422)
    assert f"{officer.name} fixed it, because: The prison opens on that day" in error(page, "service_start")
    client.submit(set_up, written)
    session.expire_all()
    assert (fixed.title, fixed.service_start) == ("Dental care", before), "what else is set up can change"
    client.submit(url, {"reason": ""})
    client.submit(set_up, moved)
    session.expire_all()
    assert fixed.service_start == before.replace(year=before.year + 1)


def test_a_procurement_is_removed_with_the_day_it_was_fixed_to(
    client: Client, session: Session, programme: Programme
) -> None:
    client.submit(f"{address(programme, 2)}/fixed-start", {"is_fixed": "y", "reason": "The prison opens on that day"})
    client.submit(f"/programmes/{programme.id}/set-up/procurements/{programme.procurements[2].id}/remove")
    assert session.scalars(select(FixedStart)).all() == []


def test_of_two_officers_who_fix_a_start_at_once_the_second_sees_both(
    client: Client, session: Session, programme: Programme
) -> None:
    url = f"{address(programme, 0)}/fixed-start"
    opened = client.get(url).hidden()
    client.submit(url, {"is_fixed": "y", "reason": "The prison opens on that day"})
    opened.update({"is_fixed": "y", "reason": "The lease begins on that day"})
    page = client.post(url, opened, status=409)
    assert "The prison opens on that day" in page.text
    assert "The lease begins on that day" in page.text
    assert session.scalars(select(FixedStart.reason)).one() == "The prison opens on that day"
    opened["revision"] = page.hidden()["revision"]
    client.post(url, opened)
    session.expire_all()
    assert session.scalars(select(FixedStart.reason)).one() == "The lease begins on that day"

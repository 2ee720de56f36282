"""What a plan warns of is part of what is signed, for one procurement and without the names of bidders."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence import Contract, Schedule
from intelligence.files import from_json, to_json
from intelligence.schedule.plan import PlannedProcurement, PlannedStage
from intelligence.schedule.problem import TendersWish
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests import factories as make
from tests.intelligence.schedule.programme import CONTRACT_END, programme
from tests.webapp.analysis.recommending import OTHERS, REASONS, Desk, sit_down
from tests.webapp.browser_of_pages import Client
from webapp.analysis.recommendations.content import Recommended, fingerprint
from webapp.analysis.recommendations.pages import as_text
from webapp.analysis.recommendations.plan_warnings import NOT_HELD, plan_lead, plan_lines, plan_warnings
from webapp.analysis.runs import stored
from webapp.models import AnalysisPart, PartKind, Recommendation

WISHES = (TendersWish("P1", ("HSC", "MH", "SCH"), 1), TendersWish("P9", ("DN", "DS"), 2))
ENDED = Contract("old", "Optometry (current)", (), CONTRACT_END, None)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    """As solved, but with the tenders of mental health and of dental north on the days of that of health and social
    care, whose services start ten days late."""
    solved = plan_schedule(programme(tenders_wishes=WISHES), seed=1, seconds=2.0)
    assert solved.procurements
    planned = {item.procurement_id: item for item in solved.procurements}
    tender = next(stage for stage in planned["HSC"].stages if stage.stage is Stage.TENDER)
    for beside in ("MH", "DN"):
        planned[beside] = _with_tender(planned[beside], tender.start, tender.end)
    late = planned["HSC"].service_start + timedelta(days=10)
    planned["HSC"] = replace(planned["HSC"], service_start=late, slack_days=3)
    problem = replace(solved.problem, contracts=(*solved.problem.contracts, ENDED))
    return replace(
        solved, problem=problem, procurements=tuple(planned.values()), warnings=("Bank holidays are expected.",)
    )


def _with_tender(item: PlannedProcurement, start: date, end: date) -> PlannedProcurement:
    def moved(stage: PlannedStage) -> PlannedStage:
        return replace(stage, start=start, end=end) if stage.stage is Stage.TENDER else stage

    return replace(item, stages=tuple(map(moved, item.stages)))


def of(schedule: Schedule, key: str) -> Any:
    return plan_warnings(schedule, next(item for item in schedule.procurements if item.procurement_id == key))


def test_a_procurement_is_warned_of_what_is_about_it_and_of_the_plan(schedule: Schedule) -> None:
    found = of(schedule, "HSC")
    extension, late, beside, bidders, of_the_plan = found.said
    assert extension.startswith("Health and social care (current) ends on 31 March 2027 and needs an extension of 10 d")
    assert late == "Health and social care starts 10 days after 1 April 2027."
    assert beside.startswith("Its tender is open beside that of Mental health on ")
    assert bidders.startswith("While its tender is open, 1 likely bidder would have more tenders open at once than it")
    assert of_the_plan == "Bank holidays are expected."
    assert found.about_others == 1, "the contract that nothing replaces"
    assert (found.in_hand, found.wanted) == (3, schedule.problem.penalties.wanted_slack_days)
    assert plan_lead(found) == "Its plan gives 5 warnings, which stand with the dates."
    said = plan_lines(found)
    assert said[0] == f"The plan. {found.quality}"
    assert said[1].endswith(
        f"3 working days in hand between mobilisation and the start of services; {found.wanted} are wanted."
    )
    assert said[-1] == "1 more warning of the plan is about other procurements or contracts."
    assert "P1" not in " ".join(said)


def test_another_procurement_is_not_warned_of_it(schedule: Schedule) -> None:
    found = of(schedule, "SCH")
    assert found.said == ("Bank holidays are expected.",)
    assert found.about_others == 3
    clean = replace(found, said=(), about_others=0)
    assert plan_lead(clean) == ""
    assert plan_lines(clean)[-1] == "The plan warns of nothing about this procurement."


def test_stored_warnings_about_others_alone_and_those_of_older_words_are_none_of_it(schedule: Schedule) -> None:
    older = "Optometry (current) ends on 2027-03-31 and no procurement replaces it."
    of_others = "This plan does not have Mental health wait for a procurement outside it, as was asked."
    of_both = "This plan does not have Health and social care wait for Mental health, as was asked."
    plain = of(schedule, "HSC")
    found = of(replace(schedule, warnings=(*schedule.warnings, older, of_others, of_both)), "HSC")
    assert found.said == (*plain.said, of_both)
    assert found.about_others == plain.about_others + 1


def test_what_is_put_up_holds_the_warnings_and_what_is_older_keeps_its_fingerprint(
    client: Client, session: Session
) -> None:
    desk = sit_down(session)
    _warn(session, desk)
    client.sign_in(desk.officer)
    writing = f"/programmes/{desk.about.programme_id}/planning/procurements/{desk.procurement.id}/recommendation"
    page = client.get(writing)
    sentence = "Its tender is open beside that of Vaccines on 5 working days"
    assert sentence in page.text
    assert "Its plan gives 1 warning" in page.text
    address = client.submit(writing, {"reasons": REASONS, "alternatives": OTHERS}).location
    row = session.scalars(select(Recommendation)).one()
    content = from_json(Recommended, row.content)
    assert content.plan is not None
    assert sentence in content.plan.said[0]
    assert sentence in as_text(row)
    assert sentence in client.get(address).text
    without = {name: value for name, value in row.content.items() if name != "plan"}
    assert fingerprint(row.content, REASONS, OTHERS) == row.digest != fingerprint(without, REASONS, OTHERS)
    older = make.recommendation(session, desk.procurement, row.run, desk.officer, number=2)
    session.commit()
    stored_then = {name: value for name, value in older.content.items() if name != "plan"}
    as_read = cast(Any, to_json(from_json(Recommended, stored_then)))
    assert fingerprint(stored_then, "Why", "What else") != fingerprint(as_read, "Why", "What else"), (
        "so taken as stored"
    )
    shown = client.get(address.replace(str(row.id), str(older.id))).text
    assert NOT_HELD in shown
    assert NOT_HELD in as_text(older)
    assert sentence not in shown


def _warn(session: Session, desk: Desk) -> None:
    """Have the run's own plan hold a second tender on the same days, with bidders that cannot answer both."""
    part = session.scalars(select(AnalysisPart).where(AnalysisPart.kind == PartKind.SCHEDULE)).one()
    plan = from_json(Schedule, cast(Any, part.result)["value"])
    other = str(uuid.uuid4())
    asked, item = plan.problem.procurements[0], plan.procurements[0]
    problem = replace(
        plan.problem,
        procurements=(asked, replace(asked, id=other, title="Vaccines", lot_ids=())),
        bidder_pairs=(replace(programme().bidder_pairs[0], first_id=item.procurement_id, second_id=other),),
    )
    planned = (item, replace(item, procurement_id=other, title="Vaccines"))
    part.result = stored(replace(plan, problem=problem, procurements=planned))
    session.commit()

"""What the pages of a report say, against the stored results."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intelligence import ProviderSegments
from intelligence.providers.segments import Segment, Trait
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World
from webapp.analysis.runs import results_of, stored
from webapp.models import AnalysisPart, AnalysisRun, PartKind, Response, TeamMember, TeamRole
from webapp.web.format import chance


@pytest.fixture
def world(world_of: WorldOf, client: Client) -> World:
    world = world_of()
    client.sign_in(world.officer)
    return world


def url(world: World, page: str = "") -> str:
    return f"/runs/{world.ids['run_id']}/report{page}"


def test_each_page_names_its_run_seed_inputs_and_code(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    for page in ("", f"/lots/{world.ids['lot_id']}", "/themes", "/schedule", "/assumptions"):
        text = client.get(url(world, page)).text
        for figure in (f"{run.engagement.reference}/R1", "Seed 7", run.inputs_digest[:12], run.code_version):
            assert figure in text, (page, figure)


def test_an_analysis_says_what_each_page_of_its_report_tells(client: Client, world: World) -> None:
    page = client.get(f"/runs/{world.ids['run_id']}")
    assert "which lots may draw no bid, why, and what would change it" in page.text
    assert page.links()["Market capacity"] == url(world)


def test_the_report_shows_the_figures_as_they_were_computed(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    ((_, report),) = results_of(run, PartKind.CAPACITY)
    table = client.get(url(world)).tree.find(".//table")
    shown = {
        "".join(row.find("th").itertext()).split()[0]: ["".join(cell.itertext()) for cell in row.findall("td")]
        for row in table.findall(".//tbody/tr")
    }
    assert len(shown) == len(report.lots) == 2
    for position, lot in enumerate(report.lots, 1):
        figures = (lot.p_none, lot.p_one, lot.p_two_or_more, lot.p_three_or_more, lot.p_awardable)
        assert shown[f"D{position}"][:5] == [chance(figure) for figure in figures]


def test_chances_beside_one_another_may_not_seem_to_be_added_up_wrongly(client: Client, world: World) -> None:
    for page in ("", f"/lots/{world.ids['lot_id']}"):
        assert "may come to 99% or 101% together" in client.get(url(world, page)).text, page


def test_lots_stand_in_the_order_of_the_engagement(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    first, second = (entry.lot for entry in run.engagement.engagement_lots)
    first.code, second.code = "Z9", "A10"
    session.commit()
    interest = client.get(url(world)).text.partition("Providers interested in each lot")[2]
    assert interest.index(first.code) < interest.index(second.code)


def test_kinds_and_sizes_of_those_that_answered_are_for_those_who_may_read_responses(
    client: Client, session: Session, world: World
) -> None:
    provider_id = str(session.scalars(select(Response.organisation_id).limit(1)).one())
    small = Trait("size: small (1 of 1; others 0 of 0)", 1.0, "size: small")
    found = ProviderSegments((Segment((provider_id,), provider_id, 1.0, (small,)),), (), 1, None, 1)
    parts = select(AnalysisPart).where(AnalysisPart.run_id == world.ids["run_id"])
    session.scalars(parts.where(AnalysisPart.kind == PartKind.SEGMENTS)).one().result = stored(found)
    session.commit()
    kinds, for_whom = "Providers that answered, by kind and size", "for those who may read responses."
    report, segments = client.get(url(world)), client.get(url(world, "/segments"))
    assert kinds in report.text
    assert "1: size: small" in segments.text
    assert for_whom not in report.text + segments.text
    session.execute(update(TeamMember).values(role=TeamRole.REVIEWER))
    session.commit()
    report, segments = client.get(url(world)), client.get(url(world, "/segments"))
    assert kinds not in report.text
    assert "Providers that answered 3" in report.text
    assert "ize: small" not in segments.html
    assert "Segment 1" in segments.text
    assert for_whom in report.text
    assert for_whom in segments.text


def test_prior_driven_figures_are_badged_and_every_assumption_is_listed(
    client: Client, session: Session, world: World
) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    ((_, report),) = results_of(run, PartKind.CAPACITY)
    assert "Mostly assumed" in client.get(url(world)).text
    page = client.get(url(world, "/assumptions"))
    assert len(page.tree.findall(".//tbody/tr")) == len(report.priors)
    assert "Measured" in page.text


def test_a_lots_page_says_where_its_figures_come_from(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    page = client.get(url(world, f"/lots/{world.ids['lot_id']}"))
    assert f"a share of {run.parameters['draws']:,} simulated futures" in page.text
    assert page.links()["Every assumption and its source"] == url(world, "/assumptions")


def test_a_lot_of_another_engagement_is_not_found(client: Client, world: World) -> None:
    client.get(url(world, f"/lots/{world.ids['engagement_id']}"), status=404)


def test_themes_are_counted_and_quoted(client: Client, world: World) -> None:
    page = client.get(url(world, "/themes"))
    assert "3 answers, 3 of them read for themes" in page.text
    assert "Candidate: nobody has signed these themes." in page.text


def test_the_schedule_meets_the_end_of_the_contracts(client: Client, world: World) -> None:
    text = client.get(url(world, "/schedule")).text
    assert "1 Apr 2028" in text
    assert "Contracts end 31 Mar 2028" in text
    assert "confirmed 20 hard rules" in text

"""Assumptions that officers change for one programme: with a reason, kept, and part of the next run's record."""

from __future__ import annotations

from dataclasses import fields

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from config import Settings
from intelligence import DEFAULT_PRIORS, Priors
from intelligence.capacity.priors import PriorKind
from intelligence.files import from_json
from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from tests.world import actor_of, run_jobs
from webapp.analysis.actions import request_run
from webapp.analysis.changed import priors_with
from webapp.analysis.priors import actions, queries
from webapp.analysis.priors.forms import AssumptionForm
from webapp.analysis.runs import RunParameters, results_of
from webapp.db import Database, clock
from webapp.models import AnalysisRun, ChangedAssumption, Engagement, InterestLevel, Organisation, PartKind, Person

KNOWN = {"low": "", "high": ""}
FIGURES = ("value", "low", "high")
STANDARDS = tuple(zip(fields(Priors), DEFAULT_PRIORS.all(), strict=True))
REASON = "Two frameworks in this market drew nobody new"


@pytest.fixture
def buyer(session: Session) -> Organisation:
    return make.buyer(session)


@pytest.fixture
def officer(session: Session, buyer: Organisation, client: Client) -> Person:
    someone = make.officer(session, buyer, name="Olivia Reed")
    session.commit()
    client.sign_in(someone)
    return someone


@pytest.fixture
def engagement(session: Session, buyer: Organisation, officer: Person) -> Engagement:
    found = make.engagement(session, make.programme(session, buyer))
    make.submission(session, make.response(session, found), {make.lots_of(found)[0].id: InterestLevel.LIKELY})
    session.commit()
    return found


def address(engagement: Engagement, name: str = "unseen_entrants") -> str:
    return f"/programmes/{engagement.programme_id}/assumptions/{name}"


def sent(**values: str) -> dict[str, str]:
    return {"what": "assumed", "value": "0.1", "low": "0.0359", "high": "0.1641", "reason": REASON} | values


def figures(page: Page) -> list[str]:
    return [page.tree.find(f".//input[@name='{name}']").get("value") or "" for name in FIGURES]


def ask(session: Session, about: Engagement, officer: Person, buyer: Organisation) -> AnalysisRun:
    parameters = RunParameters(draws=400, schedule_seconds=1.0, as_of=clock(session).date())
    run = request_run(
        session, engagement=about, parameters=parameters, seed=7, actor=actor_of(officer, buyer), now=clock(session)
    )
    session.commit()
    return run


def test_a_change_moves_the_next_run_and_is_part_of_its_record(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    engagement: Engagement,
    officer: Person,
    buyer: Organisation,
) -> None:
    before = ask(session, engagement, officer, buyer)
    run_jobs(database, settings)
    client.submit(address(engagement), sent(value="4", low="3.9359", high="4.0641", what="measured"))
    after = ask(session, engagement, officer, buyer)
    run_jobs(database, settings)
    session.expire_all()
    (change,) = from_json(RunParameters, after.parameters).changed
    assert (change.name, change.value, change.by) == ("unseen_entrants", 4, "Olivia Reed")
    assert change.spread == pytest.approx(0.05, abs=1e-4)
    reports = [results_of(run, PartKind.CAPACITY)[0][1] for run in (before, after)]
    gained = reports[1].lots[0].expected_bids - reports[0].lots[0].expected_bids
    assert gained == pytest.approx((4 - 0.3) * 0.88, abs=0.4), "so many more outsiders, most of them credible"
    prior = next(prior for prior in reports[1].priors if prior.name == DEFAULT_PRIORS.unseen_entrants.name)
    assert (prior.value, prior.kind) == (4, PriorKind.MEASURED)
    page = client.get(f"/runs/{after.id}/report/assumptions").text
    assert f"{REASON} (changed by Olivia Reed on" in page
    assert REASON not in client.get(f"/runs/{before.id}/report/assumptions").text


def test_who_changed_what_when_and_why_is_kept_and_can_be_put_back(
    client: Client, session: Session, engagement: Engagement
) -> None:
    client.submit(address(engagement), sent())
    overview = client.get(f"/programmes/{engagement.programme_id}/assumptions").text
    assert "0.1, spread 0.05" in overview
    assert "0.3, spread 0.2" in overview, "what everybody starts from stands beside it"
    client.submit(address(engagement), {"what": "standard", "reason": "It was not so"})
    assert queries.standing(session, engagement.programme_id) == ()
    history = client.get(address(engagement)).text
    assert history.index("It was not so") < history.index(REASON)
    assert "Put back" in history
    row = session.scalars(select(ChangedAssumption).where(ChangedAssumption.number == 1)).one()
    row.reason = "another"
    with pytest.raises(DBAPIError, match="never changed"):
        session.flush()


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("unseen_entrants", {"reason": ""}, "Enter why"),
        ("unseen_entrants", {"value": ""}, "Enter the value"),
        ("unseen_entrants", {"high": ""}, "Enter both ends of what is likely, or none"),
        ("unseen_entrants", {"low": "0.15"}, "The value must lie between the lowest and the highest"),
        ("unseen_entrants", {"value": "-0.1"}, "Value must be between 0 and 50 (bidders for a lot)"),
        ("unseen_entrants", {"value": "10%"}, "Value must be without a percent sign (bidders for a lot)"),
        ("credibility", {"value": "120"}, "Value must be between 0 and 100 (per cent of them)"),
        ("package_correlation", {"value": "100", **KNOWN}, "The value must be at least 0 and below 1"),
        ("would_bid", {"value": "100"}, "Value must be between 0.2 and 99.8 (per cent of them that bid)"),
        ("would_bid", {"low": "0"}, "The lowest likely value must be between 0.2 and 99.8"),
        ("would_bid", {"what": ""}, "Choose what shall hold"),
        (
            "would_bid",
            {"value": "50", "low": "45", "high": "90"},
            "With 45 as the lowest, the highest would be 55. With 90 as the highest, the lowest would be 10",
        ),
        (
            "credibility",
            {"value": "95", "low": "80", "high": "99"},
            "as the forecast computes with it. With 99 as the highest, the lowest would be 91",
        ),
        ("unseen_entrants", {"low": "0", "high": "0.4"}, "With 0 as the lowest, the highest would be 0.2"),
        ("unseen_entrants", {"low": "0.1", "high": "60"}, "The highest likely value must be between 0 and 50"),
    ],
)
def test_a_value_out_of_its_range_is_refused_beside_the_field(
    client: Client, session: Session, engagement: Engagement, name: str, values: dict[str, str], message: str
) -> None:
    assert message in client.submit(address(engagement, name), sent(**values), status=422).text
    assert session.query(ChangedAssumption).count() == 0


def test_chances_are_written_in_per_cent_and_computed_in_log_odds(
    client: Client, session: Session, engagement: Engagement
) -> None:
    page = client.get(address(engagement, "would_bid"))
    opened = page.hidden().to_dict()
    assert not page.tree.findall(".//input[@checked]"), "who writes a value says what it is"
    shown = dict(zip(FIGURES, figures(page), strict=True))
    assert shown == {"value": "75", "low": "61.3", "high": "85.1"}
    client.post(address(engagement, "would_bid"), opened | {"what": "assumed", "reason": REASON} | shown)
    client.submit(address(engagement, "credibility"), {"what": "assumed", "value": "90 %", "reason": REASON, **KNOWN})
    credible, would_bid = queries.standing(session, engagement.programme_id)
    assert (would_bid.value, would_bid.spread) == (1.1, 0.5), "unchanged"
    assert (credible.value, credible.spread) == (0.9, 0)


@pytest.mark.parametrize(
    ("name", "typed", "within"),
    [
        ("would_bid", ("90", "80", "95"), 0.6),
        ("would_bid", ("99.5", "99", "99.8"), 0.11),
        ("credibility", ("95", "91", "99"), 0),
        ("unseen_entrants", ("0.1", "0", "0.2"), 0),
        ("unseen_entrants", ("1", "0.5", "1.6"), 0.051),
        ("provider_deviation", ("60", "50", "69.2"), 0),
        ("medium_largest", ("20000000", "15000000", "25000000"), 0),
    ],
)
def test_ends_about_equally_far_from_the_value_are_shown_again_about_as_typed(
    client: Client, engagement: Engagement, name: str, typed: tuple[str, str, str], within: float
) -> None:
    client.submit(address(engagement, name), sent(**dict(zip(FIGURES, typed, strict=True))))
    shown = [float(figure.replace(",", "")) for figure in figures(client.get(address(engagement, name)))]
    assert shown == pytest.approx([float(figure) for figure in typed], abs=within)


@pytest.mark.parametrize(
    ("name", "value", "spread", "ends"),
    [
        ("unseen_entrants", 0.1, 0.2, ("0", "0.3563")),
        ("past_conversion", 0.1, 0.2, ("0", "35.6")),
        ("provider_deviation", 0.3, 0.5, ("50", "71.9")),
        ("credibility", 0.95, 0.0741, ("85.5", "100")),
    ],
)
def test_whoever_gives_only_another_reason_leaves_the_figures_as_they_are(
    client: Client,
    session: Session,
    engagement: Engagement,
    officer: Person,
    name: str,
    value: float,
    spread: float,
    ends: tuple[str, str],
) -> None:
    actions.change(
        session,
        programme=engagement.programme,
        name=name,
        number=1,
        value=value,
        spread=spread,
        measured=False,
        reason="Stored earlier",
        actor=actor_of(officer, engagement.programme.buyer),
        now=clock(session),
    )
    session.commit()
    opened = figures(client.get(address(engagement, name)))
    assert tuple(opened[1:]) == ends
    shown = dict(zip(FIGURES, opened, strict=True))
    client.submit(address(engagement, name), {"what": "assumed", "reason": "Another", **shown})
    (change,) = queries.standing(session, engagement.programme_id)
    assert (change.value, change.spread, change.reason) == (value, spread, "Another")


def test_what_everybody_starts_from_is_the_same_when_it_is_sent_as_it_was_shown(app: Flask) -> None:
    for field, prior in STANDARDS:
        with app.test_request_context():
            opened = AssumptionForm(formdata=None, data=AssumptionForm.stored(None, prior), meta={"csrf": False})
            typed = MultiDict({"what": "assumed", "reason": REASON} | {name: opened[name].typed for name in FIGURES})
            form = AssumptionForm(typed, data=AssumptionForm.stored(None, prior), meta={"csrf": False})
            assert form.validate(), (field.name, form.errors)
            assert form.fits(field.name, prior, ()), (field.name, form.errors)
            assert form.read(prior) == (prior.value, prior.spread)
            fresh = AssumptionForm(typed, meta={"csrf": False})
            assert fresh.validate(), (field.name, fresh.errors)
            assert fresh.fits(field.name, prior, ()), (field.name, fresh.errors)
            close = pytest.approx((prior.value, prior.spread), abs=3e-3)
            assert fresh.read(prior) == close, "typed on a page that came with other figures"


def test_an_assumption_that_there_is_not_is_not_found(client: Client, engagement: Engagement) -> None:
    client.get(address(engagement, "all"), status=404)
    client.get(address(engagement, "luck"), status=404)


def test_two_officers_changing_one_assumption_see_both_versions(
    client: Client, session: Session, engagement: Engagement
) -> None:
    opened = client.get(address(engagement)).hidden().to_dict()
    client.submit(address(engagement), sent())
    late = opened | sent(value="0.9", low="0.8", high="1", reason="Mine")
    page = client.post(address(engagement), late, status=409)
    assert "0.9" in page.text
    assert REASON in page.text
    assert session.query(ChangedAssumption).count() == 1
    client.post(address(engagement), late | {"revision": "1"})
    (change,) = queries.standing(session, engagement.programme_id)
    assert (change.value, change.reason) == (0.9, "Mine")


def test_one_programmes_changes_are_not_anothers(
    client: Client, session: Session, engagement: Engagement, officer: Person, buyer: Organisation
) -> None:
    other = make.programme(session, buyer)
    session.commit()
    client.submit(address(engagement), sent())
    assert queries.standing(session, other.id) == ()
    assert priors_with(queries.standing(session, engagement.programme_id)).unseen_entrants.value == 0.1

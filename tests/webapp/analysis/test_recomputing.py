"""What a run was computed from leaves the service as a file, and its commands make the same bytes again."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
import uuid
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from intelligence import DEFAULT_PRIORS, Market, Outcome, Schedule
from intelligence.capacity.estimate import estimate_capacity
from intelligence.files import from_json, to_json
from intelligence.schedule.problem import Precedence
from intelligence.schedule.routes import Stage
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import COMMENTS, World
from webapp.analysis.changed import ChangedPrior, priors_with
from webapp.analysis.past import History
from webapp.analysis.problem import orders_left_out
from webapp.analysis.recomputing.archive import files_of
from webapp.analysis.recomputing.frozen import left_out_of, market_file, priors_file, result_file, schedule_file
from webapp.analysis.recomputing.queries import Frozen, Planned, frozen
from webapp.analysis.runs import RunParameters, results_of, stored
from webapp.analysis.terms import PlanningTerms
from webapp.db import clock
from webapp.models import (
    READ_FOR_THEMES,
    AnalysisRun,
    AuditEvent,
    Engagement,
    Measure,
    Organisation,
    PartKind,
    Purpose,
    Question,
    Replanning,
    Response,
    RunState,
    TeamMember,
    TeamRole,
)
from webapp.responses.withdrawing import take_back

HERE = Path(__file__).parents[3]
BUTTON = "Download the inputs (ZIP)"


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of()


@pytest.fixture
def run(session: Session, world: World) -> AnalysisRun:
    return session.get_one(AnalysisRun, world.ids["run_id"])


def page_of(run: AnalysisRun) -> str:
    return f"/runs/{run.id}"


def fetched(client: Client, run: AnalysisRun) -> dict[str, bytes]:
    page = client.submit(page_of(run), action=f"{page_of(run)}/inputs", status=200)
    with zipfile.ZipFile(io.BytesIO(page.response.get_data())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def recompute(files: dict[str, bytes], folder: Path) -> list[list[str]]:
    """Do what the README says, and return the commands that computed. It fails as `cmp` does."""
    for name, octets in files.items():
        (folder / name).write_bytes(octets)
    said = [shlex.split(line) for line in files["README.txt"].decode().splitlines() if line.startswith("    ")]
    commands = [words for words in said if words[0] in ("python", "cmp")]
    for program, *arguments in commands:
        command = [sys.executable if program == "python" else program, *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(HERE)})
    return [words for words in commands if words[0] == "python"]


def test_what_is_fetched_gives_the_same_bytes_again_and_names_no_provider(
    client: Client, session: Session, world: World, run: AnalysisRun, tmp_path: Path
) -> None:
    _plan_again(session, run, world)
    client.sign_in(world.officer)
    files = fetched(client, run)
    assert fetched(client, run) == files
    assert [words[3] for words in recompute(files, tmp_path)] == ["capacity", "schedule", "schedule"]
    market = from_json(Market, json.loads(files["market.json"]))
    assert len(market.providers) > 2
    assert market.comments == ()
    assert all(provider.name == provider.id for provider in market.providers)
    everything = b"\n".join(files.values()).decode()
    names = session.scalars(select(Organisation.name).join(Response, Response.organisation_id == Organisation.id)).all()
    assert names
    assert not [name for name in names if name in everything]
    assert not [sentence for comment in COMMENTS for sentence in comment.split(". ") if sentence in everything]
    readme = files["README.txt"].decode()
    for name, octets in files.items():
        assert name == "README.txt" or f"{sha256(octets).hexdigest()}  {name}" in readme
    assert run.code_version in readme
    assert "numpy==" in readme
    events = session.scalars(select(AuditEvent).where(AuditEvent.act == "analysis.inputs_exported")).all()
    assert [(each.subject_id, each.person_id, each.detail["market"]) for each in events] == [
        (run.id, world.officer.id, sha256(files["market.json"]).hexdigest())
    ] * 2


def _plan_again(session: Session, run: AnalysisRun, world: World) -> None:
    """The what-if that changed nothing becomes a new plan, its question a line of a shell that does harm."""
    row = session.scalars(select(Replanning).where(Replanning.state == RunState.FINISHED)).one()
    row.purpose, row.question = Purpose.NEW_PLAN, "A board\n    rm -rf ."
    session.commit()


def test_changed_assumptions_other_buyers_lots_and_consortia_give_the_same_bytes_again(
    session: Session, run: AnalysisRun, tmp_path: Path
) -> None:
    changed = ChangedPrior("unseen_entrants", 0.7, 0.2, True, "Two frameworks", "Ada", date(2026, 5, 1))
    elsewhere = tuple(Outcome(f"E{n}", date(2025, 1, 1) + timedelta(days=n), n % 4, 5, n % 3) for n in range(20))
    parameters = RunParameters(200, 2.0, date(2026, 12, 1), changed=(changed,))
    market = from_json(Market, run.inputs)
    first, second, *others = market.interests
    together = (replace(first, consortium="acorn"), replace(second, consortium="acorn"), *others)
    market = replace(market, interests=together)
    report = estimate_capacity(market, seed=run.seed, draws=200, priors=priors_with((changed,)), elsewhere=elsewhere)
    plain = estimate_capacity(market, seed=run.seed, draws=200)
    assert report.lots != plain.lots
    history: Any = to_json(History(elsewhere=elsewhere))
    run.parameters, run.history, run.inputs = to_json(parameters), history, to_json(market)
    files = files_of(run, Frozen(run.inputs, history, stored(report), []))
    assert {"priors.json", "elsewhere.json"} < files.keys()
    (command,) = recompute(files, tmp_path)
    assert command[4:9] == ["market.json", "--priors", "priors.json", "--elsewhere", "elsewhere.json"]
    assert "Schedule" not in files["README.txt"].decode()


def test_the_file_holds_no_field_that_the_version_that_computed_did_not_know(run: AnalysisRun) -> None:
    older = {**run.inputs, "providers": [_without(each, "avoid") for each in run.inputs["providers"]]}
    then = json.loads(market_file(older))
    assert "avoid" in run.inputs["providers"][0]
    assert not [each for each in then["providers"] if "avoid" in each]
    (part, report), *_ = results_of(run, PartKind.CAPACITY)
    assert part.result is not None
    value = part.result["value"]
    known_then = json.loads(result_file(type(report), {"value": _without(value, "concentration")}))
    assert known_then == _without(json.loads(result_file(type(report), part.result)), "concentration")


def _without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: each for key, each in value.items() if key != name}


def test_orders_that_the_run_could_not_plan_are_no_part_of_a_schedules_file(run: AnalysisRun) -> None:
    ((part, schedule),) = results_of(run, PartKind.SCHEDULE)
    assert part.result is not None
    market = from_json(Market, run.inputs)
    order = Precedence(market.procurements[0].id, str(uuid.uuid4()), Stage.AWARD, Stage.TENDER, 0)
    parameters = RunParameters(200, 2.0, date(2026, 12, 1), PlanningTerms(precedences=(order,)))
    left_out = orders_left_out(market, parameters.terms)
    assert left_out
    kept = ("Bank holidays are expected.",)
    warned = stored(replace(schedule, warnings=(*kept, *left_out)))
    assert from_json(Schedule, json.loads(schedule_file(warned, left_out_of(run.inputs, parameters)))).warnings == kept


def test_a_plan_that_somebody_ended_is_said_to_be_one_that_need_not_come_out_again(run: AnalysisRun) -> None:
    ((_, schedule),) = results_of(run, PartKind.SCHEDULE)
    ((capacity, _),) = results_of(run, PartKind.CAPACITY)
    assert capacity.result is not None
    ended = [Planned("Own", True, stored(schedule), run.code_version, run.requested_at)]
    readme = files_of(run, Frozen(run.inputs, None, capacity.result, ended))["README.txt"].decode()
    assert "Schedule 1 was ended by hand" in readme


def test_a_plan_made_again_names_the_code_that_planned_it(session: Session, world: World, run: AnalysisRun) -> None:
    _plan_again(session, run, world)
    found = frozen(session, run)
    assert found is not None
    assert "Computed by code" not in files_of(run, found)["README.txt"].decode()
    session.execute(update(Replanning).values(code_version="feedfeedfeed"))
    found = frozen(session, run)
    assert found is not None
    own, again = files_of(run, found)["README.txt"].decode().split("# A board")
    assert "feedfeedfeed" not in own
    assert "# Computed by code feedfeedfeed, asked for on" in again


def test_changed_assumptions_are_in_the_words_of_the_code_that_computed() -> None:
    changes = tuple(
        ChangedPrior(name, value, 0.2, False, "Two frameworks", "Ada", date(2026, 5, 1))
        for name, value in (("gone_since", 0.7), ("unseen_entrants", 0.4), ("never_told", 0.1))
    )
    learned = "3 past lots, starting from: Two frameworks (by Ada then)"
    held = [
        {
            "name": "as it was called",
            "value": 0.7,
            "spread": 0.2,
            "kind": "assumed",
            "source": "Two frameworks, so Ada",
        },
        {
            "name": DEFAULT_PRIORS.unseen_entrants.name,
            "value": 0.9,
            "spread": 0.1,
            "kind": "measured",
            "source": learned,
        },
    ]
    made = priors_file(RunParameters(200, 2.0, date(2026, 12, 1), changed=changes[:2]), {"value": {"priors": held}})
    assert json.loads(made or b"") == {
        "gone_since": held[0],
        "unseen_entrants": held[1]
        | {"value": 0.4, "spread": 0.2, "kind": "assumed", "source": "Two frameworks (by Ada then)"},
    }
    untold = priors_file(RunParameters(200, 2.0, date(2026, 12, 1), changed=changes[2:]), {"value": {"priors": []}})
    assert json.loads(untold or b"")["never_told"]["value"] == 0.1


def test_code_that_is_no_longer_installed_is_named_without_the_libraries_of_today(
    session: Session, run: AnalysisRun
) -> None:
    found = frozen(session, run)
    assert found is not None
    run.code_version = "0123456789ab"
    readme = files_of(run, found)["README.txt"].decode()
    assert "0123456789ab" in readme
    assert "numpy==" not in readme


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (TeamRole.OFFICER, 200),
        (TeamRole.LOT_DESIGNER, 200),
        (TeamRole.APPROVER, 200),
        (TeamRole.REVIEWER, 404),
    ],
)
def test_whoever_may_read_responses_may_fetch_it(
    client: Client, session: Session, world: World, run: AnalysisRun, role: TeamRole, status: int
) -> None:
    session.execute(update(TeamMember).values(role=role))
    session.commit()
    client.sign_in(world.officer)
    page = client.get(page_of(run))
    assert (BUTTON in page.buttons()) is (status == 200)
    token = client.get("/account").hidden()["csrf_token"]
    client.post(f"{page_of(run)}/inputs", {"csrf_token": token}, status=status)
    assert bool(session.scalars(select(AuditEvent).where(AuditEvent.act == "analysis.inputs_exported")).all()) is (
        status == 200
    )


def test_answers_for_lead_officers_alone_stay_with_them(
    client: Client, session: Session, world: World, run: AnalysisRun
) -> None:
    _restrict(session, READ_FOR_THEMES)
    session.execute(update(TeamMember).values(role=TeamRole.OFFICER))
    session.commit()
    client.sign_in(world.officer)
    assert BUTTON in client.get(page_of(run)).buttons(), "no word that was written is in the file"
    _restrict(session, (Measure.TENDERS_AT_ONCE,))
    page = client.get(page_of(run))
    assert BUTTON not in page.buttons()
    token = client.get("/account").hidden()["csrf_token"]
    client.post(f"{page_of(run)}/inputs", {"csrf_token": token}, status=404)
    session.execute(update(TeamMember).values(role=TeamRole.LEAD_OFFICER))
    session.commit()
    assert fetched(client, run)


def _restrict(session: Session, measures: tuple[Measure, ...]) -> None:
    session.execute(text("SET LOCAL session_replication_role = replica"))  # the questionnaire is published
    found = session.execute(
        update(Question).where(Question.measure.in_(measures)).values(restricted=True).returning(Question.id)
    )
    assert found.all()
    session.commit()


def test_nothing_comes_out_of_sealed_or_destroyed_responses(session: Session, world: World, run: AnalysisRun) -> None:
    assert frozen(session, run) is not None
    about = session.get_one(Engagement, run.engagement_id)
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(update(Engagement).where(Engagement.id == about.id).values(sealed=True, opened_at=None))
    assert frozen(session, run) is None
    session.execute(
        update(Engagement)
        .where(Engagement.id == about.id)
        .values(sealed=False, disposed_at=clock(session) + timedelta(seconds=1))
    )
    assert frozen(session, run) is None


def test_once_a_response_is_withdrawn_its_answers_leave_the_service_no_more(
    client: Client, session: Session, world: World, run: AnalysisRun
) -> None:
    client.sign_in(world.officer)
    page = client.get(page_of(run))
    assert BUTTON in page.buttons()
    about = Response.engagement_id == run.engagement_id, Response.current_submission_id.is_not(None)
    response = session.scalars(select(Response).where(*about).limit(1)).one()
    take_back(session, response=response, now=clock(session))
    session.commit()
    client.post(f"{page_of(run)}/inputs", {"csrf_token": page.hidden()["csrf_token"]}, status=302)
    assert not session.scalars(select(AuditEvent).where(AuditEvent.act == "analysis.inputs_exported")).all()
    assert frozen(session, run) is None
    page = client.get(page_of(run))
    assert BUTTON not in page.buttons()
    assert "a response was withdrawn after it was asked for" in page.text
    session.execute(update(AnalysisRun).values(requested_at=clock(session) + timedelta(seconds=1)))
    assert frozen(session, run) is not None, "one that was asked for afterwards holds none of it"


def test_a_run_without_a_forecast_offers_nothing(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    about = session.get_one(Engagement, world.ids["engagement_id"])
    unfinished = make.finished_run(session, about, world.officer, number=9)
    part = next(each for each in unfinished.parts if each.kind is PartKind.CAPACITY)
    part.state, part.result = RunState.FAILED, None
    session.commit()
    assert BUTTON not in client.get(page_of(unfinished)).buttons()
    token = client.get("/account").hidden()["csrf_token"]
    client.post(f"{page_of(unfinished)}/inputs", {"csrf_token": token}, status=404)

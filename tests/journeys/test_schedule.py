"""An officer says how a procurement is planned, reads its schedule and asks what a change would move.

Every page is looked at on a phone and at a desk.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.journeys.at_work import Worker
from tests.journeys.conftest import OpenDevice
from tests.world import World, build, run_jobs
from webapp.accounts.actions import make_link
from webapp.db import Database, clock
from webapp.models import Person

pytestmark = pytest.mark.browser


def test_an_officer_plans_a_procurement_and_asks_what_would_move(
    device: OpenDevice, database: Database, served: Flask, session: Session
) -> None:
    settings = served.config["SETTINGS"]
    world = build(database, settings)
    desk = Worker(device())
    come_in(desk, session, world)
    give_reasons_for_a_route(desk)
    say_how_long_a_stage_takes(desk)
    read_the_schedule(desk)
    ask_what_would_move(desk)
    run_jobs(database, settings)
    desk.visitor.returns("Dental services ends on 30 April 2028")
    desk.press("Keep this what-if", "Dental services ends on 30 April 2028")
    desk.back("What-ifs and new plans")


def come_in(desk: Worker, session: Session, world: World) -> None:
    officer = session.get_one(Person, world.officer.id)
    token = make_link(
        session,
        person=officer,
        destination=f"/programmes/{world.ids['programme_id']}/planning",
        life=timedelta(hours=1),
        now=clock(session),
        second_factor=True,
    )
    session.commit()
    desk.open(f"/sign-in/link/{token}", "Sign in")
    desk.press("Sign in", "How procurements are planned")


def give_reasons_for_a_route(desk: Worker) -> None:
    desk.follow("What every plan keeps to", "What every plan keeps to")
    desk.press("Save", "How procurements are planned")
    desk.follow("Contracts that could end together", "Contracts that could end together")
    desk.back("How procurements are planned")
    desk.follow("Dental services", "Dental services")
    desk.follow("Answer the questions about the route", "Which route?")
    desk.press_in_error("Save and continue", "Which route?")
    for answer in ("Yes", "No", "Yes"):
        desk.choose(answer)
        desk.fill("Why is that so?", f"The board minuted it: {answer}")
        desk.press("Save and continue", "Which route?")
    desk.back("Dental services")


def say_how_long_a_stage_takes(desk: Worker) -> None:
    desk.follow("Standstill, from the day of its notice", "Standstill")
    desk.fill("How long does it take? (optional)", "5")
    desk.press_in_error("Save", "Standstill")
    desk.fill("How long does it take? (optional)", "12")
    desk.fill("Why does it take so long? (optional)", "Room for a representation")
    desk.press("Save", "Dental services")
    desk.back("How procurements are planned")


def read_the_schedule(desk: Worker) -> None:
    desk.follow("The schedule of the newest analysis", "Procurement schedule")
    desk.follow("Dental services", "Dental services")
    desk.follow("Load of officers and bidders", "Load of officers and bidders")
    desk.back("Procurement schedule")


def ask_what_would_move(desk: Worker) -> None:
    desk.follow("See what a change would move", "See what a change would move")
    desk.press_in_error("See what would move", "See what a change would move")
    desk.choose("A contract ends later")
    page = desk.visitor.page
    page.get_by_label("Which contract?").select_option(index=1)
    ends = page.get_by_role("group", name="When would the contract end?")
    for label, value in (("Day", "30"), ("Month", "4"), ("Year", "2028")):
        ends.get_by_label(label).fill(value)
    desk.press("See what would move", "Dental services ends on 30 April 2028")

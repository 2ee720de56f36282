"""A new officer's first programme, from nothing to a closed engagement, on every page at a desk and on a phone.

The programme is the North West's: five prisons and two secure children's homes, five tenders, lots by site. One site,
service, procurement and lot are typed; the rest comes from a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from tests import factories as make
from tests.journeys.at_work import Worker
from tests.journeys.conftest import OpenDevice
from tests.today import today
from tests.world import run_jobs
from webapp.accounts.actions import make_link
from webapp.db import Database, clock
from webapp.exports.workbook import Sheet, workbook
from webapp.models import MembershipRole

pytestmark = pytest.mark.browser

PRISONS = {
    "LPI": "HMP Liverpool",
    "HVI": "HMP Haverigg",
    "BCI": "HMP Buckley Hall",
    "HII": "HMP/YOI Hindley",
    "MRI": "HMP Manchester",
}
HOMES = {"BM": "Barton Moss Secure Children’s Home", "ML": "Marydale Secure Children’s Home"}
LINES = {"hsc": "Health and social care", "mental": "Mental health", "dental": "Dental"}
TENDERS = (
    ("D", "Dental services in prisons", "dental", PRISONS),
    ("H", "Health and social care in prisons", "hsc", PRISONS),
    ("M", "Mental health in prisons", "mental", PRISONS),
    ("C", "Health and social care in children’s homes", "hsc", HOMES),
    ("E", "Dental services in children’s homes", "dental", HOMES),
)
LOTS = sum(len(sites) for _code, _title, _line, sites in TENDERS)
SECONDS_A_PAGE, SECONDS_A_FIELD, HALF_AN_HOUR = 12, 8, 30 * 60
"""To read what a page asks, and to answer a field from papers that lie ready."""


@pytest.fixture
def work(database: Database, served: Flask) -> Callable[[], None]:
    return lambda: run_jobs(database, served.config["SETTINGS"])


def test_a_new_officer_builds_and_runs_the_north_west_programme(
    device: OpenDevice, session: Session, work: Callable[[], None], tmp_path: Path
) -> None:
    desk = Worker(device())
    come_in(desk, session)
    begin_programme(desk)
    build_team(desk)
    set_up_by_hand(desk)
    set_up_from_workbook(desk, tmp_path)
    plan_communications(desk)
    set_up_engagement(desk)
    draw_up_questionnaire(desk)
    publish_and_invite(desk)
    seconds = desk.pages * SECONDS_A_PAGE + desk.fields * SECONDS_A_FIELD
    assert seconds < HALF_AN_HOUR, f"{desk.pages} pages, {desk.fields} fields"
    work()
    provider = Worker(device())
    answer(provider)
    extend_and_clarify(desk)
    close(desk)
    read(desk)
    keep_record(desk)


def come_in(desk: Worker, session: Session) -> None:
    person = make.person(session, make.buyer(session, name="NHS England North West"), MembershipRole.OFFICER)
    token = make_link(
        session,
        person=person,
        destination="/programmes",
        life=timedelta(hours=1),
        now=clock(session),
        second_factor=True,
    )
    session.commit()
    desk.open(f"/sign-in/link/{token}", "Sign in")
    desk.press("Sign in", "Programmes")


def begin_programme(desk: Worker) -> None:
    desk.follow("Set up a programme", "Set up a programme")
    desk.press_in_error("Set up the programme", "Set up a programme")
    desk.fill("Name of the programme", "North West health and justice services")
    desk.fill("Reference", "NW-HJ-2028")
    desk.fill("What it is about", "Health services for five prisons and two secure children’s homes, from April 2028.")
    desk.press("Set up the programme", "North West health and justice services")


def build_team(desk: Worker) -> None:
    desk.follow("Continue with the first steps", "First steps")
    desk.follow("Say who is in the team", "Team", exact=False)
    desk.follow("Add somebody to the team", "Add somebody to the team")
    desk.press_in_error("Add to the team", "Add somebody to the team")
    desk.fill("Their name", "Dev Mistry")
    desk.fill("Their email address", "dev.mistry@example.org")
    desk.choose("NHS England North West")
    desk.choose("Officer")
    desk.press("Add to the team", "Team")
    desk.follow("Change Dev Mistry", "Dev Mistry", exact=False)
    desk.back("Team")
    desk.back("North West")


def set_up_by_hand(desk: Worker) -> None:
    desk.follow("Set it up", "Set up the programme")
    desk.follow("Sites", "Sites", exact=False)
    desk.follow("Add a site", "Add a site")
    desk.press_in_error("Save", "Add a site")
    desk.fill("Name of the site", "HMP Liverpool")
    desk.fill("Code", "LPI")
    desk.choose("Prison")
    desk.press("Save", "Sites")
    desk.back("Set up the programme")
    add(desk, "Service lines", "service line", {"Name of the service line": "Dental", "Code": "dental"})
    desk.follow("Services at sites", "Services at sites", exact=False)
    desk.follow("Add a service at a site", "Add a service at a site")
    desk.select("Site", "HMP Liverpool")
    desk.select("Service line", "Dental")
    desk.fill("Annual value (optional)", "240,000")
    desk.press("Save", "Services at sites")
    desk.back("Set up the programme")
    desk.follow("Procurements", "Procurements", exact=False)
    desk.follow("Add a procurement", "Add a procurement")
    desk.fill("Title of the procurement", TENDERS[0][1])
    desk.choose("PSR competitive process")
    desk.enter_day("When must the services start?", date(today().year + 2, 4, 1))
    desk.press("Save", "Procurements")
    desk.back("Set up the programme")
    desk.follow("Lots", "Lots", exact=False)
    desk.follow("Add a lot", "Add a lot")
    desk.press_in_error("Save", "Add a lot")
    desk.fill("Title of the lot", "Dental services, HMP Liverpool")
    desk.fill("Code", "D1")
    desk.select("Procurement", TENDERS[0][1])
    desk.choose("HMP Liverpool: Dental")
    desk.press("Save", "Lots")
    desk.back("Set up the programme")


def add(desk: Worker, part: str, noun: str, given: dict[str, str]) -> None:
    desk.follow(part, part, exact=False)
    desk.follow(f"Add a {noun}", f"Add a {noun}")
    for label, text in given.items():
        desk.fill(label, text)
    desk.press("Save", part)
    desk.back("Set up the programme")


def set_up_from_workbook(desk: Worker, folder: Path) -> None:
    desk.follow("Set it up from a workbook or CSV file", "Set up from a file")
    desk.press_in_error("Send and preview", "Set up from a file")
    faulty, good = folder / "faulty.xlsx", folder / "north-west.xlsx"
    faulty.write_bytes(the_rest(contract_end="31/03/2020"))
    good.write_bytes(the_rest(contract_end="31/03/2028"))
    desk.send("File", faulty)
    desk.press("Send and preview", "What the file would do")
    expect(desk.main).to_contain_text("Nothing can be set up from this file")
    desk.follow("Send it again", "Set up from a file")
    desk.send("File", good)
    desk.press("Send and preview", "What the file would do")
    desk.press("Set up", "Set up the programme")
    desk.follow("Contract register", "Contract register", exact=False)
    desk.back("Set up the programme")
    desk.back("North West")
    expect(desk.main).to_contain_text("C2")


def the_rest(*, contract_end: str) -> bytes:
    """What the officer's spreadsheets say of the other sites."""
    services = [(site, line) for _code, _title, line, sites in TENDERS for site in sites]
    lots = [
        [f"{code}{number}", f"{LINES[line]}, {name}", title, 84, f"{site}/{line}"]
        for code, title, line, sites in TENDERS
        for number, (site, name) in enumerate(sites.items(), 1)
    ]
    contracts = [
        [f"{LINES[line]}, {site}", "Spectrum Community Health CIC", f"{site}/{line}", "01/04/2021", contract_end]
        for site, line in services
    ]
    kinds = dict.fromkeys(PRISONS, "Prison") | dict.fromkeys(HOMES, "Secure children’s home")
    return workbook(
        [
            Sheet("Sites", ["Code", "Name", "Kind"], [[c, n, kinds[c]] for c, n in (PRISONS | HOMES).items()]),
            Sheet("Service lines", ["Code", "Name"], [[code, name] for code, name in LINES.items()]),
            Sheet("Services", ["Site", "Service line", "Annual value"], [[*pair, 500_000] for pair in services]),
            Sheet("Contracts", ["Title", "Supplier", "Services", "Start", "End"], contracts),
            Sheet(
                "Procurements",
                ["Title", "Route", "Services start"],
                [
                    [title, "PSR competitive process", f"01/04/{today().year + 2}"]
                    for _code, title, _line, _sites in TENDERS
                ],
            ),
            Sheet("Lots", ["Lot code", "Title", "Procurement", "Term months", "Services"], lots),
        ]
    )


def plan_communications(desk: Worker) -> None:
    desk.follow("Communications, events and notices", "Communications and engagement plan")
    desk.follow("Plan an activity", "Plan an activity")
    desk.press_in_error("Save", "Plan an activity")
    desk.fill("What is to be done?", "Invite the providers that we know")
    desk.fill("Who is it for?", "Health providers in the North West")
    desk.select("How does it reach them?", "Email")
    desk.select("Who sees to it?", "Dev Mistry")
    desk.enter_day("By which day?", today() + timedelta(days=2))
    desk.press("Save", "Communications and engagement plan")
    desk.back("North West")


def set_up_engagement(desk: Worker) -> None:
    desk.follow("Set up an engagement", "Set up an engagement")
    desk.press_in_error("Save the draft", "Set up an engagement")
    desk.fill("Title", "Health services in the North West")
    desk.fill("Reference", "ME-01")
    desk.fill("What it is about", "We want to learn who would bid for which lots.")
    desk.fill("How it works", "Answer the questionnaire. We answer questions for everybody.")
    expect(desk.main.get_by_role("group", name="Which lots").get_by_role("checkbox", checked=True)).to_have_count(LOTS)
    desk.enter_day("It opens on", today() - timedelta(days=1))
    desk.enter_day("It closes on", today() + timedelta(days=30))
    desk.press("Save the draft", "Health services in the North West")


def draw_up_questionnaire(desk: Worker) -> None:
    desk.follow("Draw up the questionnaire", "Questionnaire")
    desk.follow("Begin a questionnaire", "Begin a questionnaire")
    desk.press_in_error("Begin", "Begin a questionnaire")
    desk.choose("Health and social care")
    desk.press("Begin", "Questionnaire")
    desk.follow("Preview as a provider sees it", "Your organisation", exact=False)
    desk.back("Questionnaire")
    desk.back("Health services")


def publish_and_invite(desk: Worker) -> None:
    desk.follow("Publish the engagement", "Publish the engagement")
    desk.press_in_error("Publish the engagement", "Publish the engagement")
    desk.choose("I have read what becomes public, and publish it")
    desk.press("Publish the engagement", "Health services")
    desk.follow("Invite a provider", "Invite a provider")
    desk.press_in_error("Send invitation", "Invite a provider")
    desk.fill("Name of a provider that is not in the list", "Seaside Health CIC")
    desk.fill("Name of the person", "Priya Shah")
    desk.fill("Email address", "priya@seaside.example")
    desk.press("Send invitation", "Health services")


def answer(provider: Worker) -> None:
    """The questionnaire itself is another journey's: here it is answered as briefly as can be, for one lot of all."""
    page = provider.visitor.page
    page.goto("/sent-mail")
    provider.main.get_by_role("link", name=re.compile("sign-in.link")).first.click()
    provider.press("Sign in", "Health services")
    provider.follow("Ask a question", "Questions of your organisation")
    provider.fill("Your question", "Who pays for escorts?")
    provider.press("Send your question", "Questions of your organisation")
    page.goto("/")
    provider.follow("Health services in the North West", "Health services")
    provider.press("Start", "response", exact=False)
    provider.follow("Your organisation", "Your organisation")
    provider.fill("What is the full legal name of your organisation? (required)", "Seaside Health CIC")
    provider.choose("Charity")
    provider.press("Save and continue", "Experience and registration")
    provider.choose("No", within="Are you registered")
    provider.choose("No", within="Have you run")
    go_on_to(provider, "Interest in each lot")
    for number, lot in enumerate(page.locator("fieldset.app-matrix__row").all()):
        lot.get_by_label("We would not bid" if number else "We are likely to bid").check()
    provider.press("Save and continue", "The lots you chose")
    provider.choose("As the lead provider")
    go_on_to(provider, "Conflicts, permission and contact")
    provider.choose("Yes", within="May we quote")
    provider.fill("Whom may we contact about these answers? (required)", "Priya Shah")
    provider.press("Save and continue", "Check your answers")
    provider.main.get_by_label(re.compile("I am authorised")).check()
    provider.press("Submit", "Response submitted")


def go_on_to(provider: Worker, section: str) -> None:
    """Save one section after the other, also where an answer has led to more questions."""
    heading = provider.visitor.page.get_by_role("heading", level=1)
    while section not in (before := heading.inner_text()):
        provider.main.get_by_role("button", name="Save and continue").click()
        provider.visitor.page.wait_for_load_state()
        assert "Check your answers" not in before, f"there is no section {section}"


def extend_and_clarify(desk: Worker) -> None:
    desk.open(desk.visitor.page.url, "Health services")
    desk.follow("Move the closing time", "Move the closing time")
    desk.press_in_error("Move the closing time", "Move the closing time")
    desk.enter_day("New closing date", today() + timedelta(days=37))
    desk.fill("Time of day", "noon")
    desk.fill("Why are you moving the closing time?", "Providers asked for another week.")
    desk.press("Move the closing time", "Health services")
    desk.follow("Who pays for escorts?", "Answer a question")
    desk.press_in_error("Publish question and answer", "Answer a question")
    desk.fill("Your answer", "The prison does.")
    desk.press("Publish question and answer", "Health services")
    desk.follow("Watch its progress", "Progress")
    desk.back("Health services")


def close(desk: Worker) -> None:
    desk.follow("Close the engagement early", "Close the engagement early")
    desk.press_in_error("Close the engagement", "Close the engagement early")
    desk.fill("Why are you closing the engagement early?", "Everybody that we asked has answered.")
    desk.choose("Close the engagement now")
    desk.press("Close the engagement", "Health services")


def read(desk: Worker) -> None:
    desk.follow("Read, search and compare the responses", "Responses")
    desk.choose("Compare Seaside Health CIC")
    desk.press("Compare those chosen", "Responses side by side")
    desk.back("Responses")
    desk.follow("Seaside Health CIC", "Response of Seaside Health CIC")
    desk.follow("Notes of the team on this response", "Notes on the response")
    desk.press_in_error("Keep the note", "Notes on the response")
    desk.fill("Add a note", "Knows two of the prisons.")
    desk.press("Keep the note", "Notes on the response")
    desk.open("/programmes", "Programmes")
    desk.follow("North West health and justice services", "North West")


def keep_record(desk: Worker) -> None:
    desk.follow("Equal treatment, meetings and decisions", "Equal-treatment log")
    desk.follow("Meetings", "Meetings")
    desk.follow("Enter a meeting", "Enter a meeting")
    desk.press_in_error("Put on record", "Enter a meeting")
    desk.back("Meetings")
    desk.follow("Decisions", "Decisions")
    desk.follow("Enter a decision", "Enter a decision")
    desk.press_in_error("Put on record", "Enter a decision")
    desk.fill("What was decided?", "Five tenders, with lots by site")
    desk.enter_day("When?", today())
    desk.fill("By whom?", "Commissioning board")
    desk.fill("Why?", "More providers would bid.")
    desk.press("Put on record", "Decisions")
    desk.follow("Conflicts of interest", "Conflicts of interest")
    desk.follow("Declare an interest, or that there is none", "Declare an interest")
    desk.press_in_error("Declare", "Declare an interest")
    desk.back("Conflicts of interest")
    desk.back("North West")
    desk.follow("Communications, events and notices", "Communications and engagement plan")
    desk.follow("Notices", "Notices")
    desk.follow("Preliminary market engagement notice", "Preliminary market engagement notice", exact=False)
    desk.back("Notices")
    desk.follow("Enter facts for notices", "Facts for notices")
    desk.fill("CPV codes (optional)", "none")
    desk.press_in_error("Save", "Facts for notices")

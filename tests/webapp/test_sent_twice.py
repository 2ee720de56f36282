"""Whatever form is sent a second time, as by a double click, the second changes no table."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, literal, literal_column, select, table, union_all
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp.audit import Actor
from webapp.db import Database
from webapp.engagements.inviting import actions as inviting
from webapp.engagements.inviting.invitees import Invitee
from webapp.engagements.mails import Addresses
from webapp.models import Base, Contract, Engagement, Invitation, MailMessage, MembershipRole, Person, Section
from webapp.web.format import LONDON

Given = Mapping[str, Any]
Forms = Mapping[str, tuple[str, Callable[[], Given]]]
"""By the page: where its form is sent to, if that is elsewhere, and what is filled in."""
COUNTS_TRIES = "throttle"
SAYS_SO = "/invite/list"
"""Who pastes a list twice reads of each line that it was invited already."""
ASSUMPTION = "likely"
DAY = {"day": "20", "month": "7", "year": "2021"}
SITES = b"Code,Name,Kind\nLIV,HMP Liverpool,Prison\n"
PAST = b"lot_id,date,bidders\nD1,20/07/2019,2\n"
RESPONSES = b"Name of organisation,Other\nAcorn Care,1\nOak Care,2\n"


def contents(session: Session) -> dict[str, tuple[int, Any]]:
    """By the table: how many rows, and the sum of the hashes of all that they hold."""
    session.rollback()
    names = {known.name for known in Base.metadata.sorted_tables} - {COUNTS_TRIES} | {"procrastinate_jobs"}
    held = func.sum(func.hashtextextended(literal_column("held::text"), 0))
    each = [select(literal(name), func.count(), held).select_from(table(name).alias("held")) for name in names]
    return {name: (rows, hashes) for name, rows, hashes in session.execute(union_all(*each))}


def sent_twice(
    client: Client, session: Session, url: str, given: Callable[[], Given], action: str | None = None
) -> set[str]:
    """The tables that the second changes, and whether it is answered otherwise. The first must change some."""
    fields, before = client.get(url).hidden(action), contents(session)

    def send() -> Page:
        filled = MultiDict(fields)
        for name, value in given().items():
            filled.setlist(name, value if isinstance(value, list) else [value])
        return client.post(action or url, filled, status=None)

    first, once = send(), contents(session)
    assert once != before, f"{url} did nothing: {first.status} {first.html}"
    second, twice = send(), contents(session)
    alike = (second.status, second.location) == (first.status, first.location) or url.endswith(SAYS_SO)
    return {name for name in once if twice[name] != once[name]} | (set() if alike else {"answered otherwise"})


def dated(prefix: str, parts: Given) -> dict[str, Any]:
    return {f"{prefix}-{part}": value for part, value in parts.items()}


def done_again(client: Client, session: Session, forms: Forms) -> dict[str, set[str]]:
    """Of each form that did something more when it was sent once more."""
    again = {
        action or url: sent_twice(client, session, url, given, action or None) for url, (action, given) in forms.items()
    }
    return {form: more for form, more in again.items() if more}


def on(moment: datetime) -> dict[str, str]:
    return {"day": str(moment.day), "month": str(moment.month), "year": str(moment.year)}


def file(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


@pytest.fixture
def officer(client: Client, session: Session) -> Person:
    someone = make.officer(session)
    session.commit()
    client.sign_in(someone)
    return someone


@pytest.fixture
def about(session: Session, officer: Person) -> Engagement:
    buyer = officer.memberships[0].organisation
    made = make.engagement(session, make.programme(session, buyer))
    provider = make.provider_person(session)
    make.submission(session, make.response(session, made, provider))
    make.invitation(session, made, make.provider_person(session, email="invited@provider.example"))
    named = Contract(programme_id=made.programme_id, title="Eyes", supplier_name="Sight", end_date=date(2028, 3, 31))
    session.add(named)
    session.commit()
    return made


def test_what_an_officer_sends_twice_is_done_once(client: Client, session: Session, about: Engagement) -> None:
    manage, programme = f"/manage/engagements/{about.id}", f"/programmes/{about.programme_id}"
    earlier = (datetime.now(UTC) - timedelta(hours=1)).astimezone(LONDON)
    later = earlier + timedelta(days=60)
    received = {**dated("day", on(earlier)), "time": f"{earlier:%H:%M}"}
    invited, buyer = session.scalars(select(Invitation)).one(), str(about.programme.buyer_id)
    person = {"name": "Ana Diaz", "email": "ana@harbour.example"}
    forms: Forms = {
        f"{manage}/invite": ("", lambda: {**person, "organisation_name": "Harbour Health CIC"}),
        f"{manage}/invite?of=one-that-is-known": (
            "",
            lambda: {"name": "Ed", "email": "ed@known.example", "organisation_id": str(invited.organisation_id)},
        ),
        f"{manage}/invite/list": ("", lambda: {"pasted": "Bo, bo@b.example, Bay Care"}),
        manage: (f"{manage}/invitations/{invited.id}/send-again", dict),
        f"{manage}/documents": ("", lambda: {"title": "Draft", "file": file(b"a,b\n1,2\n", "draft.csv")}),
        f"{programme}/record/meetings/write": (
            "",
            lambda: {"title": "Kick-off", **dated("day", DAY), "time": "10am", "attended_by": "A", "minutes": "B"},
        ),
        f"{programme}/record/lessons/write": (
            "",
            lambda: {"title": "Too short", "kind": "complaint", **dated("happened_on", DAY), "what": "It was"},
        ),
        f"{programme}/record/conflicts/declare": (
            "",
            lambda: {"declared_by": "A", **dated("declared_on", DAY), "has_interest": "no"},
        ),
        f"{programme}/set-up/sites/add": ("", lambda: {"code": "NEW", "name": "HMP New", "kind": "prison"}),
        f"{programme}/set-up/contracts/{about.programme.contracts[0].id}/supplier": ("", lambda: {"provider": "new"}),
        f"{programme}/set-up/contracts": (f"{programme}/set-up/contracts/suppliers", dict),
        f"{programme}/import": ("", lambda: {"file": file(SITES, "sites.csv")}),
        f"{programme}/past-procurements/files": ("", lambda: {"file": file(PAST, "past.csv")}),
        f"{manage}/received/import": ("", lambda: {"tool": "Forms", **received, "file": file(RESPONSES, "sent.csv")}),
        f"{manage}/received/enter": (
            "",
            lambda: {"organisation_name": "Acorn Care", "how": "email", "sent_by": "Una", **received},
        ),
        f"{programme}/team/add": (
            "",
            lambda: {"name": "Cy", "email": "cy@b.example", "role": "reviewer", "organisation_id": buyer},
        ),
        f"{manage}/remind": ("", lambda: {"group": "not_opened"}),
        f"{manage}/extend": ("", lambda: {**dated("day", on(later)), "time": "noon", "reason": "More time"}),
        f"{manage}/close": ("", lambda: {"reason": "Enough", "sure": "y"}),
    }
    assert done_again(client, session, forms) == {}


def test_two_providers_are_joined_and_parted_once(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    into = session.scalars(select(Invitation.organisation_id)).one()
    named = make.two_names(session, about, officer, [make.provider_person(session) for _ in range(2)])
    session.commit()
    providers = f"/programmes/{about.programme_id}/providers"
    forms: Forms = {
        f"{providers}/{named['provider_id']}/join": ("", lambda: {"into": str(into), "reason": "They say so"}),
        f"{providers}/joins/{named['join_id']}/undo": ("", dict),
    }
    assert done_again(client, session, forms) == {}


def test_what_an_officer_draws_up_twice_is_there_once(client: Client, session: Session, officer: Person) -> None:
    buyer = officer.memberships[0].organisation
    about = make.engagement(session, make.programme(session, buyer), state="draft")
    session.commit()
    questionnaire = f"/manage/engagements/{about.id}/questionnaire"
    section = session.scalars(select(Section).limit(1)).one()
    today = datetime.now(UTC)
    notice = {
        "reference": "ME-9",
        "title": "New",
        "summary": "All of it",
        "procedure": "Answer",
        "contact_email": "a@b.example",
        "opens_time": "9am",
        "closes_time": "noon",
        **dated("opens_on", on(today + timedelta(days=10))),
        **dated("closes_on", on(today + timedelta(days=30))),
    }
    measured = {"wording": "What is in the way?", "asked_per": "response", "measure": "themes"}
    forms: Forms = {
        f"{questionnaire}/sections/add": ("", lambda: {"title": "Views"}),
        f"{questionnaire}/sections/{section.id}/questions/add/long_text": ("", lambda: measured),
        "/programmes/new": (
            "",
            lambda: {"reference": "NEW", "title": "New", "summary": "All of it", "buyer_id": str(buyer.id)},
        ),
        f"/programmes/{about.programme_id}/engagements/new": ("", lambda: notice),
    }
    assert done_again(client, session, forms) == {}
    move = f"{questionnaire}/questions/{section.questions[0].id}/move"
    assert sent_twice(client, session, questionnaire, lambda: {"to": "down"}, move) == set()
    of_section = f"{questionnaire}/sections/{section.id}/move"
    assert sent_twice(client, session, questionnaire, lambda: {"to": "down"}, of_section) == set()
    fields = client.get(questionnaire).hidden(move)
    copies = {client.post(move.replace("move", "copy"), fields).location for _ in range(2)}
    assert len(copies) == 1, "both presses lead to the one copy"


def test_what_an_officer_plans_and_assumes_twice_is_kept_once(
    client: Client, session: Session, about: Engagement
) -> None:
    programme = f"/programmes/{about.programme_id}"
    planning, lot = f"{programme}/planning", make.lots_of(about)[0]
    procurement = f"{planning}/procurements/{lot.procurement_id}"
    yesterday = datetime.now(LONDON) - timedelta(days=1)
    assumed = {"what": "assumed", "value": "50", "low": "", "high": "", "reason": "The board\r\nsaid so"}
    forms: Forms = {
        f"{programme}/forecasts/{lot.id}": (
            "",
            lambda: {**dated("closed_on", on(yesterday)), "bids": "3", "credible_bids": "2", "source": "The portal"},
        ),
        f"{programme}/assumptions/{ASSUMPTION}": ("", lambda: assumed),
        f"{programme}/assumptions/{ASSUMPTION}?again": ("", lambda: assumed | {"what": "standard"}),
        f"{planning}/terms": ("", lambda: {"nation": "scotland", "tenders_open_at_most": "2"}),
        f"{procurement}/stages/evaluate": ("", lambda: {"days": "45", "days_reason": "Two panels"}),
        f"{procurement}/fixed-start": ("", lambda: {"is_fixed": "y", "reason": "The contract ends"}),
    }
    assert done_again(client, session, forms) == {}


def test_what_an_officer_appraises_twice_is_done_once(
    client: Client, session: Session, about: Engagement, officer: Person
) -> None:
    open_one, other = (make.appraisal(session, about.programme, officer) for _ in range(2))
    session.commit()
    appraisals = f"/programmes/{about.programme_id}/appraisals"
    changed, scored = f"{appraisals}/{open_one.id}", open_one.options[0]
    option = {
        "name": "New",
        "lots": "One",
        "route": "nothing",
        "term": "A year",
        "timing": "Now",
        "ruled_out": "No\r\nway",
    }
    criterion = {"name": "New", "meaning": "Whether it is", "weight": "5"}
    scores = {f"{part}_{each.id.hex}": "5" for each in open_one.criteria for part in ("low", "high", "reason")}
    preferred, *others = (each for each in other.options if not each.ruled_out)
    why = {"preferred": str(preferred.id), "reasons": "It is", **{f"why_not_{each.id.hex}": "No" for each in others}}
    forms: Forms = {
        f"{appraisals}/begin": ("", lambda: {"title": "How to buy", "about": ""}),
        f"{changed}/options/add": ("", lambda: option),
        f"{changed}/options/{scored.id}": ("", lambda: option | {"ruled_out": ""}),
        f"{changed}/options/{scored.id}/scores": ("", lambda: scores),
        f"{changed}/criteria/add": ("", lambda: criterion),
        f"{changed}/criteria/{open_one.criteria[0].id}": ("", lambda: criterion),
        f"{appraisals}/{other.id}/conclude": ("", lambda: why),
        f"{appraisals}/{other.id}": (f"{appraisals}/{other.id}/reopen", dict),
    }
    assert done_again(client, session, forms) == {}


def test_what_a_provider_sends_twice_is_done_once(client: Client, session: Session) -> None:
    about, provider = make.engagement(session), make.provider_person(session)
    session.commit()
    client.sign_in(provider)
    declining = f"/engagements/{about.id}/not-responding"
    forms: Forms = {
        f"/engagements/{about.id}/questions": ("", lambda: {"question": "Why?"}),
        declining: ("", lambda: {"reasons": ["price"], "comment": "Too low"}),
        f"{declining}?then": (f"{declining}/take-back", dict),
        f"/engagements/{about.id}/response": ("", dict),
        "/account/name": ("", lambda: {"name": "Di Marr"}),
        "/organisation/invite": (
            "",
            lambda: {"name": "Di", "email": "di@provider.example", "role": MembershipRole.CONTRIBUTOR.value},
        ),
    }
    assert done_again(client, session, forms) == {}


def test_of_an_invitation_sent_at_the_same_moment_one_goes_out(
    session: Session, about: Engagement, officer: Person, database: Database
) -> None:
    """The rows of the first are not there yet when the second looks for them."""
    actor, once = Actor(officer.id, officer.name, officer.email, officer.id, True, True, ()), uuid.uuid4()
    invitee = Invitee(organisation_id=None, organisation_name="Bay Care", name="Bo", email="bo@bay.example")
    both = Barrier(2)

    def send(_number: int) -> None:
        with database.session() as own:
            engagement = own.get_one(Engagement, about.id)
            both.wait(timeout=10)
            if not inviting.is_invited(own, engagement=engagement, invitee=invitee, once=once):
                addresses = Addresses("http://localhost", "/engagements/x", "/sign-in/link")
                now = datetime.now(UTC)
                inviting.invite(
                    own, engagement=engagement, invitee=invitee, once=once, addresses=addresses, actor=actor, now=now
                )
            own.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, range(2)))
    mails = select(func.count()).where(MailMessage.recipient == invitee.email)
    assert session.scalars(mails).one() == 1

"""How analyses count providers that were joined, and what those say that were made before."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.analysis.themes.conftest import run_of
from tests.webapp.browser_of_pages import Client
from tests.webapp.providers.joins import BECAUSE, entered, join, undo
from webapp.analysis import market
from webapp.db import clock
from webapp.models import (
    AuditEvent,
    Contract,
    Engagement,
    InterestLevel,
    Invitation,
    Organisation,
    Person,
)
from webapp.responses.withdrawing import take_back


def test_a_supplier_that_answered_under_another_name_counts_once_and_as_the_incumbent(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    response = make.response(session, about, session.scalars(select(Invitation)).one().person)
    make.submission(session, response, {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)})
    session.commit()
    assert "Harbor Health: not heard yet" in client.get(f"/manage/engagements/{about.id}/progress").text
    page = client.get(
        client.get(f"/manage/engagements/{about.id}/progress").links()["Say which providers are one firm"]
    )
    assert "Harbor Health Supplier of ‘Dental services’ Harbour Health CIC Join Harbor Health to another" in page.text
    done = client.get(join(client, about, supplier, invited).location).text
    assert "Harbor Health is Harbour Health CIC in this programme from now on" in done
    assert "Harbour Health CIC Also here: Harbor Health" in done
    assert f"Harbor Health is Harbour Health CIC {BECAUSE}" in done
    session.expire_all()
    assert "Harbour Health CIC: heard" in client.get(f"/manage/engagements/{about.id}/progress").text
    seen = market.load(session, engagement=about, as_of=date(2027, 1, 15))
    assert [provider.id for provider in seen.providers] == [str(invited.id)]
    assert {lot.incumbent_ids for lot in seen.lots} == {(str(invited.id),)}
    contract = session.scalars(select(Contract)).one()
    assert contract.supplier_name == "Incumbent Ltd", "the register says what it said"
    act = session.scalars(select(AuditEvent).where(AuditEvent.act == "provider.joined")).one()
    assert act.detail == {
        "programme": str(about.programme_id),
        "provider": str(supplier.id),
        "into": str(invited.id),
        "contracts": 1,
        "invitations": 0,
        "published_names": 0,
        "responses": 0,
        "reason": BECAUSE,
    }


def test_every_page_of_an_analysis_says_that_a_response_behind_it_was_withdrawn_under_whichever_name_it_counts(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    made = entered(session, about, supplier, officer)
    runs = [run_of(session, about, officer, number).run for number in (1, 2)]
    for run, named in zip(runs, (supplier, invited), strict=True):  # before they are joined, and before they are parted
        run.inputs = {"providers": [], "interests": [{"provider_id": str(named.id)}] * 2}
    session.commit()
    join(client, about, supplier, invited)
    session.refresh(made.response)
    take_back(session, response=made.response, now=clock(session))
    session.commit()
    said = "1 response behind this run has been withdrawn since."
    assert [said in client.get(f"/runs/{run.id}").text for run in runs] == [True, True]
    undo(client, session, about)
    assert [said in client.get(f"/runs/{run.id}").text for run in runs] == [True, True]


def test_an_analysis_says_that_a_response_was_entered_since_however_long_ago_it_was_sent(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation
) -> None:
    run = run_of(session, about, officer).run
    session.commit()
    said = "1 response has been submitted or amended since and is not behind this run. Run the analysis again."
    assert said not in client.get(f"/runs/{run.id}").text
    entered(session, about, supplier, officer, submitted_at=run.requested_at - timedelta(days=3))
    assert said in client.get(f"/runs/{run.id}").text


def test_an_analysis_says_that_providers_were_joined_or_parted_since(
    client: Client, session: Session, about: Engagement, officer: Person, supplier: Organisation, invited: Organisation
) -> None:
    said = "Providers have been joined or parted since, and this run counted them as they were. Run the analysis again."

    def told() -> list[bool]:
        return [said in client.get(f"/runs/{run.id}").text for run in runs]

    runs = [run_of(session, about, officer).run]
    session.commit()
    assert told() == [False]
    join(client, about, supplier, invited)
    runs.append(run_of(session, about, officer, 2).run)
    session.commit()
    assert told() == [True, False]
    undo(client, session, about)
    assert told() == [False, True], "the first counted them apart, as they are again"

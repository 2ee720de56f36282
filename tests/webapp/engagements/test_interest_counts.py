"""Interest is counted as responses come and go, and not when somebody asks how an engagement goes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.webapp.interest_counts import counted
from tests.webapp.locks import PATIENCE, wait_until_blocked
from tests.webapp.received import sent_files, test_entering
from tests.webapp.responses.conftest import make_respondent
from webapp import audit
from webapp.db import Database
from webapp.engagements.progress.queries import progress
from webapp.models import Engagement, Interest, InterestCount, InterestLevel, Organisation, Person, Response
from webapp.responses.withdrawing import take_back

LIKELY, NO, WOULD_BID = InterestLevel.LIKELY, InterestLevel.NO, InterestLevel.WOULD_BID


def test_what_is_kept_is_what_there_is_whatever_was_done(
    client: Client, session: Session, engagement: Engagement, officer: Person
) -> None:
    first, second = factories.lots_of(engagement)
    provider = make_respondent(session, engagement)

    def now() -> list[tuple[int, InterestLevel, int]]:
        session.rollback()
        places = {first.id: 1, second.id: 2}
        return sorted((places[lot_id], level, count) for (_, lot_id, level), count in counted(session).items())

    client.sign_in(provider.person)
    provider.fill(client)
    provider.submit(client)
    assert now() == [(1, LIKELY, 1), (2, NO, 1)]
    client.submit(provider.section("interest"), provider.levels("would_bid", "no"))
    provider.submit(client)
    assert now() == [(1, WOULD_BID, 1), (2, NO, 1)], "a correction"
    client.submit(f"{provider.url}/withdraw")
    assert now() == []
    provider.submit(client)
    assert now() == [(1, WOULD_BID, 1), (2, NO, 1)], "submitted again"
    client.sign_in(officer)
    test_entering.entered(client, session, engagement)
    assert now() == [(1, LIKELY, 1), (1, WOULD_BID, 1), (2, NO, 2)]
    for _ in range(2):
        sent_files.record(client, sent_files.preview(client, engagement, sent_files.file_of(sent_files.OAK)))
        assert now() == [(1, LIKELY, 2), (1, WOULD_BID, 1), (2, NO, 2)]
    of_oak = select(Response).join(Response.organisation).where(Organisation.name == "Oak Health")
    oak = session.scalars(of_oak).one()
    client.submit(test_entering.where(engagement, oak.id, "set-aside"), {"reason": "Sent by mistake"})
    left = [(1, LIKELY, 1), (1, WOULD_BID, 1), (2, NO, 2)]
    assert now() == left
    provider.response.organisation_id = factories.provider(session).id
    session.commit()
    assert now() == left, "another's, as when two providers are joined"

    def shown() -> list[Mapping[InterestLevel, int]]:
        return [lot.interest for lot in progress(session, engagement, destination="", as_answered=False).lots]

    assert shown() == [{LIKELY: 1, WOULD_BID: 1}, {NO: 2}]
    engagement.sealed = True
    session.flush()
    assert shown() == [{}, {}]


def test_a_submission_that_counts_says_no_more(session: Session, engagement: Engagement) -> None:
    first, second = factories.lots_of(engagement)
    made = factories.submission(session, factories.response(session, engagement), {first.id: LIKELY})
    session.add(Interest(submission_id=made.id, lot_id=second.id, level=LIKELY))
    with pytest.raises(DBAPIError, match="says no more"):
        session.flush()


def test_who_counts_first_and_who_records_first_do_not_wait_for_each_other(
    database: Database, session: Session, engagement: Engagement
) -> None:
    lot = factories.lots_of(engagement)[0]
    withdrawn, submitting = (factories.response(session, engagement) for _ in range(2))
    factories.submission(session, withdrawn, {lot.id: LIKELY})
    made = factories.submission(session, submitting, {lot.id: LIKELY})
    submitting.current_submission_id = None
    session.commit()
    asked = submitting.id, made.id

    def record_then_count(response_id: uuid.UUID, submission_id: uuid.UUID) -> None:
        with database.session() as other:
            response = other.get_one(Response, response_id)
            audit.record(other, "response.submitted", subject=response, actor=None)
            other.flush()
            response.current_submission_id = submission_id
            other.commit()

    take_back(session, response=withdrawn, now=datetime.now(UTC))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(record_then_count, *asked)
        wait_until_blocked(session, waiting)
        audit.record(session, "response.withdrawn", subject=withdrawn, actor=None)
        session.commit()
        waiting.result(PATIENCE)
    assert counted(session) == {(engagement.id, lot.id, LIKELY): 1}
    assert session.scalars(select(InterestCount.responses)).all() == [1]

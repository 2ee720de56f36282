from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.accounts.throttle import (
    CODE_OF_PERSON,
    FILES_FETCHED,
    HEAVY_WORK,
    LINK_TO_EMAIL,
    WINDOW,
    count_tries,
    forget_old,
)
from webapp.db import clock
from webapp.models import ImportFile, Throttle

NOW = datetime(2027, 3, 1, 9, 37, 12, tzinfo=UTC)
WHO = "someone@example.org"


def test_so_many_tries_are_free_and_the_next_must_wait_for_the_end_of_the_window(session: Session) -> None:
    free = [count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW) for _ in range(LINK_TO_EMAIL.tries)]
    assert free == [None] * LINK_TO_EMAIL.tries
    assert count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW) == datetime(2027, 3, 1, 9, 45, tzinfo=UTC)


def test_a_new_window_begins_with_nothing_counted(session: Session) -> None:
    for _ in range(LINK_TO_EMAIL.tries + 1):
        count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW)
    again_at = count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW)
    assert again_at is not None
    assert count_tries(session, (LINK_TO_EMAIL, WHO), now=again_at) is None


def test_others_and_other_acts_are_counted_apart(session: Session) -> None:
    for _ in range(LINK_TO_EMAIL.tries + 1):
        count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW)
    assert count_tries(session, (LINK_TO_EMAIL, "other@example.org"), now=NOW) is None
    assert count_tries(session, (CODE_OF_PERSON, WHO), now=NOW) is None


def test_an_address_written_in_capitals_is_the_same(session: Session) -> None:
    for _ in range(LINK_TO_EMAIL.tries):
        count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW)
    assert count_tries(session, (LINK_TO_EMAIL, WHO.upper()), now=NOW) is not None


def test_any_of_several_limits_holds(session: Session) -> None:
    for _ in range(CODE_OF_PERSON.tries):
        count_tries(session, (CODE_OF_PERSON, "one"), now=NOW)
    assert count_tries(session, (LINK_TO_EMAIL, WHO), (CODE_OF_PERSON, "one"), now=NOW) is not None


def test_what_was_tried_is_not_kept_in_clear_and_not_for_long(session: Session) -> None:
    count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW)
    count_tries(session, (LINK_TO_EMAIL, WHO), now=NOW + timedelta(hours=23))
    assert not any(WHO in key for key in session.scalars(select(Throttle.key)))
    forget_old(session, now=NOW + timedelta(hours=25))
    assert session.scalars(select(Throttle.window_start)).all() == [datetime(2027, 3, 2, 8, 30, tzinfo=UTC)]


def test_heavy_work_waits_when_one_person_has_asked_for_too_much_of_it(client: Client, session: Session) -> None:
    officer = factories.officer(session, factories.buyer(session))
    programme = factories.programme(session, officer.memberships[0].organisation)
    for now in (clock(session), clock(session) + WINDOW):
        for _ in range(HEAVY_WORK.tries):
            count_tries(session, (HEAVY_WORK, str(officer.id)), now=now)
    session.commit()
    client.sign_in(officer)
    sending = f"/programmes/{programme.id}/import"
    refused = client.submit(sending, {"kept": "What was typed"}, status=429)
    assert "200 times in a quarter of an hour" in refused.text
    assert "Try again at" in refused.text
    assert 0 < int(refused.response.headers["Retry-After"]) <= WINDOW.total_seconds() + 1
    (given_back,) = refused.tree.findall(".//textarea[@name='kept']")
    assert given_back.text.strip() == "What was typed", "with a button that sends it again"
    assert not session.scalars(select(ImportFile)).all()


def test_fetching_files_waits_when_one_person_has_fetched_too_many(client: Client, session: Session) -> None:
    person = factories.provider_person(session)
    session.commit()
    client.sign_in(person)
    file = "/account/data.json"
    client.get(file)
    counted = session.scalars(select(Throttle.tries).where(Throttle.key.startswith(FILES_FETCHED.act))).all()
    assert counted == [1], "kept though a GET writes nothing else"
    for now in (clock(session), clock(session) + WINDOW):
        for _ in range(FILES_FETCHED.tries):
            count_tries(session, (FILES_FETCHED, str(person.id)), now=now)
    session.commit()
    refused = client.get(file, status=429)
    assert "may fetch files 300 times in a quarter of an hour" in refused.text
    assert 0 < int(refused.response.headers["Retry-After"]) <= WINDOW.total_seconds() + 1
    client.get("/account/data")

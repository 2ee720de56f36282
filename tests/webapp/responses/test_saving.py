"""Nothing typed is lost: drafts that cannot be understood, colleagues who save at once, pages sent twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent
from webapp.models import DraftSection, Section


def saved(session: Session, respondent: Respondent, slug: str) -> DraftSection | None:
    session.expire_all()
    return session.scalar(
        select(DraftSection)
        .join(Section, Section.id == DraftSection.section_id)
        .where(DraftSection.response_id == respondent.response.id, Section.slug == slug)
    )


def test_a_colleague_goes_on_with_the_same_draft_on_another_device(
    client: Client, colleague_client: Client, respondent: Respondent
) -> None:
    client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health", "cqc": "yes"})
    page = colleague_client.get(respondent.section("organisation"))
    assert 'value="Seaside Health"' in page.html
    assert 'value="yes" checked' in page.html
    assert "Saved by Asha Patel" in colleague_client.get(respondent.url).text


def test_what_cannot_be_understood_is_saved_as_typed_and_shown_with_its_error_everywhere(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    page = client.submit(respondent.section("views"), {"held": "about three", "barriers": "Rooms"}, status=422)
    assert "“What about held?” must be a number, like 12" in page.links()
    kept = saved(session, respondent, "views")
    assert kept is not None
    assert kept.answers == {"held": "about three", "barriers": "Rooms"}
    elsewhere = colleague_client.get(respondent.section("views"))
    assert elsewhere.links()["“What about held?” must be a number, like 12"] == "#held"
    assert 'value="about three"' in elsewhere.html


def test_a_page_with_errors_can_be_sent_again_at_once(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.submit(respondent.section("views"), {"held": "three"}, status=422)
    client.post(respondent.section("views"), {**page.hidden(), "held": "3"})
    kept = saved(session, respondent, "views")
    assert kept is not None
    assert (kept.revision, kept.answers) == (2, {"held": "3"})


def test_a_required_answer_left_blank_is_said_on_continuing_but_not_on_coming_back_later(
    client: Client, respondent: Respondent
) -> None:
    page = client.submit(respondent.section("organisation"), {"cqc": "no", "then": "continue"}, status=422)
    assert "“What about legal_name?” must be answered" in page.links()
    later = client.submit(respondent.section("organisation"), {"cqc": "no", "then": "later"})
    assert later.location == respondent.url
    assert "There is a problem" not in client.get(respondent.section("organisation")).text


def test_what_is_filled_in_from_the_details_is_said_and_stays_out_once_it_was_taken_out(
    client: Client, session: Session, respondent: Respondent
) -> None:
    url, name = respondent.section("organisation"), respondent.response.organisation.name
    offered = client.get(url)
    assert f'value="{name}"' in offered.html
    assert "We filled in what the details of your organisation say" in offered.text
    assert saved(session, respondent, "organisation") is None, "nothing is answered by looking at it"
    client.post(url, {**offered.hidden(), "legal_name": "", "cqc": "no", "then": "later"})
    again = client.get(url)
    assert f'value="{name}"' not in again.html
    assert "We filled in" not in again.text


def test_a_clash_shows_both_versions_and_overwrites_nothing(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    url = respondent.section("organisation")
    mine, theirs = client.get(url).hidden(), colleague_client.get(url).hidden()
    colleague_client.post(url, {**theirs, "legal_name": "Theirs"})
    clash = client.post(url, {**mine, "legal_name": "Mine\r\nand more", "cqc": "yes"}, status=409)
    assert "Ben Okoro saved “Your organisation”" in clash.text
    assert "What about legal_name? Theirs Mine" in clash.text
    kept = saved(session, respondent, "organisation")
    assert kept is not None
    assert kept.answers == {"legal_name": "Theirs"}
    chosen = {**clash.hidden(), **{area.get("name"): area.text for area in clash.tree.iter("textarea")}}
    client.post(url, chosen)
    kept = saved(session, respondent, "organisation")
    assert kept is not None
    assert kept.answers == {"legal_name": "Mine\nand more", "cqc": "yes"}


def test_colleagues_who_answered_different_questions_of_a_section_lose_neither(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    url = respondent.section("views")
    mine, theirs = client.get(url).hidden(), colleague_client.get(url).hidden()
    colleague_client.post(url, {**theirs, "held": "2"})
    both_saved(client, url, client.post(url, {**mine, "barriers": "Mine", "quote": "yes"}, status=409))
    kept = saved(session, respondent, "views")
    assert kept is not None
    assert kept.answers == {"held": "2", "barriers": "Mine", "quote": "yes"}
    clash = client.post(url, {**mine, "held": "3", "barriers": "Mine", "quote": "yes"}, status=409)
    assert "Save both together" not in clash.buttons(), "where one answer was changed in both"


@pytest.mark.parametrize("theirs", ["Corrected.", ""])
def test_what_a_colleague_corrected_or_emptied_stays_so_in_both_together(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent, theirs: str
) -> None:
    url = respondent.section("views")
    client.submit(url, {"barriers": "Old and wrong.", "held": "1"})
    page = client.get(url).hidden()
    colleague_client.post(url, {**colleague_client.get(url).hidden(), "barriers": theirs, "held": "1"})
    both_saved(client, url, client.post(url, {**page, "barriers": "Old and wrong.", "quote": "yes"}, status=409))
    kept = saved(session, respondent, "views")
    assert kept is not None
    assert kept.answers == {**({"barriers": theirs} if theirs else {}), "quote": "yes"}, "and what was emptied in mine"


def test_what_a_page_has_saved_by_itself_counts_as_shown(
    client: Client, colleague_client: Client, respondent: Respondent
) -> None:
    url = respondent.section("views")
    page = client.get(url).hidden()
    told = client.post(f"{url}/autosave", {**page, "barriers": "A slip."}, status=200).response.get_json()
    colleague_client.submit(url, {"barriers": "", "held": "2"})
    mine = {**page, "revision": told["revision"], "barriers": "A slip.", "quote": "yes"}
    both_saved(client, url, client.post(url, mine, status=409))
    assert "A slip." not in client.get(url).text


def both_saved(client: Client, url: str, clash: Page) -> None:
    assert "Save both together" in clash.buttons()
    sent = {**clash.hidden(), **{area.get("name"): area.text for area in clash.tree.iter("textarea")}}
    client.post(url, {**sent, "then": "both"})


def test_ones_own_other_window_is_not_called_a_colleague(client: Client, respondent: Respondent) -> None:
    url = respondent.section("organisation")
    opened = client.get(url).hidden()
    client.submit(url, {"legal_name": "In the other window"})
    clash = client.post(url, {**opened, "legal_name": "In this one"}, status=409)
    assert "You saved “Your organisation” at" in clash.text
    assert "in another window" in clash.text
    assert "colleague" not in clash.text
    assert "Saved by Asha Patel" not in clash.text


def test_a_page_that_claims_a_save_that_never_was_is_refused(client: Client, respondent: Respondent) -> None:
    url = respondent.section("organisation")
    client.post(url, {**client.get(url).hidden(), "revision": "7", "legal_name": "Anything"}, status=400)


def test_two_first_saves_clash_too(client: Client, colleague_client: Client, respondent: Respondent) -> None:
    url = respondent.section("views")
    mine, theirs = client.get(url).hidden(), colleague_client.get(url).hidden()
    colleague_client.post(url, {**theirs, "held": "2"})
    client.post(url, {**mine, "held": "3"}, status=409)


def test_saving_the_same_twice_is_no_clash(client: Client, session: Session, respondent: Respondent) -> None:
    url = respondent.section("organisation")
    filled = {**client.get(url).hidden(), "legal_name": "Seaside Health", "then": "continue"}
    first, again = client.post(url, filled), client.post(url, filled)
    assert first.location == again.location
    kept = saved(session, respondent, "organisation")
    assert kept is not None
    assert kept.revision == 1


def test_colleagues_can_fill_different_sections_at_once(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    pages = [(client, "organisation", {"legal_name": "A"}), (colleague_client, "views", {"held": "2"})]
    opened = [
        (who, respondent.section(slug), who.get(respondent.section(slug)).hidden(), typed) for who, slug, typed in pages
    ]
    for who, url, hidden, typed in opened:
        who.post(url, {**hidden, **typed})
    assert {slug for _, slug, _ in pages if saved(session, respondent, slug)} == {"organisation", "views"}


def test_answers_about_lots_that_the_page_did_not_show_are_left_alone(
    client: Client, colleague_client: Client, session: Session, respondent: Respondent
) -> None:
    first, second = (lot.id for lot in respondent.lots)
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely"))
    client.submit(respondent.section("lots"), {f"role-{first}": "lead", f"role-{second}": "subcontract"})
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    opened = client.get(respondent.section("lots")).hidden()
    colleague_client.submit(respondent.section("interest"), respondent.levels("likely", "likely"))
    client.post(respondent.section("lots"), {**opened, f"role-{first}": "consortium"})
    kept = saved(session, respondent, "lots")
    assert kept is not None
    assert kept.answers == {"role": {str(first): "consortium", str(second): "subcontract"}}


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "x" * 20_001])
def test_what_cannot_be_kept_is_refused_with_the_text_still_there(
    client: Client, session: Session, respondent: Respondent, typed: str
) -> None:
    url = respondent.section("views")
    hidden = client.get(url).hidden()
    body = "&".join(f"{name}={value}" for name, value in hidden.items()) + "&held=2&barriers="
    encoded = body.encode() + typed.encode("utf-8", "surrogatepass")
    page = client.post(url, encoded, status=422, content_type="application/x-www-form-urlencoded")
    assert "“What about barriers?”" in page.text.split("There is a problem")[1][:80]
    shown = typed.replace("\x00", "\ufffd")
    assert (shown in page.html) or ("\ud800" in typed and "a\ufffd" in page.html)
    assert saved(session, respondent, "views") is None


def test_a_megabyte_of_text_gets_a_plain_page(client: Client, session: Session, respondent: Respondent) -> None:
    url = respondent.section("views")
    hidden = client.get(url).hidden()
    assert client.post(url, {**hidden, "barriers": "x" * 1_000_000}, status=422).status == 422
    assert client.post(url, {**hidden, "barriers": "x" * 3_000_000}, status=413).status == 413
    assert saved(session, respondent, "views") is None


def test_a_word_limit_is_counted_by_the_server(client: Client, session: Session, respondent: Respondent) -> None:
    page = client.submit(respondent.section("views"), {"barriers": "word " * 501}, status=422)
    assert "“What about barriers?” must be 500 words or fewer; it has 501" in page.links()
    kept = saved(session, respondent, "views")
    assert kept is not None
    assert kept.answers == {"barriers": "word " * 501}


def test_a_page_from_elsewhere_saves_nothing(client: Client, session: Session, respondent: Respondent) -> None:
    hidden = client.get(respondent.section("views")).hidden()
    del hidden["csrf_token"]
    client.post(respondent.section("views"), {**hidden, "held": "2"}, status=400)
    assert saved(session, respondent, "views") is None

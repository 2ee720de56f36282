"""Whoever submits again reads what has changed since the version that counts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webapp.browser_of_pages import Client
from tests.webapp.responses.conftest import Respondent
from webapp.models import MailMessage, Membership, MembershipRole


def changed(client: Client, respondent: Respondent) -> list[str]:
    rows = client.get(respondent.check).tree.iterfind(".//table//tr")
    return [" | ".join(" ".join(" ".join(cell.itertext()).split()) for cell in row) for row in rows]


def test_each_answer_that_differs_stands_beside_what_was_submitted(client: Client, respondent: Respondent) -> None:
    first, second = (f"{lot.code}: {lot.title}" for lot in respondent.lots)
    respondent.fill(client)
    assert changed(client, respondent) == [], "nothing was submitted yet"
    respondent.submit(client)
    assert changed(client, respondent) == []
    client.submit(respondent.section("views"), {"barriers": "Escorts.\r\nVetting."})
    client.submit(respondent.section("interest"), respondent.levels("likely", "possibly"))
    client.submit(respondent.section("lots"), {f"start_wte-{respondent.lots[0].id}": "many"}, status=422)
    heading, left, interest, role, staff, views = changed(client, respondent)
    assert heading == "Question | Version 1 | Your draft"
    assert left.startswith(f"{first}: ")
    assert left.endswith(" Left out, because an answer about this lot needs your attention")
    assert interest.startswith(f"{second}: ")
    assert role.startswith(f"{first}: ")
    assert role.endswith(" | Lead provider | Not answered")
    assert staff.endswith(" | 4.5 | many"), "what cannot be used is shown as it was typed"
    assert views.endswith(" | Not answered | Escorts. Vetting.")
    roles = {f"role-{lot.id}": "lead" for lot in respondent.lots[:2]}
    client.submit(respondent.section("lots"), {f"start_wte-{respondent.lots[0].id}": "5", **roles})
    respondent.submit(client)
    assert changed(client, respondent) == []


def test_lots_of_which_the_same_was_and_is_said_stand_together(client: Client, respondent: Respondent) -> None:
    first, second = (f"{lot.code}: {lot.title}" for lot in respondent.lots)
    client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health"})
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely"))
    staff = {f"start_wte-{lot.id}": "4" for lot in respondent.lots}
    roles = {f"role-{lot.id}": "lead" for lot in respondent.lots}
    client.submit(respondent.section("lots"), {**staff, **roles})
    respondent.submit(client)
    client.submit(respondent.section("interest"), respondent.levels("possibly", "possibly"))
    other = {f"start_wte-{lot.id}": said for lot, said in zip(respondent.lots, "56", strict=True)}
    client.submit(respondent.section("lots"), other, status=422)
    _heading, interest, role, *staff_said = changed(client, respondent)
    assert f"? {first} {second} | " in interest
    assert role.endswith(f"? {first} {second} | Lead provider | Not answered")
    assert [row.split(":")[0] for row in staff_said] == [lot.code for lot in respondent.lots], (
        "each says another number"
    )


def test_a_signatory_who_is_asked_again_reads_which_version_counts(
    client: Client, session: Session, respondent: Respondent
) -> None:
    respondent.fill(client)
    respondent.submit(client)
    client.submit(respondent.section("views"), {"barriers": "Escorts."})
    role = session.scalars(select(Membership).where(Membership.person_id == respondent.colleague.id)).one()
    role.role = MembershipRole.CONTRIBUTOR
    session.commit()
    client.sign_out()
    client.sign_in(respondent.colleague)
    client.post(f"{respondent.check}/ask", client.get(respondent.check).hidden(f"{respondent.check}/ask"))
    [asked] = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Ready"))).all()
    assert "Version 1 counts until you do. See what has changed since" in asked.body


def test_what_stays_out_is_no_change_and_what_is_taken_out_is_one(client: Client, respondent: Respondent) -> None:
    first, second = respondent.lots
    client.submit(respondent.section("organisation"), {"legal_name": "Seaside Health"})
    client.submit(respondent.section("interest"), respondent.levels("likely", "likely"))
    said = {"role": "lead", "start_wte": "4"}
    both = {f"{key}-{lot.id}": typed for lot in (first, second) for key, typed in said.items()}
    wrong = {**both, f"start_wte-{second.id}": "many"}
    client.submit(respondent.section("lots"), wrong, status=422)
    respondent.submit(client, leave_out="y")
    assert "nothing new to submit" in client.get(respondent.check).text
    assert changed(client, respondent) == [], "the lot was left out before too"
    client.submit(respondent.section("lots"), both)
    respondent.submit(client)
    client.submit(respondent.section("lots"), wrong, status=422)
    _heading, *listed = changed(client, respondent)
    about = "Left out, because an answer about this lot needs your attention"
    assert [row.endswith(about) for row in listed] == [True, True, False], listed
    client.submit(respondent.section("interest"), respondent.levels("likely", "no"))
    assert [row.endswith("| No longer asked") for row in changed(client, respondent)[2:]] == [True, True]

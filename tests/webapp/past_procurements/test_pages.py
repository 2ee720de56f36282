"""Past procurements through the pages: taken from files, shown, matched, and removed again."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.past_procurements.packages import AWARD, OCID, TENDER, changed, package
from webapp.exports.workbook import Sheet, workbook
from webapp.models import (
    AuditEvent,
    Contract,
    PastImport,
    PastLot,
    PastProcurement,
    Person,
    Programme,
    PublishedName,
    TeamRole,
)
from webapp.past_procurements.queries import past_lots

MOST_STATEMENTS = 15
CSV = b"lot_id,date,bidders,firms,package\nD1,20/07/2019,2,Time For Teeth Limited,P1\nD2,20/07/2019,0,,P1\n"


@pytest.fixture
def programme(client: Client, session: Session) -> Programme:
    buyer = make.buyer(session)
    found = make.programme(session, buyer)
    officer = make.officer(session, buyer)
    session.commit()
    client.sign_in(officer)
    return found


def at(programme: Programme, *rest: object) -> str:
    return "/".join(["", "programmes", str(programme.id), "past-procurements", *map(str, rest)])


def send(client: Client, programme: Programme, content: bytes, name: str = "past.json") -> Page:
    """What the service shows of a file. Encoded in memory: the test client leaves a large body's file open."""
    where = at(programme, "files")
    file = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart({**client.get(where).hidden(), "file": file})
    page = client.post(where, body, status=None, content_type=f"multipart/form-data; boundary={boundary}")
    return client.get(page.location) if page.status == 302 else page


def take(client: Client, session: Session, programme: Programme, content: bytes) -> PastImport:
    send(client, programme, content)
    file = session.scalars(select(PastImport).order_by(PastImport.created_at.desc()).limit(1)).one()
    client.submit(at(programme, "files", file.id))
    session.expire_all()
    return file


def remove(client: Client, session: Session, programme: Programme, file: PastImport) -> None:
    client.submit(at(programme, "files", file.id, "remove"))
    session.expire_all()


def stored(session: Session) -> PastProcurement:
    return session.scalars(select(PastProcurement)).one()


def acts(session: Session) -> list[str]:
    wanted = AuditEvent.subject_kind.in_(["past_import", "published_name"])
    return list(session.scalars(select(AuditEvent.act).where(wanted).order_by(AuditEvent.id)))


def test_a_package_is_previewed_and_then_put_on_record(client: Client, session: Session, programme: Programme) -> None:
    page = send(client, programme, package(TENDER, AWARD))
    assert "Dental services in prisons" in page.text
    assert "Procurements that are new 1" in page.text
    assert session.scalars(select(PastProcurement)).first() is None, "a preview changes nothing"
    take(client, session, programme, package(TENDER, AWARD))
    listed = client.get(at(programme))
    assert "3, 0" in listed.text, "the bids of each lot"
    shown = client.get(at(programme, stored(session).id)).text
    for fact in (OCID, "A Commissioning Board", "85130000 Dental practice services", "20 Jul 2021", "GB-COH-01234567"):
        assert fact in shown
    assert "000001-2021" in shown, "where it comes from"
    assert "past.json" in shown
    assert acts(session) == ["past_import.sent", "past_import.sent", "past_import.applied"]


def test_a_later_package_completes_an_earlier_one(client: Client, session: Session, programme: Programme) -> None:
    take(client, session, programme, package(TENDER))
    before = stored(session).id
    assert "more becomes known 1" in send(client, programme, package(AWARD)).text
    take(client, session, programme, package(AWARD))
    found = stored(session)
    assert found.id == before, "its address stays"
    assert (found.title, found.lots[0].bids, found.closed_on) == ("Dental services in prisons", 3, date(2021, 7, 20))
    assert len(found.sources) == 2
    assert len({source.import_id for source in found.sources}) == 2


def test_the_order_of_files_makes_no_difference(client: Client, session: Session, programme: Programme) -> None:
    take(client, session, programme, package(changed(AWARD, "tender/title", "Of the award")))
    take(client, session, programme, package(TENDER))
    assert stored(session).title == "Of the award", "the later release, though it came with the earlier file"


def test_a_release_on_record_cannot_come_again_with_another_text(
    client: Client, session: Session, programme: Programme
) -> None:
    take(client, session, programme, package(TENDER))
    page = send(client, programme, package(changed(TENDER, "tender/title", "Forged")))
    assert "says something else here" in page.text
    assert "Put on record" not in page.buttons()
    assert "stay as they are 1" in send(client, programme, package(TENDER)).text


def test_removing_a_file_leaves_what_others_say(client: Client, session: Session, programme: Programme) -> None:
    first = take(client, session, programme, package(TENDER))
    second = take(client, session, programme, package(AWARD))
    csv = take(client, session, programme, CSV)
    remove(client, session, programme, second)
    left = session.scalars(select(PastProcurement).where(PastProcurement.reference == OCID)).one()
    assert (left.lots[0].bids, [source.import_id for source in left.sources]) == (None, [first.id])
    remove(client, session, programme, first)
    remove(client, session, programme, csv)
    assert session.scalar(select(func.count()).select_from(PastLot)) == 0
    assert acts(session)[-3:] == ["past_import.removed"] * 3
    assert "Removed" in client.get(at(programme, "files", first.id)).text
    assert client.get(at(programme, "files", first.id, "remove"), status=302).status == 302, "only once"


def test_a_file_with_a_fault_puts_nothing_on_record(client: Client, session: Session, programme: Programme) -> None:
    page = send(client, programme, CSV + b"D3,31/02/2020,1,,\n")
    assert "4 date 31/02/2020 date must be a real date" in page.text
    file = session.scalars(select(PastImport)).one()
    fields = dict(client.get(at(programme)).hidden()) | dict(client.get(at(programme, "files")).hidden())
    client.post(at(programme, "files", file.id), fields, status=200)
    assert session.scalars(select(PastProcurement)).first() is None
    assert session.scalars(select(PastImport.applied_at)).one() is None


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(
    client: Client, session: Session, programme: Programme
) -> None:
    page = send(client, programme, b'{"releases": [NaN]}')
    assert page.status == 422
    assert "NaN is not a number" in page.text
    assert session.scalars(select(PastImport)).first() is None


def test_a_file_too_large_is_refused_before_it_is_read(client: Client, session: Session, programme: Programme) -> None:
    page = send(client, programme, b'{"releases": [' + b" " * 25_000_001 + b"]}")
    assert page.status == 422
    assert "25 MB or smaller" in page.text
    assert send(client, programme, b" " * 100_000_000).status == 413


def test_the_template_is_a_file_that_can_be_taken(client: Client, session: Session, programme: Programme) -> None:
    content = client.look(at(programme, "files", "template.csv")).response.data
    assert content.startswith(
        b"\xef\xbb\xbflot_id,date,bidders,buyer,category,region,value,package,interest,firms,credible"
    )
    take(client, session, programme, content)
    (lot,) = past_lots(session, programme.id)
    assert (lot.bids, lot.credible_bids, lot.interested, lot.known_on) == (3, 2, 7, date(2021, 7, 20))


def test_a_workbook_is_previewed_and_taken_as_a_csv_file_is(
    client: Client, session: Session, programme: Programme
) -> None:
    rows = [list(line.split(",")) for line in CSV.decode().splitlines()]
    content = workbook([Sheet("Past lots", rows[0], rows[1:])])
    page = send(client, programme, content, "our lots.xlsx")
    assert "Procurements that are new 1" in page.text
    file = take(client, session, programme, content)
    assert file.file_name == "past.xlsx", "the ending that is true"
    assert [lot.bids for lot in stored(session).lots] == [2, 0]


def test_words_of_a_file_whose_letters_are_a_guess_are_shown(
    client: Client, session: Session, programme: Programme
) -> None:
    page = send(client, programme, CSV.replace(b"Time For Teeth Limited", "Café Santé".encode("cp1252")))
    assert "Are these words right? Café, Santé. If not, save the file as “CSV UTF-8” or XLSX, and" in page.text


def test_a_reference_on_record_from_another_file_is_a_fault(
    client: Client, session: Session, programme: Programme
) -> None:
    take(client, session, programme, CSV)
    assert "is on record already, from past.csv" in send(client, programme, CSV).text
    ours = b"lot_id,date,bidders\n" + OCID.encode() + b",20/07/2021,1\n"
    take(client, session, programme, ours)
    assert "is on record already, from past.csv" in send(client, programme, package(TENDER)).text


def test_a_name_is_somebody_s_only_when_a_person_says_so(
    client: Client, session: Session, programme: Programme
) -> None:
    session.add(
        Contract(programme_id=programme.id, title="Dental", supplier_name="Time for Teeth", end_date=date(2028, 3, 31))
    )
    session.commit()
    take(client, session, programme, package(TENDER, AWARD))
    take(client, session, programme, CSV)
    firms = {firm for lot in past_lots(session, programme.id) for firm in lot.firms}
    assert firms == {"gb-coh-01234567", "spectrum dental cic", "time for teeth limited"}
    page = client.get(at(programme, "names"))
    assert "2 names to decide" in page.text
    assert "Spectrum" not in page.text, "looks like nobody the programme knows"
    for name in session.scalars(select(PublishedName).where(PublishedName.name.ilike("time for teeth%"))).all():
        where = at(programme, "names", name.id)
        assert "Choose the organisation" in client.submit(where, {}, status=422).text
        client.submit(where, {"is": "supplier:Time for Teeth"})
    session.expire_all()
    firms = {firm for lot in past_lots(session, programme.id) for firm in lot.firms}
    assert firms == {"time for teeth", "spectrum dental cic"}
    page = client.get(at(programme, "names"))
    assert "No name is left to decide" in page.text
    assert "2 names decided" in page.text
    assert acts(session)[-2:] == ["published_name.decided"] * 2


def test_what_was_decided_holds_for_later_files_and_can_be_decided_anew(
    client: Client, session: Session, programme: Programme
) -> None:
    rival = make.provider(session, name="Spectrum Dental C.I.C.")
    session.add(
        Contract(
            programme_id=programme.id,
            title="Dental",
            supplier_name=rival.name,
            supplier_id=rival.id,
            end_date=date(2028, 3, 31),
        )
    )
    session.commit()
    file = take(client, session, programme, package(TENDER, AWARD))
    name = session.scalars(select(PublishedName).where(PublishedName.name == "Spectrum Dental CIC")).one()
    client.submit(at(programme, "names", name.id), {"is": str(rival.id)})
    remove(client, session, programme, file)
    take(client, session, programme, package(changed(TENDER, "id", "9"), AWARD))
    assert str(rival.id) in past_lots(session, programme.id)[0].firms
    assert "The same as Spectrum Dental C.I.C." in client.get(at(programme, stored(session).id)).text
    client.submit(at(programme, "names", name.id), {"is": "none"})
    session.expire_all()
    assert "spectrum dental cic" in past_lots(session, programme.id)[0].firms


def test_only_what_is_proposed_can_be_chosen(client: Client, session: Session, programme: Programme) -> None:
    stranger = make.provider(session, name="Spectrum Dental CIC")
    session.commit()
    take(client, session, programme, package(TENDER, AWARD))
    name = session.scalars(select(PublishedName).where(PublishedName.name == stranger.name)).one()
    page = client.submit(at(programme, "names", name.id), {"is": str(stranger.id)}, status=422)
    assert str(stranger.id) not in page.text, "who else uses the service is nobody's business"
    assert session.scalars(select(PublishedName.decided_at).where(PublishedName.id == name.id)).one() is None


def test_a_list_is_found_through_by_words_and_by_what_is_known(
    client: Client, session: Session, programme: Programme
) -> None:
    assert "on record yet" in client.get(f"{at(programme)}?programme_id=1").text, "nobody asked for anything"
    take(client, session, programme, package(TENDER))
    take(client, session, programme, CSV)
    for asked, count in (("q=dental+commissioning", 1), ("q=TEETH", 1), ("q=100%25", 0), ("bids=y", 1), ("q=", 2)):
        page = client.get(f"{at(programme)}?{asked}")
        assert (f"{count} past procurement" in page.text) is bool(count), asked


def test_a_reviewer_reads_but_opens_no_file_and_no_match(
    client: Client, session: Session, programme: Programme
) -> None:
    take(client, session, programme, package(TENDER, AWARD))
    reviewer: Person = make.officer(session, make.buyer(session))
    membership = reviewer.memberships[0].organisation_id
    make.team_member(session, programme.id, reviewer.id, membership, role=TeamRole.REVIEWER)
    session.commit()
    client.sign_out()
    client.sign_in(reviewer)
    page = client.get(at(programme, stored(session).id))
    assert "Spectrum Dental CIC" in page.text
    assert "Not decided" not in page.text
    assert not any("/files/" in address for address in page.links().values())
    client.get(at(programme, "files"), status=404)
    client.get(at(programme, "names"), status=404)


def test_pages_cost_as_many_statements_for_many_rows_as_for_few(
    client: Client, session: Session, programme: Programme
) -> None:
    lines = [
        f"L{n},20/07/2019,{n % 5},Firm {n} Ltd{';Other Firm' * (n % 5 > 1)},P{n // 3}" for n in range(1, 900) if n % 5
    ]
    take(client, session, programme, b"lot_id,date,bidders,firms,package\n" + "\n".join(lines).encode())
    found = session.scalars(select(PastProcurement.id).limit(1)).one()
    file = session.scalars(select(PastImport.id)).one()
    for where in (
        at(programme),
        at(programme, found),
        at(programme, "files"),
        at(programme, "files", file),
        at(programme, "names"),
    ):
        assert len(client.get(where).statements) <= MOST_STATEMENTS
    assert len(past_lots(session, programme.id)) == len(lines)

"""What the catalogue says, in which language, and that it is up to date."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client, Page
from webapp import language
from webapp.language import ENGLISH, Later, _, known, languages, ngettext, speaking, spoken
from webapp.models import Person
from webapp.web import counter
from webapp.web import format as written
from webapp.web.numbers import NumberError, parse_number

ROOT = Path(__file__).parents[2]
WELSH = {
    "Save": "Cadw",
    "Closes at %(when)s": "Mae’n cau am %(when)s",
    "100%% sure": "100%% yn siŵr",
    ("%(num)s lot", "%(num)s lots"): (
        "%(num)s lotiau",
        "%(num)s un lot",
        "%(num)s dau lot",
        "%(num)s tri lot",
        "%(num)s chwe lot",
    ),
    "%(subject)s must be a number, like %(example)s": "Rhaid i %(subject)s fod yn rhif, fel %(example)s",
}


@pytest.fixture
def welsh(tmp_path: Path) -> Iterator[Path]:
    """Welsh, with a few texts; the folder of the translations that there are."""
    translate(tmp_path, "cy", WELSH)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "FOLDER", tmp_path)
        yield tmp_path


def translate(folder: Path, code: str, texts: dict[str | tuple[str, str], str | tuple[str, ...]]) -> None:
    catalogue = Catalog(locale=code)
    for message, said in texts.items():
        catalogue.add(message, said, flags=["python-format"])
    path = folder / code / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as target:
        write_po(target, catalogue)


def test_a_text_without_a_translation_is_said_in_english(welsh: Path) -> None:
    with speaking("cy"):
        assert _("Save") == "Cadw"
        assert _("Send %(what)s", what="it") == "Send it"


def test_values_and_per_cent_signs(welsh: Path) -> None:
    assert _("Closes at %(when)s", when="noon") == "Closes at noon"
    assert _("100%% sure") == "100% sure"
    with speaking("cy"):
        assert _("Closes at %(when)s", when="hanner dydd") == "Mae’n cau am hanner dydd"
        assert _("100%% sure") == "100% yn siŵr"


@pytest.mark.parametrize(
    ("count", "english", "in_welsh"),
    [
        (0, "0 lots", "0 lotiau"),
        (1, "1 lot", "1 un lot"),
        (2, "2 lots", "2 dau lot"),
        (3, "3 lots", "3 tri lot"),
        (6, "6 lots", "6 chwe lot"),
        (7, "7 lots", "7 lotiau"),
    ],
)
def test_plurals_follow_the_rules_of_the_language(welsh: Path, count: int, english: str, in_welsh: str) -> None:
    assert ngettext("%(num)s lot", "%(num)s lots", count) == english
    with speaking("cy"):
        assert ngettext("%(num)s lot", "%(num)s lots", count) == in_welsh


def test_the_number_of_a_plural_may_be_written_in_its_own_way() -> None:
    assert ngettext("%(num)s lot", "%(num)s lots", 1200, num="1,200") == "1,200 lots"


def test_a_text_for_later_is_said_when_it_is_shown(welsh: Path, app: Flask) -> None:
    label = Later("Save")
    assert (str(label), f"{label}", f"{label:>6}", "%(x)s" % {"x": label}) == ("Save", "Save", "  Save", "Save")  # noqa: UP031 - as messages do
    with speaking("cy"):
        assert (str(label), f"{label}", f"{label:>6}", "%(x)s" % {"x": label}) == ("Cadw", "Cadw", "  Cadw", "Cadw")  # noqa: UP031
        with app.test_request_context():
            assert render_template_string("{{ label }}, {{ label ~ '!' }}", label=label) == "Cadw, Cadw!"
    assert str(label) == "Save"


def test_a_text_for_later_takes_values(welsh: Path) -> None:
    closes = Later("Closes at %(when)s")
    with speaking("cy"):
        assert closes.said(when="9") == "Mae’n cau am 9"
    assert closes.said(when="9") == "Closes at 9"


def test_templates_escape_values_and_leave_markup_of_the_text(welsh: Path, app: Flask) -> None:
    template = '{{ _("Closes at %(when)s", when=when) }}|{% trans %}Closes at {{ when }}{% endtrans %}'
    with app.test_request_context():
        assert render_template_string(template, when="<9>") == "Closes at &lt;9&gt;|Closes at &lt;9&gt;"
        with speaking("cy"):
            assert render_template_string(template, when="<9>") == "|".join(["Mae’n cau am &lt;9&gt;"] * 2)
        counted = "{% trans num=count %}{{ num }} lot{% pluralize %}{{ num }} lots{% endtrans %}"
        assert render_template_string(counted, count=1) == "1 lot"
        with speaking("cy"):
            assert render_template_string(counted, count=2) == "2 dau lot"
            assert render_template_string('{{ _("100%% sure") }}') == "100% yn siŵr"


def test_a_message_composed_for_somebody_leaves_the_language_as_it_was(welsh: Path) -> None:
    with speaking("cy"):
        with speaking("en"):
            assert _("Save") == "Save"
        assert _("Save") == "Cadw"
        with pytest.raises(ZeroDivisionError), speaking(None):
            _("%(one)s", one=1 / 0)
        assert spoken().code == "cy"
    assert spoken() is ENGLISH


def test_an_unknown_language_is_english(welsh: Path) -> None:
    for code in ("xx", "", None, "../cy"):
        with speaking(code):
            assert spoken() is ENGLISH
        assert known(code) is None


def test_one_thread_does_not_speak_for_another(welsh: Path) -> None:
    heard: list[str] = []
    with speaking("cy"):
        thread = threading.Thread(target=lambda: heard.append(_("Save")))
        thread.start()
        thread.join()
    assert heard == ["Save"]


def test_languages_call_themselves_by_their_own_names(welsh: Path) -> None:
    assert [(each.code, each.name) for each in languages()] == [("en", "English"), ("cy", "Cymraeg")]


def test_a_translation_brings_its_own_plural_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cy" / "messages.po"
    path.parent.mkdir()
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n == 0 ? 2 : n == 8 || n == 11 ? 1 : 0);\\n"\n\n'
        '#, python-format\nmsgid "%(num)s lot"\nmsgid_plural "%(num)s lots"\n'
        'msgstr[0] "%(num)s arall"\nmsgstr[1] "%(num)s arbennig"\nmsgstr[2] "%(num)s dim"\n'
    )
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    with speaking("cy"):
        said = [ngettext("%(num)s lot", "%(num)s lots", count) for count in (0, 1, 8, 11, 12)]
    assert said == ["0 dim", "1 arall", "8 arbennig", "11 arbennig", "12 arall"]


def test_dates_money_and_numbers_in_welsh(welsh: Path) -> None:
    closes = datetime(2027, 4, 1, 15, 30, tzinfo=UTC)
    with speaking("cy"):
        assert written.day(date(2027, 4, 1)) == "1 Ebrill 2027"
        assert written.short_day(date(2027, 4, 1)) == "1 Ebr 2027"
        assert written.month(date(2027, 4, 1)) == "Ebrill 2027"
        assert written.clock(closes) == "16:30"
        assert written.clock(datetime(2027, 1, 1, 12, tzinfo=UTC)) == "12:00"
        assert written.money(1200) == "£1,200"
        assert written.money(1200.5) == "£1,200.50"
        assert written.number(1234.5, 1) == "1,234.5"
        assert written.file_size(1_300_000) == "1.3 MB"
    assert written.clock(closes) == "4:30pm"


def test_a_message_names_its_field_inside_the_sentence(welsh: Path) -> None:
    with pytest.raises(NumberError) as refused:
        parse_number("many", places=0, minimum=None, maximum=Decimal(9))
    assert refused.value.about("Staff") == "Staff must be a number, like 9"
    with speaking("cy"):
        assert refused.value.about("Staff") == "Rhaid i Staff fod yn rhif, fel 9"


def test_the_character_count_has_every_plural_form_of_the_language(welsh: Path) -> None:
    assert counter.texts(words=True) == {}
    with speaking("cy"):
        texts = counter.texts(words=False)
    forms = {name.rpartition(".")[2] for name in texts if "under-limit" in name}
    assert forms == {"zero", "one", "two", "few", "many", "other"}
    assert texts["data-i18n.characters-under-limit.one"] == "You have %{count} character remaining"
    assert texts["data-i18n.characters-over-limit.other"] == "You have %{count} characters too many"


def test_the_browser_says_which_language_it_wants(welsh: Path, client: Client) -> None:
    assert lang(client, "/sign-in") == "en"
    assert lang(client, "/sign-in", "fr, cy;q=0.5, en;q=0.2") == "cy"
    assert lang(client, "/sign-in", "fr") == "en"
    assert lang(client, "/sign-in", "cy-GB") == "cy"
    assert lang(client, "/sign-in") == "en", "the last request’s language stays with that request"


def test_a_request_leaves_no_language_behind(welsh: Path, client: Client) -> None:
    assert 'lang="cy"' in client.get("/", headers={"Accept-Language": "cy"}).html
    assert spoken() is ENGLISH


def test_a_reader_chooses_a_language_and_keeps_it(welsh: Path, client: Client) -> None:
    assert client.get("/privacy?a=b").hidden("/language")["next"] == "/privacy?a=b"
    chosen = choose(client, "/privacy", "cy")
    assert chosen.location == "/privacy"
    cookie = chosen.response.headers["Set-Cookie"]
    assert "language=cy" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert lang(client, "/sign-in") == "cy"
    assert lang(client, "/sign-in", "en") == "cy", "what somebody chose goes before what the browser asks for"
    choose(client, "/sign-in", "en")
    assert lang(client, "/sign-in", "cy") == "en"


def test_choosing_writes_down_the_language_of_whoever_is_signed_in(
    welsh: Path, client: Client, session: Session
) -> None:
    person = make.provider_person(session)
    session.commit()
    client.sign_in(person)
    choose(client, "/account", "cy")
    session.expire_all()
    assert session.get_one(Person, person.id).language == "cy"


def test_choosing_needs_a_language_that_there_is(welsh: Path, client: Client, session: Session) -> None:
    for code in ("xx", ""):
        page = choose(client, "/privacy", code, status=400)
        assert "Set-Cookie" not in page.response.headers or "language=" not in page.response.headers["Set-Cookie"]


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "", "javascript:x"])
def test_choosing_never_sends_anyone_elsewhere(welsh: Path, client: Client, elsewhere: str) -> None:
    assert choose(client, elsewhere, "cy").location == "/"


def test_pages_for_officers_stay_in_english(welsh: Path, client: Client, session: Session) -> None:
    officer = make.officer(session)
    session.commit()
    client.sign_in(officer)
    choose(client, "/privacy", "cy")
    assert lang(client, "/privacy") == "cy"
    page = client.get("/programmes")
    assert page.tree.get("lang") == "en"
    assert "Cymraeg" in page.buttons(), "the choice is offered all the same: it is for their messages too"


def test_with_english_alone_there_is_nothing_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    page = client.get("/privacy", headers={"Accept-Language": "cy"})
    assert page.tree.get("lang") == "en"
    assert page.tree.find(".//form[@action='/language']") is None


def test_the_list_of_texts_is_current(tmp_path: Path) -> None:
    """By the command that `make catalogue` runs."""
    made = tmp_path / "messages.pot"
    subprocess.run([*extraction(), "--output", made, "webapp"], cwd=ROOT, check=True, capture_output=True)
    found, kept = texts_in(made), texts_in(ROOT / "webapp/translations/messages.pot")
    assert found == kept, f"run `make catalogue`: new {found - kept}, gone {kept - found}"


def test_every_text_with_values_is_marked_as_such() -> None:
    with (ROOT / "webapp/translations/messages.pot").open("rb") as source:
        for message in read_po(source):
            assert message.id == "" or message.python_format == ("%" in str(message.id)), message.id


def extraction() -> list[str]:
    """The part of the Makefile that finds the texts, with the tool of the Python that runs this."""
    lines = (ROOT / "Makefile").read_text().replace("\\\n", " ").splitlines()
    words = next(line for line in lines if "pybabel --quiet extract" in line).split()
    options = " ".join(words[words.index("extract") : words.index("--output")]).replace('"', "")
    head, _comments, _rest = options.partition(" --add-comments")
    return [sys.executable, "-m", "babel.messages.frontend", *head.split()]


def texts_in(path: Path) -> set[object]:
    with path.open("rb") as source:
        return {key_of(message) for message in read_po(source) if message.id}


def key_of(message: Message) -> object:
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def lang(client: Client, url: str, wanted: str = "") -> str:
    page = client.get(url, headers={"Accept-Language": wanted} if wanted else {})
    return str(page.tree.get("lang"))


def choose(client: Client, url: str, code: str, *, status: int = 302) -> Page:
    """As the footer's button does on a page without a form of its own, such as the one about privacy."""
    form = {**client.get("/privacy").hidden("/language").to_dict(), "next": url, "language": code}
    return client.post("/language", form, status=status)

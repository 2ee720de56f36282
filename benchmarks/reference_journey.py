"""The measure of the measure: the same journey in plain Flask and SQLAlchemy, for as many statements a page.

The same questions with their hints, reasons and options, as many lots, controls and pages, the same answers shown again
in words; and nothing else: no design system, no session in the database, no audit, no rules, no checks, no languages.
What the real app costs beyond this is what those cost: so signing in and submitting take fewer statements here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, redirect, render_template, request, session
from jinja2 import DictLoader
from sqlalchemy import JSON, ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.browsing import Browser
from benchmarks.walk import answers
from webapp.engagements.questionnaires import HEALTH_AND_JUSTICE, QuestionContent, SectionContent
from webapp.models import AskedPer, QuestionKind

PAGE = """<!doctype html><html lang="en"><title>{% block title %}{% endblock %}</title>
<body><main><h1>{{ self.title() }}</h1>{% block main %}{% endblock %}</main></body></html>"""

FORM = """{% extends "page.html" %}{% block title %}{{ section.title }}{% endblock %}{% block main %}
{% if section.introduction %}<p>{{ section.introduction }}</p>{% endif %}
<form method="post">{% for control in controls %}
<fieldset><legend>{{ control.label }}</legend>
{% if control.question.hint %}<p>{{ control.question.hint }}</p>{% endif %}
{% if control.question.why %}<details><summary>Why we ask this</summary>{{ control.question.why }}</details>{% endif %}
{% for value, label in control.choices %}
<input type="{{ control.box }}" id="{{ control.name }}-{{ loop.index }}" name="{{ control.name }}" value="{{ value }}"
{% if value in saved.get(control.name, ()) %} checked{% endif %}>
<label for="{{ control.name }}-{{ loop.index }}">{{ label }}</label>
{% endfor %}{% for name, label in control.parts %}
<label for="{{ name }}">{{ label }}</label><input id="{{ name }}" name="{{ name }}" value="{{ saved.get(name, "") }}">
{% endfor %}{% if control.question.kind == "long_text" %}
<textarea name="{{ control.name }}">{{ saved.get(control.name, "") }}</textarea>{% endif %}
</fieldset>{% endfor %}<input type="hidden" name="revision" value="1"><button>Save</button></form>{% endblock %}"""

LIST = """{% extends "page.html" %}{% block title %}{{ heading }}{% endblock %}{% block main %}
{% for lot in lots %}<h2>{{ lot.code }}</h2><p>{{ lot.title }}</p>{% endfor %}
{% for section in tasks %}<p><a href="/sections/{{ section.slug }}">{{ section.title }}</a> Not started</p>{% endfor %}
{% for section, rows in answered %}<h2>{{ section.title }}</h2><a href="/sections/{{ section.slug }}">Change</a>
<dl>{% for label, words in rows %}<dt>{{ label }}</dt><dd>{{ words }}</dd>{% endfor %}</dl>{% endfor %}
<form method="post"><input type="hidden" name="nonce" value="{{ nonce }}"><button>Go on</button></form>{% endblock %}"""


class Base(DeclarativeBase):
    pass


class RefPerson(Base):
    __tablename__ = "ref_person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class RefLot(Base):
    __tablename__ = "ref_lot"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]


class RefResponse(Base):
    __tablename__ = "ref_response"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("ref_person.id"))
    submitted: Mapped[bool] = mapped_column(default=False)


class RefDraft(Base):
    __tablename__ = "ref_draft"
    response_id: Mapped[int] = mapped_column(ForeignKey("ref_response.id"), primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class RefAnswer(Base):
    __tablename__ = "ref_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("ref_response.id"), index=True)
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


@dataclass(frozen=True)
class Control:
    """A question, about one lot where it is asked per lot, as its form draws it."""

    question: QuestionContent
    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, str]]
    """The names and labels of its text boxes."""

    @property
    def box(self) -> str:
        return "checkbox" if self.question.kind in (QuestionKind.SOME_OF, QuestionKind.PACKAGES) else "radio"


SECTIONS = {section.slug: section for section in HEALTH_AND_JUSTICE}
LOTS = tuple(f"LOT{number}" for number in range(1, 9))
MORE_STATEMENTS = {"/engagement": 4, "/tasks": 1}
"""What these pages of the real app read beyond the response, its lots and its answers."""
PARTS: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.DATE: ("day", "month", "year"),
    QuestionKind.MONEY_RANGE: ("smallest", "largest"),
    QuestionKind.DATE_RANGES: tuple(f"1-{end}-{part}" for end in ("from", "to") for part in ("day", "month", "year")),
}
engine = create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://"))
app = Flask(__name__)
app.secret_key = secrets.token_hex() if "SOUNDINGS_SECRET_KEY" not in os.environ else os.environ["SOUNDINGS_SECRET_KEY"]
app.jinja_loader = DictLoader({"page.html": PAGE, "form.html": FORM, "list.html": LIST})


def prepare() -> None:
    """The tables and the lots."""
    Base.metadata.create_all(engine)
    with Session(engine) as database:
        database.add_all(RefLot(code=lot, title=f"Health services of prison {lot}, for six years") for lot in LOTS)
        database.commit()


def controls(section: SectionContent, lots: Sequence[RefLot]) -> Iterator[Control]:
    for question in section.questions:
        for lot in [None] if question.asked_per is AskedPer.RESPONSE else lots:
            name = f"{question.key}-{lot.code}" if lot else question.key
            label = f"{question.wording} {lot.code}: {lot.title}" if lot else question.wording
            yield Control(question, name, label, _choices(question, lots), _parts(question, name, lots))


def _choices(question: QuestionContent, lots: Sequence[RefLot]) -> Sequence[tuple[str, str]]:
    if question.kind is QuestionKind.PACKAGES:
        return [(lot.code, f"{lot.code}: {lot.title}") for lot in lots]
    return (("yes", "Yes"), ("no", "No")) if question.kind is QuestionKind.YES_NO else question.options


def _parts(question: QuestionContent, name: str, lots: Sequence[RefLot]) -> Sequence[tuple[str, str]]:
    if question.kind in PARTS:
        return [(f"{name}-{part}", part) for part in PARTS[question.kind]]
    if question.kind is QuestionKind.RANKING:
        return [(f"{name}-{lot.code}", f"{lot.code}: {lot.title}") for lot in lots]
    if question.kind is QuestionKind.ROWS:
        return [(f"{name}-1-{column.key}", column.label) for column in question.columns]
    is_one_box = question.kind is not QuestionKind.LONG_TEXT and not _choices(question, lots)
    return [(name, "Your answer")] if is_one_box else []


def in_words(control: Control, saved: Mapping[str, Any]) -> str:
    names = [name for name, _ in control.parts] or [control.name]
    given = [saved.get(name, "") for name in names]
    labels = dict(control.choices)
    return ", ".join(
        labels.get(value, value) for each in given for value in ([each] if isinstance(each, str) else each)
    )


@dataclass(frozen=True)
class Found:
    response: RefResponse
    lots: Sequence[RefLot]
    drafts: Mapping[str, RefDraft]

    def saved(self, section: SectionContent) -> Mapping[str, Any]:
        return self.drafts[section.slug].answers if section.slug in self.drafts else {}

    def answered(self) -> Iterator[tuple[SectionContent, list[tuple[str, str]]]]:
        for section in SECTIONS.values():
            saved = self.saved(section)
            yield section, [(each.label, in_words(each, saved)) for each in controls(section, self.lots)]


def _read(database: Session) -> Found:
    """Four statements, as many as a page of the real app needs, and those that some need beyond."""
    person = database.scalars(select(RefPerson).where(RefPerson.id == session["person"])).one()
    response = database.scalars(select(RefResponse).where(RefResponse.person_id == person.id)).one()
    lots = database.scalars(select(RefLot).order_by(RefLot.id)).all()
    drafts = database.scalars(select(RefDraft).where(RefDraft.response_id == response.id)).all()
    for _ in range(MORE_STATEMENTS.get(request.path, 0)):
        database.scalars(select(RefAnswer).where(RefAnswer.response_id == response.id)).all()
    return Found(response, lots, {draft.section: draft for draft in drafts})


def _list_page(heading: str, **shown: Any) -> str:
    return render_template("list.html", heading=heading, nonce=secrets.token_hex(), **shown)


@app.before_request
def read_form() -> None:
    """As the real app does to check its token; answered before its body has come, a connection is closed by granian."""
    request.form  # noqa: B018 - read by being asked for


@app.get("/")
def home() -> str:
    return "ready"


@app.get("/link")
def link() -> str:
    return _list_page("Sign in")


@app.post("/link")
def enter() -> Any:
    with Session(engine, expire_on_commit=False) as database:
        person = RefPerson(name="Asha Patel")
        database.add(person)
        database.flush()
        database.add(RefResponse(person_id=person.id))
        database.commit()
        session["person"] = person.id
    return redirect("/engagement")


@app.get("/engagement")
@app.get("/begin")
def lots_page() -> str:
    with Session(engine, expire_on_commit=False) as database:
        return _list_page(request.path, lots=_read(database).lots)


@app.post("/begin")
def begin() -> Any:
    with Session(engine, expire_on_commit=False) as database:
        _read(database)
    return redirect("/tasks")


@app.get("/tasks")
def tasks() -> str:
    with Session(engine, expire_on_commit=False) as database:
        _read(database)
        return _list_page("Your response", tasks=SECTIONS.values())


@app.get("/check")
@app.get("/receipt")
def answers_page() -> str:
    with Session(engine, expire_on_commit=False) as database:
        return _list_page(request.path, answered=_read(database).answered())


@app.get("/sections/<slug>")
def form(slug: str) -> str:
    with Session(engine, expire_on_commit=False) as database:
        found, section = _read(database), SECTIONS[slug]
        return render_template(
            "form.html", section=section, controls=controls(section, found.lots), saved=found.saved(section)
        )


@app.post("/sections/<slug>")
def save(slug: str) -> Any:
    with Session(engine, expire_on_commit=False) as database:
        found = _read(database)
        kept = {name: values if len(values) > 1 else values[0] for name, values in request.form.lists()}
        database.add(RefDraft(response_id=found.response.id, section=slug, answers=kept))
        database.commit()
    return redirect("/tasks")


@app.post("/check")
def submit() -> Any:
    with Session(engine, expire_on_commit=False) as database:
        found = _read(database)
        rows = [(name, value) for draft in found.drafts.values() for name, value in draft.answers.items()]
        database.add_all(RefAnswer(response_id=found.response.id, name=name, value=value) for name, value in rows)
        found.response.submitted = True
        database.commit()
    return redirect("/receipt")


def walk_reference(browser: Browser) -> None:
    """As many pages as the real journey, with the same answers typed."""
    browser.post("sign-in link", "/link", browser.get("sign-in link", "/link").hidden)
    browser.get("engagement", "/engagement")
    browser.post("begin", "/begin", browser.get("begin", "/begin").hidden)
    browser.get("task list", "/tasks")
    for slug, section in SECTIONS.items():
        path = f"/sections/{slug}"
        browser.post(f"section {slug}", path, browser.get(f"section {slug}", path).hidden | answers(section, LOTS))
    browser.post("check", "/check", browser.get("check", "/check").hidden)
    browser.get("receipt", "/receipt")

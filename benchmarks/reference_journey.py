"""The measure of the measure: the same journey in plain Flask and SQLAlchemy, for as many statements on each page.

The same questions, lots and number of pages, and nothing else: no design system, no session in the database, no audit,
no rules, no checks. What the real app costs beyond this is what those cost.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from flask import Flask, redirect, render_template, request, session
from jinja2 import DictLoader
from sqlalchemy import JSON, ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from benchmarks.browsing import Browser
from benchmarks.walk import answers
from webapp.engagements.questionnaires import HEALTH_AND_JUSTICE
from webapp.models import AskedPer, QuestionKind

PAGE = """<!doctype html><html lang="en"><title>{% block title %}{% endblock %}</title>
<body><main><h1>{{ self.title() }}</h1>{% block main %}{% endblock %}</main></body></html>"""

FORM = """{% extends "page.html" %}{% block title %}{{ section.title }}{% endblock %}{% block main %}
<form method="post">{% for question in questions %}{% for about in abouts(question) %}
{% set name = question.key ~ about %}
<p><label>{{ question.wording }} {{ about }}
{% if question.options %}{% for value, label in question.options %}
<input type="radio" name="{{ name }}" value="{{ value }}"
{% if saved.get(name) == value %} checked{% endif %}> {{ label }}
{% endfor %}{% elif question.kind == "long_text" %}<textarea name="{{ name }}">{{ saved.get(name, "") }}</textarea>
{% else %}<input name="{{ name }}" value="{{ saved.get(name, "") }}">{% endif %}</label></p>
{% endfor %}{% endfor %}<input type="hidden" name="revision" value="1"><button>Save</button></form>{% endblock %}"""

LIST = """{% extends "page.html" %}{% block title %}{{ heading }}{% endblock %}{% block main %}
{% for section in sections %}<h2>{{ section.title }}</h2><dl>{% for name, value in saved(section).items() %}
<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>{% endfor %}
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
    title: Mapped[str]


class RefSection(Base):
    __tablename__ = "ref_section"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class RefResponse(Base):
    __tablename__ = "ref_response"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("ref_person.id"))
    submitted: Mapped[bool] = mapped_column(default=False)


class RefDraft(Base):
    __tablename__ = "ref_draft"
    response_id: Mapped[int] = mapped_column(ForeignKey("ref_response.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("ref_section.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class RefAnswer(Base):
    __tablename__ = "ref_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("ref_response.id"), index=True)
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)


SECTIONS = {section.slug: section for section in HEALTH_AND_JUSTICE}
LOTS = tuple(f"LOT{number}" for number in range(1, 9))
engine = create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://"))
app = Flask(__name__)
app.secret_key = secrets.token_hex() if "SOUNDINGS_SECRET_KEY" not in os.environ else os.environ["SOUNDINGS_SECRET_KEY"]
app.jinja_loader = DictLoader({"page.html": PAGE, "form.html": FORM, "list.html": LIST})


def prepare() -> None:
    """The tables, the lots and the sections."""
    Base.metadata.create_all(engine)
    with Session(engine) as database:
        database.add_all(RefLot(title=lot) for lot in LOTS)
        database.add_all(
            RefSection(id=number, title=section.title) for number, section in enumerate(HEALTH_AND_JUSTICE)
        )
        database.commit()


def _abouts(question: Any) -> list[str]:
    return [""] if question.asked_per is AskedPer.RESPONSE else [f"-{lot}" for lot in LOTS]


def _read(database: Session) -> tuple[RefResponse, dict[int, RefDraft]]:
    """Five statements, as many as a page of the real app needs."""
    person = database.scalars(select(RefPerson).where(RefPerson.id == session["person"])).one()
    response = database.scalars(select(RefResponse).where(RefResponse.person_id == person.id)).one()
    database.scalars(select(RefSection).order_by(RefSection.id)).all()
    database.scalars(select(RefLot).order_by(RefLot.id)).all()
    drafts = database.scalars(select(RefDraft).where(RefDraft.response_id == response.id)).all()
    return response, {draft.section_id: draft for draft in drafts}


def _list_page(heading: str) -> str:
    with Session(engine, expire_on_commit=False) as database:
        _, drafts = _read(database)
        numbers = {slug: number for number, slug in enumerate(SECTIONS)}
        return render_template(
            "list.html",
            heading=heading,
            sections=SECTIONS.values(),
            saved=lambda section: drafts[numbers[section.slug]].answers if numbers[section.slug] in drafts else {},
            nonce=secrets.token_hex(),
        )


@app.get("/")
def home() -> str:
    return "ready"


@app.get("/link")
def link() -> str:
    return render_template("list.html", heading="Sign in", sections=(), nonce="")


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
@app.get("/tasks")
@app.get("/check")
@app.get("/receipt")
def list_page() -> str:
    return _list_page(request.path)


@app.post("/begin")
def begin() -> Any:
    _list_page("Begin")
    return redirect("/tasks")


@app.get("/sections/<slug>")
def form(slug: str) -> str:
    with Session(engine, expire_on_commit=False) as database:
        _, drafts = _read(database)
        section, number = SECTIONS[slug], list(SECTIONS).index(slug)
        saved = drafts[number].answers if number in drafts else {}
        return render_template(
            "form.html", section=section, questions=section.questions, abouts=_abouts, saved=saved, kinds=QuestionKind
        )


@app.post("/sections/<slug>")
def save(slug: str) -> Any:
    with Session(engine, expire_on_commit=False) as database:
        response, _ = _read(database)
        kept = {name: values if len(values) > 1 else values[0] for name, values in request.form.lists()}
        database.add(RefDraft(response_id=response.id, section_id=list(SECTIONS).index(slug), answers=kept))
        database.commit()
    return redirect("/tasks")


@app.post("/check")
def submit() -> Any:
    with Session(engine, expire_on_commit=False) as database:
        response, drafts = _read(database)
        rows = [(name, value) for draft in drafts.values() for name, value in draft.answers.items()]
        database.add_all(RefAnswer(response_id=response.id, name=name, value=value) for name, value in rows)
        response.submitted = True
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

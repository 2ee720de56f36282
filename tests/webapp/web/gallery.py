"""An app of nothing but our page machinery: one page with every field, component and chart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NoReturn

from flask import Flask, Response, abort, flash, jsonify, redirect, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.exc import OperationalError

from webapp.web import charts
from webapp.web.dates import DateField
from webapp.web.fields import (
    CharacterCountField,
    CheckboxesField,
    CheckboxField,
    EmailField,
    HiddenField,
    IntegerField,
    MoneyField,
    NumberField,
    PasswordField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.forms import BaseForm, ErrorLink
from webapp.web.matrix import MatrixOption, RadioRow
from webapp.web.pagination import Page
from webapp.web.provenance import Provenance
from webapp.web.setup import register_web
from webapp.web.validators import Answered, EmailAddress

LOTS = (
    "HMP Liverpool",
    "HMP Preston and HMP Kirkham, with dental care & substance misuse services in both <sites>",
    "Barton Moss",
)
LEVELS = tuple(
    MatrixOption(value=value, label=label)
    for value, label in (("would", "Would bid"), ("likely", "Likely"), ("possibly", "Possibly"), ("no", "No"))
)

PAGE = """
{% extends "layouts/full.html" %}
{% from "components/page.html" import button, details, empty_state, inset, key_figures, link_button, post_button %}
{% from "components/page.html" import provenance, tag, warning %}
{% from "components/data.html" import figure, progress, summary_list, table, task_list %}
{% from "components/matrix.html" import radio_matrix %}
{% from "components/navigation.html" import pagination, section_navigation %}
{% set page_title = "Every component" %}
{% set caption = "Gallery" %}
{% set back = {"href": "/"} %}
{% block content %}
{{ section_navigation([{"text": "Here", "href": "#", "current": true}, {"text": "There", "href": "#there"}], "Parts") }}
{{ key_figures([{"value": "40", "label": "responses", "note": "of 52 invited"}, {"value": "12", "label": "lots"}]) }}
<form method="post" novalidate>
  {{ form.hidden_tag() }}{{ form.version }}
  {{ form.name }}{{ form.email }}{{ form.password }}{{ form.reason }}{{ form.barriers }}{{ form.staff }}{{ form.value }}
  {{ form.share }}{{ form.start }}{{ form.kind(size="m", conditional={"other": form.other}) }}{{ form.groups }}
  {{ form.size }}{{ form.quoted }}
  <h2 class="govuk-heading-m">Interest</h2>
  {{ radio_matrix(levels, options) }}
  {{ button("Save and continue") }}
</form>
{{ summary_list([{"key": "Name", "value": "Ada", "href": "#"}, {"key": "Type", "value": "Charity"}], "About you") }}
{{ table("Values", [{"text": "Lot"}, {"text": "Value", "numeric": true}], [["Lot 1", 1200|money]]) }}
{{ table("Every value of each lot, year by year, with its source",
         [{"text": "Source"}, {"text": "First year"}, {"text": "Second year"}, {"text": "Third year"}],
         [["Pneumonoultramicroscopicsilicovolcanoconiosis" * 3, "1", "2", "3"]]) }}
{{ task_list([{"title": "Lots", "href": "#", "status": "Not yet started", "colour": "blue", "hint": "Per lot"},
              {"title": "Sign", "status": "Completed"}]) }}
{{ progress("Half done", url_for("progress"), "/") }}
{{ tag("Draft", "yellow") }}{{ inset("Note this.") }}{{ warning("A draft is not a submission.") }}
{% call details("More") %}<p class="govuk-body">Said.</p>{% endcall %}
{% call empty_state("No responses yet.") %}<p class="govuk-body">Invite someone.</p>{% endcall %}
{{ empty_state("No lots.") }}
{{ link_button("Onward", "/") }}{{ post_button("Remove", "/remove", "warning", {"id": "7"}) }}
{{ provenance(run) }}{{ pagination(page, page_url) }}
{% for id, caption, chart in drawn %}
{% call figure(id, caption, chart) %}{{ table(caption ~ " in numbers", [{"text": "Lot"}], [["1"]]) }}{% endcall %}
{% endfor %}
{% endblock %}
"""
SMALL = """{% extends "layouts/two_thirds.html" %}{% set page_title = "Name" %}{% set heading_in_form = true %}
{% block content %}<form method="post">{{ form.hidden_tag() }}{{ form.name(page_heading=true) }}</form>{% endblock %}"""


class GalleryForm(BaseForm):
    version = HiddenField("Version", default="3")
    name = TextField("Name", [Answered("Enter the name")], description="As registered", max_length=80)
    email = EmailField("Email address", [Answered("Enter an email address"), EmailAddress()])
    password = PasswordField("Password", [Answered("Enter a password")])
    reason = TextAreaField("Why?", max_length=500)
    barriers = CharacterCountField("What would stop you bidding?", max_words=5)
    staff = IntegerField("Staff", [Answered("Enter the staff")], maximum=10_000)
    value = MoneyField("Annual value")
    share = NumberField("Share", places=1, maximum=100, render_kw={"suffix": "%", "width": "5"})
    start = DateField("Start date", [Answered("Enter the start date")], description="For example, 1 4 2027")
    kind = RadioField(
        "What are you?",
        [Answered("Choose what you are")],
        choices=[choice("trust", "NHS trust", "Or a foundation trust"), choice("other", "Other")],
    )
    other = TextField("Which?")
    groups = CheckboxesField("Who is hard to recruit?", choices=[choice("gp", "GP"), choice("nurse", "Nurse")])
    size = SelectField("Size", choices=[choice("", "Choose a size"), choice("small", "Small")])
    quoted = CheckboxField("You may quote us", [Answered("Say that we may quote you")])


GOOD = {
    "version": "3",
    "name": "Ada",
    "email": "ada@example.com",
    "password": "correct horse",
    "reason": "Because",
    "barriers": "TUPE",
    "staff": "1,200",
    "value": "£48,150,009.50",
    "share": "12.5",
    "start-day": "1",
    "start-month": "4",
    "start-year": "2027",
    "kind": "other",
    "other": "A guild",
    "groups": ["gp", "nurse"],
    "size": "small",
    "quoted": "y",
}


def gallery_app() -> Flask:
    app = Flask("webapp")
    app.config.update(SECRET_KEY="a secret for tests only", TESTING=False, MAX_CONTENT_LENGTH=2_000_000)
    register_web(app)
    app.jinja_env.globals["worker_is_at_work"] = lambda: False
    CSRFProtect(app)
    loader = app.jinja_loader
    assert loader is not None
    app.jinja_loader = ChoiceLoader([loader, DictLoader({"gallery.html": PAGE, "small.html": SMALL})])
    app.add_url_rule("/", view_func=gallery, methods=["GET", "POST"])
    app.add_url_rule("/small", view_func=small, methods=["GET", "POST"])
    app.add_url_rule("/progress", view_func=progress)
    app.add_url_rule("/fail/<int:status>", view_func=fail, methods=["GET", "POST"])
    app.add_url_rule("/database-lost", view_func=lose_database, methods=["GET", "POST"])
    app.add_url_rule("/early", view_func=answer_early)
    app.add_url_rule("/broken", view_func=broken)
    return app


def gallery() -> tuple[str, int]:
    form = GalleryForm()
    wrong = form.is_submitted() and not form.validate()
    if form.is_submitted():
        flash("Saved", "success")
    page = render_template(
        "gallery.html",
        form=form,
        errors=[ErrorLink("Choose a level for lot 2", "#level-2")] if wrong else [],
        options=LEVELS,
        levels=level_rows(wrong),
        drawn=drawn(),
        run=Provenance(
            run="17", href="/runs/17", finished=datetime(2026, 7, 1, tzinfo=UTC), seed=7, inputs="9f2c", code="0.1.0"
        ),
        page=Page(items=(), number=3, total=240),
        page_url=lambda number: f"?page={number}",
        navigation=[{"text": "Programmes", "href": "/", "current": True}, {"text": "Engagements", "href": "/e"}],
        account={"name": "Ada Okafor", "sign_out_url": "/sign-out"},
        footer_links=[{"text": "Accessibility statement", "href": "/accessibility"}],
    )
    return page, 422 if wrong else 200


def small() -> str:
    form = GalleryForm()
    form.validate_on_submit()
    return render_template("small.html", form=form)


def progress() -> Response:
    return jsonify(text="Done", finished=False)


def fail(status: int) -> NoReturn:
    abort(status)


def lose_database() -> NoReturn:
    raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))


def answer_early() -> NoReturn:
    abort(redirect("/elsewhere"))


def broken() -> NoReturn:
    raise RuntimeError(f"a fault of ours at {request.path}")


def level_rows(wrong: bool) -> list[RadioRow]:
    return [
        RadioRow(
            name=f"level-{number}",
            id=f"level-{number}",
            title=f"Lot {number}: {lot}",
            value="likely" if number == 1 else None,
            hint="£5.3m a year" if number == 1 else "",
            error="Choose a level for lot 2" if wrong and number == 2 else "",
        )
        for number, lot in enumerate(LOTS, 1)
    ]


def drawn() -> list[tuple[str, str, str]]:
    """One chart of each kind, with lot names that need wrapping and escaping."""
    stages = (
        charts.Stage(label="Tender", kind="Tender", start=date(2026, 7, 1), end=date(2026, 9, 30)),
        charts.Stage(label="Standstill", kind="Standstill", start=date(2026, 10, 1), end=date(2026, 10, 12)),
    )
    award = (charts.Milestone(label="Award", on=date(2026, 10, 13)),)
    return [
        (
            "shares",
            "Chances of bids",
            charts.stacked_shares(
                "c-shares",
                "Chances of bids",
                [charts.ShareRow(label=lot, shares=(0.005, 0.195, 0.3, 0.5)) for lot in LOTS],
                ("No bids", "1 bid", "2 bids", "3 or more"),
            ),
        ),
        (
            "intervals",
            "Bids to expect",
            charts.interval_dots(
                "c-intervals",
                "Bids to expect",
                [charts.IntervalRow(label=lot, low=0, middle=1.5, high=4) for lot in LOTS],
                unit="bids",
                reference=charts.Reference(label="Two bids", value=2),
            ),
        ),
        (
            "capacity",
            "Capacity against demand",
            charts.capacity_against_demand(
                "c-capacity",
                "Capacity against demand",
                [charts.CapacityRow(label=lot, low=1, middle=2.25, high=4, demand=3) for lot in LOTS],
                unit="WTE",
            ),
        ),
        (
            "themes",
            "Themes",
            charts.horizontal_bars(
                "c-themes", "Themes", [charts.Bar(label=lot, value=9, note="45%") for lot in LOTS], unit="comments"
            ),
        ),
        (
            "schedule",
            "Schedule",
            charts.timeline(
                "c-schedule",
                "Schedule",
                [charts.TimelineRow(label=lot, stages=stages, milestones=award) for lot in LOTS],
                kinds=("Tender", "Standstill"),
                marks=[charts.Mark(label="Contract expires", on=date(2027, 3, 31), kind="expiry")],
            ),
        ),
    ]

"""Having the rest of the statements proposed by what people have placed, and accepting what was proposed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.themes import learned_pages, proposed, queries, statements, teaching
from webapp.analysis.themes.clashing import register_refusals
from webapp.analysis.themes.forms import chosen_places, whole_numbers
from webapp.analysis.themes.lessons import taught
from webapp.analysis.themes.proposed import LearnedInShort
from webapp.analysis.themes.reach import framework_to_read, granted_on
from webapp.models import RunState, ThemeFramework, ThemeLearning
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_learning", __name__, url_prefix="/themes/<uuid:framework_id>/learned")
register_refusals(blueprint)
QUESTIONS_SHOWN = 3
"""At a time: each offers every theme, of which there may be a hundred."""


@blueprint.get("")
@access.officer
def show(framework_id: uuid.UUID) -> str:
    session, framework = db_session(), framework_to_read(framework_id)
    learning = teaching.newest(session, framework)
    learned = None if learning is None else proposed.in_short(session, learning)
    return render_template(
        "themes/learned.html",
        framework=framework,
        learning=learning,
        learned=learned,
        progress_text="" if learning is None else learned_pages.progress_text(learning),
        too_few=learned_pages.too_few(taught(session, framework)),
        granted=granted_on(framework),
        **({} if learning is None or learned is None else _found(framework, learning, learned)),
    )


@blueprint.post("")
@access.officer
@heavy
def ask(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_read(framework_id, Permission.ANALYSE)
    try:
        teaching.ask(session, framework=framework, actor=acting(), now=arrived_at())
    except teaching.TooFewError:
        flash(learned_pages.too_few(taught(session, framework)))
        return redirect(url_for(".show", framework_id=framework_id))
    session.commit()
    return redirect(url_for(".show", framework_id=framework_id))


@blueprint.get("/progress")
@access.officer
def progress(framework_id: uuid.UUID) -> Response:
    learning = teaching.newest(db_session(), framework_to_read(framework_id)) or abort(404)
    return jsonify(text=learned_pages.progress_text(learning), finished=not learning.is_under_way)


@blueprint.post("/<uuid:learning_id>")
@access.officer
def accept(framework_id: uuid.UUID, learning_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_read(framework_id, Permission.ANALYSE)
    learning = teaching.of_framework(session, framework, learning_id) or abort(404)
    if learning.state is not RunState.FINISHED:
        abort(404)
    ticked = set(request.form.getlist("chosen"))
    unplaced = proposed.to_accept(session, learning, whole_numbers(ticked))
    places = chosen_places(unplaced, ticked, request.form)
    page, asked = request.args.get("page"), request.args.get("asked")
    back = url_for(".show", framework_id=framework_id, page=page, asked=asked)
    if not places:
        flash("Choose at least one statement")
        return redirect(back)
    accepted = teaching.accept(
        session, framework=framework, unplaced=unplaced, places=places, actor=acting(), now=arrived_at()
    )
    session.commit()
    flash(learned_pages.done(accepted), "success")
    return redirect(back)


def _found(framework: ThemeFramework, learning: ThemeLearning, learned: LearnedInShort) -> dict[str, Any]:
    """The proposals of a page and the questions that still stand, and how many were skipped."""
    session = db_session()
    themes = queries.kept(session, framework)
    page = paginate(
        proposed.count(session, framework, learning),
        lambda limit, offset: proposed.listed(session, framework, learning, limit=limit, offset=offset),
        request.args.get("page"),
    )
    standing = teaching.still_standing(session, framework, learned.questions)
    open_ = [each for each in learned.questions if each.number in standing]
    asked = paginate(
        len(open_), lambda limit, offset: open_[offset : offset + limit], request.args.get("asked"), QUESTIONS_SHOWN
    )
    read = statements.numbered(session, framework, learned_pages.numbers_of([*page.items, *asked.items]))
    takes_sides = queries.takes_sides(session, framework)
    return {
        "page": page,
        "skipped": learned.proposals - page.total,
        "proposals": learned_pages.on_page(page.items, read, themes, framework, takes_sides=takes_sides),
        "asked": asked,
        "questions": learned_pages.on_page(asked.items, read, themes, framework, takes_sides=takes_sides),
        "themes": themes,
        "nowhere": learned_pages.NOWHERE,
    }

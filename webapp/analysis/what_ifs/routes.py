"""Asking what would change the answer, watching it being computed, and keeping it."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intelligence import Scenario
from intelligence import WhatIf as Answer
from intelligence.files import from_json
from webapp.accounts.tries import heavy
from webapp.analysis import queries as runs
from webapp.analysis.actions import CodeChangedError
from webapp.analysis.run_pages import about, may_analyse, run_about_lots_or_404, run_or_404
from webapp.analysis.stopping import end
from webapp.analysis.what_ifs import actions, pages, queries
from webapp.analysis.what_ifs.forms import KeepForm, WhatIfForm
from webapp.models import AnalysisRun, RunState, WhatIf
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("what_ifs", __name__, url_prefix="/runs/<uuid:run_id>/what-ifs")
ENDED = (RunState.FINISHED, RunState.FAILED)


@blueprint.get("")
@access.officer
def index(run_id: uuid.UUID) -> str:
    run = run_about_lots_or_404(run_id)
    return _index_page(run, _form(run))


@blueprint.post("")
@access.officer
@heavy
def ask(run_id: uuid.UUID) -> ResponseReturnValue:
    session, run = db_session(), run_about_lots_or_404(run_id, Permission.ANALYSE)
    form = _form(run)
    if not form.validate_on_submit():
        return _index_page(run, form), 422
    try:
        asked = actions.ask(session, run=run, scenario=form.scenario(), actor=acting(), now=arrived_at())
    except CodeChangedError:
        flash("The program has changed since this analysis was made. Run a new analysis and ask it instead.")
        return redirect(url_for(".index", run_id=run_id))
    session.commit()
    return redirect(url_for(".show", run_id=run_id, what_if_id=asked.id))


@blueprint.get("/<uuid:what_if_id>")
@access.officer
def show(run_id: uuid.UUID, what_if_id: uuid.UUID) -> str:
    run = run_or_404(run_id)
    return _show_page(run, _what_if(run_id, what_if_id), KeepForm())


@blueprint.get("/<uuid:what_if_id>/progress")
@access.officer
def progress(run_id: uuid.UUID, what_if_id: uuid.UUID) -> Response:
    run_or_404(run_id)
    asked = _what_if(run_id, what_if_id)
    return jsonify(text=pages.progress_text(asked), finished=asked.state in ENDED)


@blueprint.post("/<uuid:what_if_id>/stop")
@access.officer
def stop(run_id: uuid.UUID, what_if_id: uuid.UUID) -> ResponseReturnValue:
    run_or_404(run_id, Permission.ANALYSE)
    end(db_session(), row=_what_if(run_id, what_if_id), actor=acting(), now=arrived_at())
    db_session().commit()
    return redirect(url_for(".show", run_id=run_id, what_if_id=what_if_id))


@blueprint.post("/<uuid:what_if_id>")
@access.officer
def keep(run_id: uuid.UUID, what_if_id: uuid.UUID) -> ResponseReturnValue:
    session, run, form = db_session(), run_or_404(run_id, Permission.ANALYSE), KeepForm()
    asked = _what_if(run_id, what_if_id)
    if not form.validate_on_submit():
        return _show_page(run, asked, form), 422
    actions.keep(session, what_if=asked, name=form.name.data, actor=acting(), now=arrived_at())
    session.commit()
    flash("The what-if is kept", "success")
    return redirect(url_for(".show", run_id=run_id, what_if_id=what_if_id))


def _what_if(run_id: uuid.UUID, what_if_id: uuid.UUID) -> WhatIf:
    return queries.what_if(db_session(), run_id, what_if_id) or abort(404)


def _form(run: AnalysisRun) -> WhatIfForm:
    form = WhatIfForm()
    form.offer(queries.planned(db_session(), run), queries.begins_on(run))
    return form


def _index_page(run: AnalysisRun, form: WhatIfForm) -> str:
    session = db_session()
    names = runs.names(session, run, ())
    page = paginate(
        queries.count_kept(session, run.id),
        lambda limit, offset: queries.kept(session, run.id, limit, offset),
        request.args.get("page"),
    )
    kept = [(each, pages.in_words(from_json(Scenario, each.scenario), names)) for each in page.items]
    return render_template(
        "analysis/what_ifs/index.html",
        **about(run, "what_ifs.index"),
        form=form,
        may_ask=may_analyse(run),
        page=page,
        kept=kept,
    )


def _show_page(run: AnalysisRun, asked: WhatIf, form: KeepForm) -> str:
    names = runs.names(db_session(), run, ())
    found = None
    if asked.result is not None:
        answer = from_json(Answer, asked.result["value"])
        found = pages.what_if_page(answer, names, page=request.args.get("page"))
    return render_template(
        "analysis/what_ifs/show.html",
        **about(run, "what_ifs.index"),
        asked=asked,
        words=pages.in_words(from_json(Scenario, asked.scenario), names),
        under_way=asked.state not in ENDED,
        progress_text=pages.progress_text(asked),
        page=found,
        form=form,
        may_ask=may_analyse(run),
    )

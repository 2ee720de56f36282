"""The providers of a programme: listed, joined where two are one firm, and parted again."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.models import JoinedProvider, Organisation, Programme
from webapp.once import WrittenAlreadyError
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.like_names import Directory
from webapp.programmes.permissions import Permission
from webapp.providers import actions, pages, queries
from webapp.providers.forms import JoinForm
from webapp.web import access
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("providers", __name__, url_prefix="/programmes/<uuid:programme_id>/providers")


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.RUN)
    providers = queries.providers(session, programme)
    every = list(providers.items())
    page = paginate(len(every), lambda limit, offset: every[offset : offset + limit], request.args.get("page"))
    joins = queries.joins(session, programme_id)
    shown = [key for key, _provider in page.items]
    met, with_people = queries.met(session, programme, shown), queries.with_people(session, shown)
    return render_template(
        "providers/index.html",
        programme=programme,
        page=page,
        rows=pages.provider_rows(programme, page.items, Directory(list(providers.values())), met, with_people, joins),
        joins=pages.join_rows(joins, queries.answering_apart(session, programme_id)),
    )


@blueprint.route("/<uuid:provider_id>/join", methods=["GET", "POST"])
@access.officer
def join(programme_id: uuid.UUID, provider_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.RUN)
    if there := queries.join_in_force(session, provider_id, programme_id):
        return _joined_already(there)
    form, provider = _join_form(programme, provider_id), session.get_one(Organisation, provider_id)
    obstacle = actions.obstacle(session, programme=programme, provider=provider, now=arrived_at())
    if obstacle or not form.validate_on_submit():
        return _join_page(programme, provider, form, obstacle)
    into = session.get_one(Organisation, form.chosen())
    try:
        with suppress(WrittenAlreadyError):  # and undone since
            actions.join(
                session,
                join_id=form.entry_id(acting().person_id),
                programme=programme,
                provider=provider,
                into=into,
                reason=form.reason.data,
                link_of=_link_to_response,
                actor=acting(),
                now=arrived_at(),
            )
            session.commit()
            flash(f"{provider.name} is {into.name} in this programme from now on", "success")
    except actions.RefusedError as refusal:
        form.add_error(form.into, str(refusal))
        return _join_page(programme, provider, form, "")
    return _listed(programme_id)


@blueprint.route("/joins/<uuid:join_id>/undo", methods=["GET", "POST"])
@access.officer
def undo(programme_id: uuid.UUID, join_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.RUN)
    found, form = queries.join(session, join_id, programme_id) or abort(404), BaseForm()
    if found.undone_at is not None:
        return _listed(programme_id)
    if not form.validate_on_submit():
        pointed = pages.pointed(found)
        return render_template("providers/undo.html", programme=programme, join=found, pointed=pointed, form=form)
    actions.undo(session, join=found, programme=programme, actor=acting(), now=arrived_at())
    session.commit()
    flash(f"{found.organisation.name} and {found.into.name} are two providers again", "success")
    return _listed(programme_id)


def _joined_already(there: JoinedProvider) -> ResponseReturnValue:
    if request.form.get("into") != str(there.into_id):  # otherwise it was sent twice, or a colleague says so too
        flash(f"{there.organisation.name} is {there.into.name} in this programme already. If it is not, undo that")
    return _listed(there.programme_id)


def _join_form(programme: Programme, provider_id: uuid.UUID) -> JoinForm:
    """With the other providers of the programme to choose from."""
    known, form = queries.providers(db_session(), programme), JoinForm()
    form.offer(known.get(provider_id) or abort(404), [each for key, each in known.items() if key != provider_id])
    return form


def _join_page(programme: Programme, provider: Organisation, form: JoinForm, obstacle: str) -> ResponseReturnValue:
    is_late = bool(obstacle) and form.is_submitted()
    if is_late:  # it came up after the page was opened: what was typed stays beside it
        form.add_error(form.into, obstacle)
        obstacle = ""
    page = render_template("providers/join.html", programme=programme, provider=provider, form=form, obstacle=obstacle)
    return page, 409 if is_late else 422 if form.errors else 200


def _listed(programme_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".index", programme_id=programme_id))


def _link_to_response(response_id: uuid.UUID) -> str:
    return f"{current_app.config['SETTINGS'].base_url}{url_for('responses.show', response_id=response_id)}"

"""Reading the statements of a framework, a page at a time, and sorting those that were chosen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import actions, log, pages, queries, sorting, statement_pages, statements, undoing
from webapp.analysis.themes.clashing import clash_page, register_refusals
from webapp.analysis.themes.forms import TAKEN, FindForm, SortForm
from webapp.analysis.themes.places import place_of
from webapp.analysis.themes.reach import framework_to_read, granted_on
from webapp.analysis.themes.words import told
from webapp.models import Pile, ThemeFramework, ThemeState
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.format import plural
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_statements", __name__, url_prefix="/themes/<uuid:framework_id>/statements")
register_refusals(blueprint)


@blueprint.get("")
@access.officer
def index(framework_id: uuid.UUID) -> ResponseReturnValue:
    framework = framework_to_read(framework_id)
    return _page(framework, SortForm(queries.kept(db_session(), framework))), 200


@blueprint.post("")
@access.officer
def sort(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_read(framework_id, Permission.ANALYSE)
    form = SortForm(queries.kept(session, framework))
    chosen = form.chosen(request.form.getlist("chosen"))
    if not form.validate_on_submit() or not _says_enough(form, chosen):
        return _page(framework, form, request.form.getlist("chosen")), 422
    try:
        done = _do(framework, form, chosen)
    except log.ClashError as clash:
        if not sorting.are_there(session, framework, chosen.numbers, _wanted(framework, form)):
            stand = sorting.places(session, framework, chosen.numbers)
            return clash_page(framework, clash, sent=_as_they_stand(stand))
        done = "They are there already"
    except actions.TitleTakenError:
        form.add_error(form.title, TAKEN)
        return _page(framework, form, request.form.getlist("chosen")), 422
    session.commit()
    flash(done, "success")
    return _back(framework, form.next_after(chosen))


@blueprint.post("/undo")
@access.officer
def undo(framework_id: uuid.UUID) -> ResponseReturnValue:
    """As on the page of all acts, without leaving the statements."""
    framework = framework_to_read(framework_id, Permission.ANALYSE)
    return undoing.undo(framework) or _back(framework, None)


def _back(framework: ThemeFramework, number: int | None) -> ResponseReturnValue:
    """To the list as it was asked for, and in it to a statement, or to where the list begins."""
    anchor = "count" if number is None else statement_pages.box_id(number)
    page = request.args.get("page", "1")
    return redirect(f"{url_for('.index', framework_id=framework.id, page=page, **_asked())}#{anchor}")


def _asked() -> dict[str, Any]:
    """What the address asks for, but for the page."""
    return {name: value for name, value in request.args.items() if name in ("q", "place", "show", "groups")}


def _act(form: SortForm) -> str | None:
    """The act of the button that was pressed; Enter in a field does what the field is for."""
    pressed = request.form.get("act")
    if pressed != "enter":
        return pressed
    return "new" if form.title.data else "move" if form.to.data else None


def _says_enough(form: SortForm, chosen: sorting.Chosen) -> bool:
    """Whether the pressed button has what it needs; otherwise the form says what is missing."""
    if not chosen.places:
        form.form_errors.append("Choose at least one statement")
    elif _act(form) is None:
        form.form_errors.append("Choose what to do with them")
    elif _act(form) == "move" and not form.to.data:
        form.add_error(form.to, "Choose where to move them")
    elif _act(form) == "new" and not form.title.data:
        form.add_error(form.title, "Enter a title for the new theme")
    return not form.errors


def _do(framework: ThemeFramework, form: SortForm, chosen: sorting.Chosen) -> str:
    """The act of the button that was pressed, told in a sentence."""
    session, actor, now, count = db_session(), acting(), arrived_at(), plural(len(chosen.places), "statement")
    act = _act(form)
    if act == "confirm":
        sorting.confirm(session, framework=framework, chosen=chosen, actor=actor, now=now)
        return f"Confirmed {count}"
    if act == "new":
        sorting.make_theme(session, framework=framework, chosen=chosen, title=form.title.data, actor=actor, now=now)
        return f"Made a theme of {count}"
    to = Pile.SET_ASIDE if act == "set_aside" else place_of(form.to.data) or abort(400)
    sorting.move(session, framework=framework, chosen=chosen, to=to, actor=actor, now=now)
    return f"Set {count} aside" if to is Pile.SET_ASIDE else f"Moved {count}"


def _wanted(framework: ThemeFramework, form: SortForm) -> uuid.UUID | Pile | None:
    """Where the pressed button puts statements: sent twice, the form finds them there."""
    match _act(form):
        case "set_aside":
            return Pile.SET_ASIDE
        case "move":
            return place_of(form.to.data)
        case "new":
            kept = queries.kept(db_session(), framework)
            return next((theme.id for theme in kept if theme.title == form.title.data), None)
        case _:
            return None


def _as_they_stand(stand: Mapping[int, uuid.UUID | Pile]) -> list[tuple[str, str]]:
    """What was sent, with the statements where they are by now, to do the act all the same."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name in ("act", "to", "title")]
    return sent + [("chosen", f"{number}:{place}") for number, place in stand.items()]


def _page(framework: ThemeFramework, form: SortForm, ticked: Sequence[str] = ()) -> str:
    session, groups = db_session(), request.args.get("groups")
    every = queries.themes(session, framework)
    themes = [theme for theme in every if theme.state is ThemeState.KEPT]
    find = FindForm(request.args, themes)
    joined = pages.shown_with(framework, every, find.wanted().place, groups)
    wanted = replace(find.wanted(), joined=joined)
    page = paginate(
        statements.count(session, framework, wanted),
        lambda limit, offset: statements.listed(session, framework, wanted, limit=limit, offset=offset),
        request.args.get("page"),
    )
    also = statements.also_in(session, framework, page.items)
    newest = log.next_to_undo(session, framework)
    form.carry(framework.revision, [each.row.number for each in page.items])
    return render_template(
        "themes/statements.html",
        framework=framework,
        find=find,
        form=form,
        page=page,
        statements=statement_pages.shown(
            page.items, themes, also, framework, takes_sides=queries.takes_sides(session, framework)
        ),
        joined=len(joined),
        asked=_asked(),
        newest=newest,
        last_act=told(newest) if newest else "",
        ticked=set(ticked),
        tick_all=request.args.get("tick") == "all",
        granted=granted_on(framework),
    )

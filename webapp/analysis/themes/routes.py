"""A framework of themes: all of them in groups, one of them, and what is done to either."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.themes import actions, log, pages, queries, replies
from webapp.analysis.themes.clashing import clash_page, register_refusals
from webapp.analysis.themes.forms import ActForm, AddForm, MergeForm, ThemeForm
from webapp.analysis.themes.quotes import different_from, quotes_of
from webapp.analysis.themes.reach import framework_to_act_on, framework_to_see, granted_on, is_hidden
from webapp.analysis.themes.reply_pages import reply_row
from webapp.analysis.themes.tallies import tally
from webapp.analysis.themes.tally_pages import tally_on_page
from webapp.models import Theme, ThemeAct, ThemeFramework, ThemeState
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.clashes import differences
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("themes", __name__, url_prefix="/themes/<uuid:framework_id>")
register_refusals(blueprint)

ACTS_SHOWN = 5
QUOTES_SHOWN = 5
DIFFERENT_SHOWN = 2


@blueprint.get("")
@access.officer
def show(framework_id: uuid.UUID) -> str:
    session, framework = db_session(), framework_to_see(framework_id)
    themes = queries.themes(session, framework)
    cut = pages.cut(framework, themes, request.args.get("groups"))
    version = queries.official(session, [framework]).get(framework.id)
    counts = queries.counts(session, framework, pages.places(cut))
    groups = pages.counted(themes, cut, counts)
    page = paginate(len(groups), lambda limit, offset: groups[offset : offset + limit], request.args.get("page"))
    granted = granted_on(framework)
    takes_sides = queries.takes_sides(session, framework)
    told = tally_on_page(framework, tally(session, framework), reads=Permission.READ_RESPONSES in granted)
    shown = [] if is_hidden(framework, granted) else [group.themes[0].id for group in page.items]
    quotes = quotes_of(session, framework, shown, most=1)
    return render_template(
        "themes/show.html",
        framework=framework,
        page=pages.framework_page(framework, version, page.items, cut, told, quotes, takes_sides=takes_sides),
        pager=page,
        cut=cut,
        version=version,
        acts=pages.act_rows(queries.acts(session, framework, limit=ACTS_SHOWN), queries.undone(session, framework)),
        granted=granted,
    )


@blueprint.get("/theme/<uuid:theme_id>")
@access.officer
def theme(framework_id: uuid.UUID, theme_id: uuid.UUID) -> str:
    framework = framework_to_see(framework_id)
    row = _theme(framework, theme_id)
    return _theme_page(framework, row, _stored(framework, row), _merging(framework, row))


@blueprint.post("/theme/<uuid:theme_id>")
@access.officer
def rename(framework_id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), ThemeForm()
    row = _theme(framework, theme_id)
    if not form.validate_on_submit():
        return _theme_page(framework, row, form, _merging(framework, row)), 422
    try:
        actions.rename(
            session,
            framework=framework,
            theme_id=theme_id,
            title=form.title.data,
            description=(form.description.data or "").strip(),
            revision=form.seen,
            actor=acting(),
            now=arrived_at(),
        )
    except log.ClashError as clash:
        session.refresh(row)
        if differ := differences(_stored(framework, row), form):
            return clash_page(framework, clash, differences=differ)
    except actions.TitleTakenError:
        form.refuse_taken()
        return _theme_page(framework, row, form, _merging(framework, row)), 422
    session.commit()
    flash("The theme is saved", "success")
    return redirect(url_for(".theme", framework_id=framework_id, theme_id=theme_id))


@blueprint.post("/theme/<uuid:theme_id>/merge")
@access.officer
def merge(framework_id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), MergeForm()
    row, themes = _theme_among(framework, theme_id)
    form.offer(themes, theme_id)
    if not form.validate_on_submit():
        return _theme_page(framework, row, _stored(framework, row), form), 422
    into = uuid.UUID(form.into.data)
    try:
        actions.merge(
            session,
            framework=framework,
            into=into,
            others=[theme_id],
            revision=form.seen,
            actor=acting(),
            now=arrived_at(),
        )
    except log.ClashError as clash:
        session.refresh(row)
        if row.merged_into != into:
            return clash_page(framework, clash)
    session.commit()
    flash("The themes are merged", "success")
    return redirect(url_for(".theme", framework_id=framework_id, theme_id=into))


@blueprint.post("/theme/<uuid:theme_id>/split")
@access.officer
def split(framework_id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    framework = framework_to_act_on(framework_id)

    def is_whole(themes: Collection[Theme]) -> bool:
        return all(each.merged_into != theme_id for each in themes)

    act = partial(actions.split, theme_id=theme_id)
    return _acted(framework, act, is_whole, "The theme is split into what it was made of")


@blueprint.post("/theme/<uuid:theme_id>/set-aside")
@access.officer
def set_aside(framework_id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    framework = framework_to_act_on(framework_id)

    def is_aside(themes: Collection[Theme]) -> bool:
        return any((each.id, each.state) == (theme_id, ThemeState.SET_ASIDE) for each in themes)

    act = partial(actions.set_theme_aside, theme_id=theme_id)
    return _acted(framework, act, is_aside, "The theme is set aside, and its statements are on the pile")


@blueprint.post("/broaden")
@access.officer
def broaden(framework_id: uuid.UUID) -> ResponseReturnValue:
    framework, asked = framework_to_act_on(framework_id), request.form.get("groups")

    def are_broad(themes: Collection[Theme]) -> bool:
        return all(len(group) == 1 for group in pages.cut(framework, list(themes), asked).groups)

    cut = pages.cut(framework, queries.themes(db_session(), framework), asked)
    act = partial(actions.broaden, branches=cut.groups)
    return _acted(framework, act, are_broad, "The groups are the themes now")


@blueprint.post("/renew")
@access.officer
@heavy
def renew(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework = db_session(), framework_to_act_on(framework_id)
    if not ActForm().validate_on_submit():
        abort(400)
    log.ask_to_renew(session, framework=framework, actor=acting())
    session.commit()
    return redirect(url_for(".show", framework_id=framework_id))


def _acted(
    framework: ThemeFramework,
    act: Callable[..., ThemeAct],
    is_done: Callable[[Collection[Theme]], bool],
    done: str,
) -> ResponseReturnValue:
    """An act that needs nothing but the button that was pressed, which ends at all themes.

    Where others acted since, or the button was pressed twice, `is_done` tells whether what was asked for stands.
    """
    session, form = db_session(), ActForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        act(session, framework=framework, revision=form.seen, actor=acting(), now=arrived_at())
    except log.ClashError as clash:
        if not is_done(log.themes_of(session, framework).values()):
            return clash_page(framework, clash)
    session.commit()
    flash(done, "success")
    return redirect(url_for(".show", framework_id=framework.id))


@blueprint.route("/add", methods=["GET", "POST"])
@access.officer
def add(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), AddForm()
    if not form.validate_on_submit():
        return render_template("themes/add.html", framework=framework, form=form), 422 if form.errors else 200
    try:
        added = actions.add(
            session,
            theme_id=form.entry_id(acting().person_id),
            framework=framework,
            title=form.title.data,
            description=(form.description.data or "").strip(),
            examples=form.example_lines,
            actor=acting(),
            now=arrived_at(),
        )
    except actions.TitleTakenError:
        form.refuse_taken()
        return render_template("themes/add.html", framework=framework, form=form), 422
    session.commit()
    flash("The theme is added. Nothing speaks to it yet: move statements into it", "success")
    return redirect(url_for(".theme", framework_id=framework_id, theme_id=added.id))


def _stored(framework: ThemeFramework, row: Theme) -> ThemeForm:
    data = {"title": row.title, "description": row.description, "revision": str(framework.revision)}
    return ThemeForm(formdata=None, data=data)


def _merging(framework: ThemeFramework, row: Theme) -> MergeForm:
    form = MergeForm(formdata=None, data={"revision": str(framework.revision)})
    form.offer(queries.kept(db_session(), framework), row.id)
    return form


def _theme_page(framework: ThemeFramework, row: Theme, form: ThemeForm, merge_form: MergeForm) -> str:
    session = db_session()
    themes = queries.themes(session, framework)
    counted = queries.counts(session, framework, {row.id: 0}).get(0, queries.Count())
    granted = granted_on(framework)
    quotes: list[str] = []
    different: list[str] = []
    if not is_hidden(framework, granted):
        quotes = quotes_of(session, framework, [row.id], most=QUOTES_SHOWN).get(row.id, [])
        different = different_from(session, framework, row.id, quotes, most=DIFFERENT_SHOWN)
    return render_template(
        "themes/theme.html",
        framework=framework,
        theme=row,
        form=form,
        merge_form=merge_form,
        page=pages.theme_page(
            framework,
            row,
            themes,
            counted,
            quotes,
            different,
            takes_sides=queries.takes_sides(session, framework),
        ),
        replies=[reply_row(each) for each in replies.replies_to(session, row.id)],
        granted=granted,
    )


def _theme(framework: ThemeFramework, theme_id: uuid.UUID) -> Theme:
    return _theme_among(framework, theme_id)[0]


def _theme_among(framework: ThemeFramework, theme_id: uuid.UUID) -> tuple[Theme, list[Theme]]:
    """The theme, and all that are kept."""
    every = queries.themes(db_session(), framework)
    found = next((each for each in every if each.id == theme_id), None) or abort(404)
    if found.state is not ThemeState.KEPT:
        raise log.GoneError
    return found, [each for each in every if each.state is ThemeState.KEPT]

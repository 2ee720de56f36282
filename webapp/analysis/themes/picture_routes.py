"""Themes drawn, and what later runs brought to them."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes import actions, arrivals, log, pictures, queries, sorting
from webapp.analysis.themes.clashing import clash_page, register_refusals
from webapp.analysis.themes.forms import AdoptForm
from webapp.analysis.themes.outlook import outlook_of
from webapp.analysis.themes.pictures import By
from webapp.analysis.themes.reach import framework_to_act_on, framework_to_see, granted_on
from webapp.analysis.themes.words import standing
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("theme_pictures", __name__, url_prefix="/themes/<uuid:framework_id>")
register_refusals(blueprint)


@blueprint.get("/pictures")
@access.officer
def show(framework_id: uuid.UUID) -> str:
    session, framework = db_session(), framework_to_see(framework_id)
    every = queries.kept(session, framework)
    by = By(request.args["by"]) if request.args.get("by") in set(By) else By.KIND
    page = paginate(len(every), lambda limit, offset: every[offset : offset + limit], request.args.get("page"))
    counted = queries.counts(session, framework, {theme.id: theme.position for theme in every})
    counts = {theme.id: counted.get(theme.position, queries.Count()) for theme in every}
    outlook = outlook_of(framework)
    reads = Permission.READ_RESPONSES in granted_on(framework)
    spoken = pictures.speakers(session, framework, by, as_answered=reads)
    return render_template(
        "themes/pictures.html",
        framework=framework,
        standing=standing(framework, queries.official(session, [framework]).get(framework.id)),
        map=pictures.theme_map(every, counts, outlook) if outlook else None,
        kept=pictures.kept_of_distances(outlook) if outlook else "",
        who=pictures.who_speaks(page.items, by, spoken, pictures.lots(session, framework)),
        pager=page,
        by=by,
        labels=pictures.LABELS,
    )


@blueprint.get("/arrivals")
@access.officer
def arrived(framework_id: uuid.UUID) -> str:
    session, framework = db_session(), framework_to_see(framework_id)
    every = queries.kept(session, framework)
    page = paginate(len(every), lambda limit, offset: every[offset : offset + limit], request.args.get("page"))
    granted, brought = granted_on(framework), arrivals.acts(session, framework)
    left = arrivals.left_of(session, framework, brought)
    said = arrivals.said(session, framework, left) if Permission.READ_RESPONSES in granted else {}
    return render_template(
        "themes/arrivals.html",
        framework=framework,
        standing=standing(framework, queries.official(session, [framework]).get(framework.id)),
        page=arrivals.page(page.items, arrivals.counts(session, framework), brought, left, said),
        pager=page,
        granted=granted,
    )


@blueprint.post("/arrivals")
@access.officer
def adopt(framework_id: uuid.UUID) -> ResponseReturnValue:
    session, framework, form = db_session(), framework_to_act_on(framework_id), AdoptForm()
    if not form.validate_on_submit():
        abort(400)
    proposed = arrivals.proposed(session, framework, form.proposal.data)
    if proposed is None:
        raise log.GoneError
    chosen = sorting.Chosen(arrivals.still_unlike(session, framework, proposed["numbers"]), framework.revision)
    title = actions.free_title(proposed["title"], queries.kept(session, framework))
    try:
        theme_id = sorting.make_theme(
            session, framework=framework, chosen=chosen, title=title, actor=acting(), now=arrived_at()
        ).id
        done = "The theme is added with the statements that proposed it"
    except (log.ClashError, actions.NothingToDoError) as refusal:
        there = arrivals.theme_of_all(session, framework, proposed["numbers"])
        if there is None and isinstance(refusal, log.ClashError):
            return clash_page(framework, refusal, sent=())
        if there is None:
            raise
        theme_id, done = there, "The statements that proposed it are in this theme already"
    session.commit()
    flash(done, "success")
    return redirect(url_for("themes.theme", framework_id=framework_id, theme_id=theme_id))

"""The questionnaire of an engagement: its outline, where to begin, its sections, and publishing a new version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.addresses import addresses_of
from webapp.engagements.builder import actions, pages, publishing, queries
from webapp.engagements.builder.arrangement import DependedOnError
from webapp.engagements.builder.forms import PublishForm, SectionForm, StartForm
from webapp.engagements.builder.opening import draft_of, form_page, opened, section_of
from webapp.engagements.builder.queries import Building
from webapp.engagements.builder.questionnaires.adapting import for_these_lots, without_lots
from webapp.engagements.builder.starting import contents_chosen, offer_sources
from webapp.engagements.questionnaire_pages import questionnaire_page
from webapp.models import Section
from webapp.web import access
from webapp.web.clashes import Difference, differences, is_saved, sent_again
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("builder", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/questionnaire")

WITHOUT_LOTS = (
    "The questionnaire is there for you to change, without what asks about lots, since the engagement has none. Read "
    "whether the rest still speaks of them"
)
MOST_NAMED = 5
MOVES = {"up": actions.UP, "down": actions.DOWN}


@blueprint.get("")
@access.officer
def show(engagement_id: uuid.UUID) -> str:
    building = opened(engagement_id)
    return render_template(
        "builder/show.html",
        building=building,
        outline=pages.outline(building),
        takes_changes=building.takes_changes(arrived_at()),
        once=OnceForm.opened(),
    )


@blueprint.route("/begin", methods=["GET", "POST"])
@access.officer
def begin(engagement_id: uuid.UUID) -> ResponseReturnValue:
    building, session, form = opened(engagement_id), db_session(), StartForm()
    published = queries.newest_version(session, engagement_id, published=True)
    offer_sources(form, published, queries.sources(session, engagement_id, acting()))
    takes_changes = building.takes_changes(arrived_at())
    if not takes_changes or not form.validate_on_submit():
        return form_page("begin", form, building, takes_changes=takes_changes)
    contents, has_lots = contents_chosen(session, form, published), bool(building.lots)
    if not has_lots:
        contents = without_lots(contents)
    contents, widened = for_these_lots(contents, {str(lot.id) for lot in building.lots})
    if building.draft is not None:
        actions.discard(session, version=building.draft, actor=acting())
    actions.begin(session, engagement=building.engagement, sections=contents, source=form.source.data, actor=acting())
    session.commit()
    flash("The questionnaire is there for you to change" if has_lots else WITHOUT_LOTS, "success")
    if widened:
        flash(asked_of_more(widened))
    return redirect(_outline(engagement_id))


@blueprint.route("/discard", methods=["GET", "POST"])
@access.officer
def discard(engagement_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), BaseForm()
    version = draft_of(building)
    if not form.validate_on_submit():
        return form_page("discard", form, building)
    actions.discard(db_session(), version=version, actor=acting())
    db_session().commit()
    flash("The draft is gone", "success")
    return redirect(_outline(engagement_id))


@blueprint.get("/preview")
@access.officer
def preview(engagement_id: uuid.UUID) -> str:
    """The questionnaire to be printed, as the public page shows it."""
    building = opened(engagement_id)
    version = building.version or abort(404)
    return render_template("engagements/questionnaire.html", page=questionnaire_page(version, building.lots))


@blueprint.route("/publish", methods=["GET", "POST"])
@access.officer
def publish(engagement_id: uuid.UUID) -> ResponseReturnValue:
    building, session, form = opened(engagement_id), db_session(), PublishForm()
    version, published = draft_of(building), queries.newest_version(session, engagement_id, published=True)
    page = pages.effect_page(version, published, queries.pinned(session, engagement_id))
    form.fit(may_have_drafts=page.may_have_drafts)
    takes_changes = building.takes_changes(arrived_at())
    if page.missing or not takes_changes or not form.validate_on_submit():
        return form_page("publish", form, building, page=page, takes_changes=takes_changes)
    try:
        publishing.publish_next(
            session,
            version=version,
            move_drafts=form.moves_drafts,
            reason=form.reason.data,
            addresses=addresses_of(building.engagement),
            actor=acting(),
            now=arrived_at(),
        )
    except publishing.NotPublishableError as refusal:
        flash(str(refusal))
        return redirect(_outline(engagement_id))
    session.commit()
    flash(f"Version {version.number} is published. We are telling everybody who has begun to answer", "success")
    return redirect(_outline(engagement_id))


@blueprint.route("/sections/add", methods=["GET", "POST"])
@access.officer
def add_section(engagement_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), SectionForm()
    version = draft_of(building)
    if not form.validate_on_submit():
        return form_page("section", form, building, section=None)
    section_id = form.entry_id(acting().person_id)
    section = building.section(section_id) or actions.add_section(  # there if the form was sent twice
        db_session(),
        section_id=section_id,
        version=version,
        title=form.title.data,
        introduction=form.introduction.data or None,
        actor=acting(),
    )
    db_session().commit()
    return redirect(_outline(engagement_id, section))


@blueprint.route("/sections/<uuid:section_id>", methods=["GET", "POST"])
@access.officer
def section(engagement_id: uuid.UUID, section_id: uuid.UUID) -> ResponseReturnValue:
    building = opened(engagement_id)
    changed = section_of(building, section_id)
    form = SectionForm(data=SectionForm.stored(changed))
    if not form.validate_on_submit():
        return form_page("section", form, building, section=changed)
    if form.is_behind(changed):
        saved = SectionForm(formdata=None, data=SectionForm.stored(changed))
        if not is_saved(saved, form):
            return clash_page(building, "section", changed.title, changed.revision, differences(saved, form))
    else:
        actions.change_section(
            db_session(),
            section=changed,
            title=form.title.data,
            introduction=form.introduction.data or None,
            actor=acting(),
        )
        db_session().commit()
    flash("The section is saved", "success")
    return redirect(_outline(engagement_id, changed))


@blueprint.post("/sections/<uuid:section_id>/move")
@access.officer
def move_section(engagement_id: uuid.UUID, section_id: uuid.UUID) -> ResponseReturnValue:
    building = opened(engagement_id)
    moved = section_of(building, section_id)
    by, seen = MOVES.get(request.form.get("to", "")) or abort(400), request.form.get("place", "")
    try:
        actions.move_section(db_session(), section=moved, seen=seen, by=by, actor=acting())
    except DependedOnError as refusal:
        db_session().rollback()
        flash(too_early(refusal))
    db_session().commit()
    return redirect(url_for(".show", engagement_id=engagement_id, _anchor=f"section-{section_id}"))


@blueprint.route("/sections/<uuid:section_id>/remove", methods=["GET", "POST"])
@access.officer
def remove_section(engagement_id: uuid.UUID, section_id: uuid.UUID) -> ResponseReturnValue:
    building, form = opened(engagement_id), BaseForm()
    removed = section_of(building, section_id)
    if not form.validate_on_submit():
        return form_page("remove_section", form, building, section=removed)
    try:
        actions.remove_section(db_session(), section=removed, actor=acting())
    except DependedOnError as refusal:
        page, _status = form_page("remove_section", form, building, section=removed, needed_by=refusal.names)
        return page, 409
    db_session().commit()
    flash("The section is removed", "success")
    return redirect(_outline(engagement_id))


def too_early(refusal: DependedOnError) -> str:
    return f"Nothing was moved: {', '.join(refusal.names)} would be asked before what it depends on"


def asked_of_more(names: Sequence[str]) -> str:
    named = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        "This was asked depending on some lots that the engagement does not ask about, and depends on any lot now: "
        f"{named}{more}. Look at when it is asked"
    )


def clash_page(building: Building, noun: str, name: str, revision: int, found: list[Difference]) -> ResponseReturnValue:
    """With what somebody else saved, what was sent, and a way to keep either."""
    html = render_template(
        "builder/clash.html",
        building=building,
        noun=noun,
        name=name,
        revision=revision,
        differences=found,
        sent=sent_again(),
    )
    return html, 409


def _outline(engagement_id: uuid.UUID, section: Section | None = None) -> str:
    return url_for(
        "builder.show", engagement_id=engagement_id, _anchor=f"section-{section.id}" if section is not None else None
    )

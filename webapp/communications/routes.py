"""The communications and engagement plan of a programme: activities, events, who came, and all as a calendar file."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress
from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.communications import actions, pages, queries
from webapp.communications.forms import ActivityForm, AttendanceForm, EventForm
from webapp.communications.revised import Row
from webapp.models import EngagementEvent, PlannedActivity, Programme
from webapp.once import WrittenAlreadyError
from webapp.programmes.found import held_programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.programmes.queries import engagements_of
from webapp.web import access
from webapp.web.clashes import differences, is_saved, sent_again
from webapp.web.errors import error_page
from webapp.web.files import clean_name
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("communications", __name__, url_prefix="/programmes/<uuid:programme_id>/communications")


@blueprint.errorhandler(actions.RemovedError)
def removed(_error: actions.RemovedError) -> tuple[str, int]:
    return error_page(404)


@blueprint.get("")
@access.officer
def plan(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    found = paginate(
        queries.count_activities(session, programme_id),
        lambda limit, offset: queries.activities(session, programme_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    events = queries.events(session, programme_id, limit=pages.MOST_EVENTS_DRAWN)
    runs = _runs(programme_id)
    page = pages.plan_page(programme, found, events, arrived_at(), may_change=runs)
    return render_template("communications/plan.html", programme=programme, page=page, may_change=runs)


@blueprint.get("/calendar.ics")
@access.officer
def calendar(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    octets = pages.calendar_file(
        programme,
        queries.activities(session, programme_id),
        queries.events(session, programme_id),
        address=current_app.config["SETTINGS"].base_url + url_for(".plan", programme_id=programme_id),
        now=arrived_at(),
    )
    name = clean_name(f"plan-{programme.reference.replace('/', '-')}.ics", "ics")
    return send_file(io.BytesIO(octets), "text/calendar", as_attachment=True, download_name=name)


@blueprint.route("/activities/add", methods=["GET", "POST"])
@access.officer
def add_activity(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), held_programme_or_404(programme_id, Permission.RUN), ActivityForm()
    form.offer(queries.team(session, programme_id), _today())
    if not form.validate_on_submit():
        return _form_page("activity", form, programme=programme, activity=None)
    row = PlannedActivity(id=form.entry_id(acting().person_id), programme_id=programme_id)
    form.write(row)
    with suppress(WrittenAlreadyError):
        actions.save_activity(session, row=row, programme=programme, actor=acting())
    session.commit()
    flash("The activity is planned", "success")
    return redirect(url_for(".plan", programme_id=programme_id))


@blueprint.route("/activities/<uuid:activity_id>", methods=["GET", "POST"])
@access.officer
def change_activity(programme_id: uuid.UUID, activity_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.RUN)
    row = queries.activity(session, activity_id, programme_id) or abort(404)
    form, team = ActivityForm(data=ActivityForm.stored(row)), queries.team(session, programme_id)
    form.offer(team, _today())
    if not form.validate_on_submit():
        return _form_page("activity", form, programme=programme, activity=row)
    if form.is_behind(row):
        saved = ActivityForm(formdata=None, data=ActivityForm.stored(row))
        saved.offer(team, _today())
        if not is_saved(saved, form):
            return _clash_page(programme, form, saved, row, row.what)
    else:
        form.write(row)
        actions.save_activity(session, row=row, programme=programme, actor=acting())
        session.commit()
    flash("The activity is saved", "success")
    return redirect(url_for(".plan", programme_id=programme_id))


@blueprint.post("/activities/<uuid:activity_id>/remove")
@access.officer
def remove_activity(programme_id: uuid.UUID, activity_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.RUN)
    row = queries.activity(session, activity_id, programme_id) or abort(404)
    if not BaseForm().validate_on_submit():
        abort(400)
    actions.remove_activity(session, row=row, programme=programme, actor=acting())
    session.commit()
    flash("The activity is removed", "success")
    return redirect(url_for(".plan", programme_id=programme_id))


@blueprint.get("/events")
@access.officer
def events(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    page = paginate(
        queries.count_events(session, programme_id),
        lambda limit, offset: queries.events(session, programme_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    attended = queries.attended(session, [each.id for each in page.items])
    rows = pages.event_rows(programme, page.items, attended, arrived_at())
    runs = _runs(programme_id)
    return render_template("communications/events.html", programme=programme, page=page, rows=rows, may_change=runs)


@blueprint.get("/events/<uuid:event_id>")
@access.officer
def event(programme_id: uuid.UUID, event_id: uuid.UUID) -> str:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.READ)
    row = queries.event(session, event_id, programme_id) or abort(404)
    return render_template(
        "communications/event.html",
        programme=programme,
        event=row,
        facts=pages.event_facts(row),
        people=queries.attendances(session, event_id),
        may_change=_runs(programme_id),
        has_begun=row.begins_at <= arrived_at(),
    )


@blueprint.route("/events/add", methods=["GET", "POST"])
@access.officer
def add_event(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, form = db_session(), held_programme_or_404(programme_id, Permission.RUN), EventForm()
    form.offer(engagements_of(session, programme_id))
    if not form.validate_on_submit():
        return _form_page("change_event", form, programme=programme, event=None)
    event_id = form.entry_id(acting().person_id)
    row = EngagementEvent(id=event_id)
    form.write(row)
    with suppress(WrittenAlreadyError):
        actions.save_event(session, row=row, programme=programme, actor=acting())
    session.commit()
    flash("The event is planned", "success")
    return redirect(url_for(".event", programme_id=programme_id, event_id=event_id))


@blueprint.route("/events/<uuid:event_id>/change", methods=["GET", "POST"])
@access.officer
def change_event(programme_id: uuid.UUID, event_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, row = db_session(), *_event_to_run(programme_id, event_id)
    if row.held_at is not None:
        return redirect(url_for(".event", programme_id=programme_id, event_id=event_id))
    form, engagements = EventForm(data=EventForm.stored(row)), engagements_of(session, programme_id)
    form.offer(engagements)
    if not form.validate_on_submit():
        return _form_page("change_event", form, programme=programme, event=row)
    if form.is_behind(row):
        saved = EventForm(formdata=None, data=EventForm.stored(row))
        saved.offer(engagements)
        if not is_saved(saved, form):
            return _clash_page(programme, form, saved, row, row.title)
    else:
        form.write(row)
        actions.save_event(session, row=row, programme=programme, actor=acting())
        session.commit()
    flash("The event is saved", "success")
    return redirect(url_for(".event", programme_id=programme_id, event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/remove")
@access.officer
def remove_event(programme_id: uuid.UUID, event_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, row = db_session(), *_event_to_run(programme_id, event_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    try:
        actions.remove_event(session, row=row, programme=programme, actor=acting())
    except actions.HeldError:
        flash("Who came to the event is on record, so it stays")
        return redirect(url_for(".event", programme_id=programme_id, event_id=event_id))
    session.commit()
    flash("The event is removed", "success")
    return redirect(url_for(".events", programme_id=programme_id))


@blueprint.route("/events/<uuid:event_id>/attendance", methods=["GET", "POST"])
@access.officer
def attendance(programme_id: uuid.UUID, event_id: uuid.UUID) -> ResponseReturnValue:
    session, programme, row = db_session(), *_event_to_run(programme_id, event_id)
    form, now = AttendanceForm(), arrived_at()
    if not form.validate_on_submit():
        return _form_page("attendance", form, programme=programme, event=row)
    try:
        actions.hold(session, event=row, attendees=form.attendees, programme=programme, actor=acting(), now=now)
    except actions.NotYetError:
        form.add_error(form.people, "The event has not begun, so nobody can have come to it yet")
        return _form_page("attendance", form, programme=programme, event=row)
    session.commit()
    flash("Who came is on record", "success")
    return redirect(url_for(".event", programme_id=programme_id, event_id=event_id))


def _today() -> date:
    return arrived_at().astimezone(LONDON).date()


def _event_to_run(programme_id: uuid.UUID, event_id: uuid.UUID) -> tuple[Programme, EngagementEvent]:
    programme = held_programme_or_404(programme_id, Permission.RUN)
    return programme, queries.event(db_session(), event_id, programme_id) or abort(404)


def _runs(programme_id: uuid.UUID) -> bool:
    return Permission.RUN in permissions_on(db_session(), programme_id, acting())


def _form_page(template: str, form: BaseForm, **page: object) -> ResponseReturnValue:
    return render_template(f"communications/{template}.html", form=form, **page), 422 if form.errors else 200


def _clash_page(
    programme: Programme, form: ActivityForm | EventForm, saved: ActivityForm | EventForm, row: Row, name: str
) -> ResponseReturnValue:
    html = render_template(
        "communications/clash.html",
        programme=programme,
        name=name,
        row=row,
        differences=differences(saved, form),
        sent=sent_again(),
        keep=request.path,
    )
    return html, 409

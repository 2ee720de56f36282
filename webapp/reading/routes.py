"""Reading the responses of an engagement: by provider, lot or question, side by side, with the team's notes."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from contextlib import suppress

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.engagements.declining.queries import every_decline
from webapp.engagements.disposed import still_kept
from webapp.exports.workbook import MEDIA_TYPE, csv_file, workbook
from webapp.models import Engagement, Lot
from webapp.models import Response as Submitted
from webapp.once import WrittenAlreadyError
from webapp.programmes.permissions import Permission, permissions_on
from webapp.reading import actions, comparing, pages, queries
from webapp.reading.forms import FindForm, NoteForm
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.forms import BaseForm
from webapp.web.pagination import paginate
from webapp.web.request import acting, db_session
from webapp.web.text import uuid_of

blueprint = Blueprint("reading", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/responses")


@blueprint.get("")
@access.officer
def index(engagement_id: uuid.UUID) -> str:
    session, engagement = db_session(), _engagement(engagement_id)
    lots, with_restricted = queries.lots(session, engagement_id), _reads_restricted(engagement)
    form = FindForm(request.args, lots)
    wanted = form.wanted()
    page = paginate(
        queries.count(session, engagement_id, wanted, with_restricted=with_restricted),
        lambda limit, offset: queries.listed(
            session, engagement_id, wanted, with_restricted=with_restricted, limit=limit, offset=offset
        ),
        request.args.get("page"),
    )
    links = pages.question_links(queries.questions(session, engagement_id, with_restricted=with_restricted), engagement)
    lot = next((each for each in lots if each.id == wanted.lot_id), None)
    columns, rows = pages.listed_table(page.items, engagement, lot)
    return render_template(
        "reading/index.html",
        engagement=engagement,
        form=form,
        page=page,
        columns=columns,
        rows=rows,
        asked=form.sent(),
        questions=links,
    )


@blueprint.get("/questions/<key>")
@access.officer
def question(engagement_id: uuid.UUID, key: str) -> str:
    session, engagement = db_session(), _engagement(engagement_id)
    with_restricted = _reads_restricted(engagement)
    offered = queries.questions(session, engagement_id, with_restricted=with_restricted)
    found = next((each for each in offered if each.key == key), None) or abort(404)
    lots = _lots(engagement_id)
    page = paginate(
        queries.answer_count(session, engagement_id, key, with_restricted=with_restricted),
        lambda limit, offset: queries.answers(
            session, engagement_id, key=key, with_restricted=with_restricted, limit=limit, offset=offset
        ),
        request.args.get("page"),
    )
    counted = found.kind in queries.COUNTED
    chosen = queries.choices(session, engagement_id, key, with_restricted=with_restricted) if counted else {}
    chart = pages.chart(found, chosen)
    columns, rows = pages.answer_table(found, page.items, lots, engagement)
    return render_template(
        "reading/question.html",
        engagement=engagement,
        question=found,
        page=page,
        columns=columns,
        rows=rows,
        chart=chart,
    )


@blueprint.get("/compare")
@access.officer
def compare(engagement_id: uuid.UUID) -> str:
    session, engagement = db_session(), _engagement(engagement_id)
    ids = [uuid_of(value) for value in request.args.getlist("r")][: comparing.MOST_COMPARED]
    responses = queries.responses_to_compare(session, engagement_id, [each for each in ids if each is not None])
    given = queries.answers(
        session, engagement_id, responses=[each.id for each in responses], with_restricted=_reads_restricted(engagement)
    )
    only_different = request.args.get("only") == "different"
    return render_template(
        "reading/compare.html",
        engagement=engagement,
        responses=responses,
        tables=comparing.compared(responses, given, _lots(engagement_id), only_different=only_different),
        only_different=only_different,
        chosen=[response.id for response in responses],
        left_out=len(request.args.getlist("r")) > comparing.MOST_COMPARED,
    )


@blueprint.route("/<uuid:response_id>/notes", methods=["GET", "POST"])
@access.officer
def notes(engagement_id: uuid.UUID, response_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), NoteForm()
    response = _response(response_id, engagement_id)
    if form.validate_on_submit():
        with suppress(WrittenAlreadyError):
            note_id = form.entry_id(acting().person_id)
            actions.note(session, note_id=note_id, response=response, text=form.text.data, actor=acting())
            session.commit()
        flash("The note is kept", "success")
        return redirect(url_for(".notes", engagement_id=engagement_id, response_id=response_id))
    page = render_template(
        "reading/notes.html",
        engagement=engagement,
        response=response,
        notes=queries.notes(session, response_id),
        flagged=queries.is_flagged(session, response_id),
        form=form,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/<uuid:response_id>/flag")
@access.officer
def flag(engagement_id: uuid.UUID, response_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    _engagement(engagement_id)
    response = _response(response_id, engagement_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    actions.flag(session, response=response, raised=request.form.get("raised") == "yes", actor=acting())
    session.commit()
    return redirect(url_for(".notes", engagement_id=engagement_id, response_id=response_id))


@blueprint.post("/file/<kind>")
@access.officer
@heavy
def download(engagement_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    session, engagement = db_session(), _engagement(engagement_id)
    if kind not in ("xlsx", "csv"):
        abort(404)
    if not BaseForm().validate_on_submit():
        abort(400)
    with_restricted, lots = _reads_restricted(engagement), _lots(engagement_id)
    given = queries.answers(session, engagement_id, with_restricted=with_restricted)
    actions.exported(session, engagement=engagement, actor=acting(), kind=kind, with_restricted=with_restricted)
    name = clean_name(f"responses-{engagement.reference.replace('/', '-')}.{kind}", kind)
    if kind == "csv":
        text = "".join(csv_file(pages.answers_sheet(given, lots)))
        session.commit()
        answer = Response(text, mimetype="text/csv")
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer
    found = queries.listed(session, engagement_id, queries.Wanted(), with_restricted=with_restricted)
    interests, declined = queries.interests(session, engagement_id), every_decline(session, engagement_id)
    octets = workbook(pages.sheets(found, interests, given, lots, declined))
    session.commit()
    return send_file(io.BytesIO(octets), MEDIA_TYPE, as_attachment=True, download_name=name)


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return still_kept(queries.engagement(db_session(), engagement_id, acting())) or abort(404)


def _response(response_id: uuid.UUID, engagement_id: uuid.UUID) -> Submitted:
    return queries.response(db_session(), response_id, engagement_id) or abort(404)


def _reads_restricted(engagement: Engagement) -> bool:
    """Whether this reader may see what is restricted to lead officers."""
    return Permission.LEAD in permissions_on(db_session(), engagement.programme_id, acting())


def _lots(engagement_id: uuid.UUID) -> Mapping[str, Lot]:
    return {str(lot.id): lot for lot in queries.lots(db_session(), engagement_id)}

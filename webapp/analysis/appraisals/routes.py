"""Appraisals: beginning them, reading how the options stand, concluding them and reading what was concluded."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from intelligence.files import canonical_json, digest, from_json
from webapp.accounts.tries import fetched
from webapp.analysis.appraisals import actions, files, pages, queries, words
from webapp.analysis.appraisals.actions import ClosedError
from webapp.analysis.appraisals.content import Appraised
from webapp.analysis.appraisals.forms import BeginForm, ConclusionForm, conclusion_form
from webapp.analysis.appraisals.gathering import gather
from webapp.analysis.interests import InterestError, caution_of, hindrance_of, interest_of
from webapp.exports.workbook import MEDIA_TYPE
from webapp.models import Appraisal, AppraisalConclusion, Programme
from webapp.once import WrittenAlreadyError
from webapp.programmes.found import held_programme_or_404, programme_or_404
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.files import clean_name
from webapp.web.pagination import paginate
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("appraisals", __name__, url_prefix="/programmes/<uuid:programme_id>/appraisals")

CONCLUDED = "The appraisal is concluded. A recommendation can rest on it now"
CHANGED = (
    "Options, scores or figures have changed since you opened the page. Nothing is concluded yet. Read again what is "
    "below, and conclude if it still holds."
)


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ)
    page = paginate(
        queries.count(session, programme_id),
        lambda limit, offset: queries.listed(session, programme_id, limit=limit, offset=offset),
        request.args.get("page"),
    )
    rows = pages.listed_rows(page.items)
    return render_template(
        "appraisals/index.html", programme=programme, page=page, rows=rows, may_change=may_change(programme_id)
    )


@blueprint.route("/begin", methods=["GET", "POST"])
@access.officer
def begin(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    procurements = {str(each.id): each for each in queries.procurements(session, programme_id)}
    form = BeginForm(data={"about": request.args.get("procurement", "")})
    form.offer(list(procurements.values()))
    if not form.validate_on_submit():
        page = render_template("appraisals/begin.html", programme=programme, form=form)
        return page, 422 if form.errors else 200
    entry_id = form.entry_id(acting().person_id)
    try:
        actions.begin(
            session,
            entry_id=entry_id,
            programme_id=programme_id,
            procurement=procurements.get(form.about.data or ""),
            title=form.title.data,
            actor=acting(),
            now=arrived_at(),
        )
        session.commit()
    except WrittenAlreadyError:
        pass
    flash("The appraisal is begun, with the usual criteria. Next, add the options", "success")
    return redirect(url_for(".show", programme_id=programme_id, appraisal_id=entry_id))


@blueprint.get("/<uuid:appraisal_id>")
@access.officer
def show(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> str:
    session, programme = db_session(), programme_or_404(programme_id, Permission.READ)
    row = queries.appraisal(session, programme_id, appraisal_id) or abort(404)
    content = gather(session, row)
    return render_template(
        "appraisals/show.html",
        programme=programme,
        row=row,
        content=content,
        page=pages.appraisal_page(content),
        state=pages.state_tag(row),
        concluded=pages.conclusion_rows(queries.conclusions(session, appraisal_id), programme_id),
        may_change=may_change(programme_id),
    )


@blueprint.route("/<uuid:appraisal_id>/conclude", methods=["GET", "POST"])
@access.officer
def conclude(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> ResponseReturnValue:
    session, programme = db_session(), held_programme_or_404(programme_id, Permission.ANALYSE)
    row = queries.appraisal(session, programme_id, appraisal_id) or abort(404)
    content = gather(session, row)
    form = conclusion_form(content.kept)()
    form.offer()
    entry_id = form.entry_id(acting().person_id)
    if form.is_submitted() and queries.conclusion(session, programme_id, appraisal_id, entry_id) is not None:
        return _concluded(row, entry_id)  # it was sent twice
    if not (form.validate_on_submit() and form.fits()):
        return _conclude_page(programme, row, content, form), 422 if form.errors else 200
    if content.weighed is None or form.seen.data != digest(content):
        return _conclude_page(programme, row, content, form, refused=CHANGED), 409
    try:
        actions.conclude(
            session,
            entry_id=entry_id,
            appraisal=row,
            stands=content,
            preferred=form.preferred.data,
            reasons=form.reasons.data,
            why_not=form.why_not(),
            actor=acting(),
            now=arrived_at(),
        )
    except ClosedError:
        return _conclude_page(programme, row, content, form, refused=words.CLOSED), 409
    except InterestError:
        return _conclude_page(programme, row, content, form), 409
    session.commit()
    return _concluded(row, entry_id)


@blueprint.post("/<uuid:appraisal_id>/reopen")
@access.officer
def reopen(programme_id: uuid.UUID, appraisal_id: uuid.UUID) -> ResponseReturnValue:
    session = db_session()
    held_programme_or_404(programme_id, Permission.ANALYSE)
    row = queries.appraisal(session, programme_id, appraisal_id) or abort(404)
    actions.reopen(session, appraisal=row, actor=acting())
    session.commit()
    flash("The appraisal is open again. What was concluded stays as it is", "success")
    return redirect(url_for(".show", programme_id=programme_id, appraisal_id=appraisal_id))


@blueprint.get("/<uuid:appraisal_id>/conclusions/<uuid:conclusion_id>")
@access.officer
def conclusion(programme_id: uuid.UUID, appraisal_id: uuid.UUID, conclusion_id: uuid.UUID) -> str:
    programme = programme_or_404(programme_id, Permission.READ)
    row, content = _conclusion(programme_id, appraisal_id, conclusion_id)
    return render_template(
        "appraisals/conclusion.html",
        programme=programme,
        row=row,
        content=content,
        preferred=next(each.name for each in content.options if each.id == content.preferred),
        page=pages.appraisal_page(content),
    )


@blueprint.get("/<uuid:appraisal_id>/conclusions/<uuid:conclusion_id>/appraisal.xlsx")
@access.officer
@fetched
def workbook(programme_id: uuid.UUID, appraisal_id: uuid.UUID, conclusion_id: uuid.UUID) -> ResponseReturnValue:
    programme_or_404(programme_id, Permission.READ)
    row, content = _conclusion(programme_id, appraisal_id, conclusion_id)
    name = clean_name(f"appraisal-{content.title}-{row.number}.xlsx", "xlsx")
    octets = io.BytesIO(files.workbook_file(row, content))
    return send_file(octets, MEDIA_TYPE, as_attachment=True, download_name=name)


@blueprint.get("/<uuid:appraisal_id>/conclusions/<uuid:conclusion_id>/as-concluded")
@access.officer
def as_concluded(programme_id: uuid.UUID, appraisal_id: uuid.UUID, conclusion_id: uuid.UUID) -> ResponseReturnValue:
    """All that was concluded, so that whoever doubts the fingerprint takes it again."""
    programme_or_404(programme_id, Permission.READ)
    row, content = _conclusion(programme_id, appraisal_id, conclusion_id)
    name = clean_name(f"appraisal-{content.title}-{row.number}.json", "json")
    octets = io.BytesIO(canonical_json(row.content))
    return send_file(octets, "application/json", as_attachment=True, download_name=name)


def may_change(programme_id: uuid.UUID) -> bool:
    return Permission.ANALYSE in permissions_on(db_session(), programme_id, acting())


def _conclusion(
    programme_id: uuid.UUID, appraisal_id: uuid.UUID, conclusion_id: uuid.UUID
) -> tuple[AppraisalConclusion, Appraised]:
    row = queries.conclusion(db_session(), programme_id, appraisal_id, conclusion_id) or abort(404)
    return row, from_json(Appraised, row.content)


def _concluded(row: Appraisal, conclusion_id: uuid.UUID) -> ResponseReturnValue:
    said = "The conclusion is kept, and the appraisal has been opened again since" if row.is_open else CONCLUDED
    flash(said, "success")
    return redirect(
        url_for(".conclusion", programme_id=row.programme_id, appraisal_id=row.id, conclusion_id=conclusion_id)
    )


def _conclude_page(
    programme: Programme, row: Appraisal, content: Appraised, form: ConclusionForm, *, refused: str = ""
) -> str:
    form.show(digest(content))
    interest = interest_of(db_session(), programme.id, acting())
    hindrance = hindrance_of(interest)
    return render_template(
        "appraisals/conclude.html",
        programme=programme,
        row=row,
        page=pages.appraisal_page(content),
        form=form,
        refused=refused,
        hindrance=hindrance,
        caution=caution_of(interest),
        can_conclude=row.is_open and content.weighed is not None and not hindrance,
    )

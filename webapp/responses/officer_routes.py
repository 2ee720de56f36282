"""What a provider submitted, as officers read it."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response as Answered

from webapp.accounts.tries import fetched
from webapp.exports.pdf import BusyError
from webapp.programmes.permissions import permissions_on
from webapp.responses import answers, copies, queries
from webapp.responses.files.routes import url_for_officer
from webapp.responses.present_suppliers import denied_contracts
from webapp.responses.receptions import received_in_words
from webapp.web import access
from webapp.web.errors import error_page
from webapp.web.request import acting, db_session

blueprint = Blueprint(
    "submitted", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/responses/<uuid:response_id>"
)


@blueprint.errorhandler(BusyError)
def busy(_error: BusyError) -> tuple[str, int]:
    return error_page(503)


@blueprint.get("")
@access.officer
def read(engagement_id: uuid.UUID, response_id: uuid.UUID) -> str:
    found = _current_submission(engagement_id, response_id)
    answers_of = answers.submitted_answers(found, url_for_officer(engagement_id, response_id))
    reception = found.submission.reception
    return render_template(
        "responses/read.html",
        found=found,
        answers_of=answers_of,
        received=received_in_words(found.submission),
        denied=denied_contracts(db_session(), found),
        granted=permissions_on(db_session(), found.response.engagement.programme_id, acting()) if reception else (),
    )


@blueprint.get("/copy.pdf")
@access.officer
@fetched
def copy(engagement_id: uuid.UUID, response_id: uuid.UUID) -> Answered:
    return copies.download(_current_submission(engagement_id, response_id))


def _current_submission(engagement_id: uuid.UUID, response_id: uuid.UUID) -> queries.Submitted:
    found = queries.current_submission(
        db_session(), engagement_id=engagement_id, response_id=response_id, actor=acting()
    )
    return found if found is not None else abort(404)

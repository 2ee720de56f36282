"""Files of responses, fetched by those who answer and by those who may read the answers; always as attachments."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, abort, send_file, url_for
from werkzeug.wrappers import Response as Answered

from webapp.engagements.documents.pages import MEDIA_TYPES
from webapp.models import ResponseFile
from webapp.responses.answers import FileUrl
from webapp.responses.files import queries
from webapp.web import access
from webapp.web.request import acting, db_session

blueprint = Blueprint("response_files", __name__)


@blueprint.get("/responses/<uuid:response_id>/files/<uuid:attachment_id>")
@access.provider
def download(response_id: uuid.UUID, attachment_id: uuid.UUID) -> Answered:
    own = acting().provider or abort(404)
    return _sent(
        queries.file_of_provider(
            db_session(), response_id=response_id, file_id=attachment_id, organisation_id=own.organisation_id
        )
    )


@blueprint.get("/manage/engagements/<uuid:engagement_id>/responses/<uuid:response_id>/files/<uuid:attachment_id>")
@access.officer
def read(engagement_id: uuid.UUID, response_id: uuid.UUID, attachment_id: uuid.UUID) -> Answered:
    return _sent(
        queries.file_for_officer(
            db_session(), engagement_id=engagement_id, response_id=response_id, file_id=attachment_id, actor=acting()
        )
    )


def url_for_provider(response_id: uuid.UUID) -> FileUrl:
    return lambda attached: url_for("response_files.download", response_id=response_id, attachment_id=attached.id)


def url_for_officer(engagement_id: uuid.UUID, response_id: uuid.UUID) -> FileUrl:
    return lambda attached: url_for(
        "response_files.read", engagement_id=engagement_id, response_id=response_id, attachment_id=attached.id
    )


def _sent(file: ResponseFile | None) -> Answered:
    found = file or abort(404)
    return send_file(io.BytesIO(found.content), MEDIA_TYPES[found.kind], as_attachment=True, download_name=found.name)

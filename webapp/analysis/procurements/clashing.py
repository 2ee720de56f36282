"""What an officer is shown who saves what a colleague has changed meanwhile."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.models import Programme
from webapp.web.clashes import RevisedForm, differences, sent_again


def clash_page(
    programme: Programme, saved: RevisedForm, form: RevisedForm, name: str, revision: int, *, keep: str = ""
) -> ResponseReturnValue:
    """Both versions, and a way to keep either; `keep` leads to the saved one if the asked page itself does not."""
    html = render_template(
        "planning/clash.html",
        programme=programme,
        name=name,
        revision=revision,
        differences=differences(saved, form),
        sent=sent_again(),
        keep=keep or request.path,
    )
    return html, 409

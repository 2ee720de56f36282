"""Choosing the language of the pages, and of the messages to whoever is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.language import Language, known, languages, spoken
from webapp.models import Person
from webapp.web import access
from webapp.web.languages import remember
from webapp.web.request import current_actor, db_session

blueprint = Blueprint("languages", __name__)


@blueprint.post("/language")
@access.anyone
def choose() -> ResponseReturnValue:
    language = known(request.form.get("language")) or abort(400)
    if (actor := current_actor()) is not None:
        write_to(db_session(), language, actor=actor)
        db_session().commit()
    answer = redirect(access.local_path(request.form.get("next")) or "/")
    remember(answer, language)
    return answer


def write_to(session: Session, language: Language, *, actor: Actor) -> None:
    """From now on messages to this person are in that language."""
    session.execute(update(Person).where(Person.id == actor.person_id).values(language=language.code))


def register_choice(app: Flask) -> None:
    app.context_processor(_others)


def _others() -> dict[str, Any]:
    return {"languages": [language for language in languages() if language is not spoken()]}

"""The language of a page: the one its reader chose, else the first of their browser's that we speak."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from webapp.language import (
    ENGLISH,
    Language,
    form_without_values,
    known,
    languages,
    speak,
    spoken,
    without_values,
)
from webapp.web import access

COOKIE = "language"
_A_YEAR = 365 * 24 * 3600


def register_language(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    environment: Any = app.jinja_env
    environment.install_gettext_callables(without_values, form_without_values, newstyle=True)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals["_"] = _said
    app.jinja_env.globals["spoken"] = spoken
    app.before_request(_choose)
    app.teardown_request(_fall_silent)


def _said(message: str, **values: object) -> Markup:
    """What the extension's `_` does by way of two more calls: the text may hold markup, its values may not."""
    return Markup(without_values(message)) % values  # noqa: S704 - our own, or our translators'


def remember(response: Response, language: Language) -> None:
    """Have the browser ask for this language from now on."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, language.code, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)


def _choose() -> None:
    """Officers' pages are written in English only, so nothing on them is to speak another language."""
    for_officers = request.endpoint and access.audience_of(current_app, request.endpoint) is access.Audience.OFFICER
    speak(ENGLISH if for_officers else _chosen())


def _fall_silent(_error: BaseException | None) -> None:
    """The thread goes on to other things, which are not to speak this reader's language."""
    speak(ENGLISH)


def _chosen() -> Language:
    chosen = known(request.cookies.get(COOKIE))
    if chosen is not None or len(languages()) == 1:
        return chosen or ENGLISH
    wanted = request.accept_languages.best_match([language.code for language in languages()], default=ENGLISH.code)
    return known(wanted) or ENGLISH

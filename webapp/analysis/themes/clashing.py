"""What is said when an act comes too late: somebody else acted first, or the theme is gone."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.analysis.themes.actions import NothingToDoError, TitleTakenError
from webapp.analysis.themes.log import ClashError, GoneError
from webapp.analysis.themes.pages import act_rows
from webapp.models import ThemeFramework
from webapp.web.clashes import Difference, sent_again


def clash_page(
    framework: ThemeFramework,
    clash: ClashError,
    *,
    differences: Sequence[Difference] = (),
    sent: Sequence[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    """Both versions: what colleagues did since, and what was asked for, to be sent again or given up."""
    page = render_template(
        "themes/clash.html",
        framework=framework,
        acts=act_rows(clash.acts, set()),
        differences=differences,
        sent=sent_again() if sent is None else sent,
        action=request.path,
    )
    return page, 409


def register_refusals(blueprint: Blueprint) -> None:
    """What every route of a blueprint answers to an act that cannot be done."""

    @blueprint.errorhandler(GoneError)
    def gone(_error: GoneError) -> ResponseReturnValue:
        flash("That theme is merged or set aside already. Nothing was changed.")
        return _back()

    @blueprint.errorhandler(NothingToDoError)
    def nothing(_error: NothingToDoError) -> ResponseReturnValue:
        flash("There was nothing to do, so nothing was changed.")
        return _back()

    @blueprint.errorhandler(TitleTakenError)
    def taken(_error: TitleTakenError) -> ResponseReturnValue:
        flash("There is a theme of that title already. Nothing was changed.")
        return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("themes.show", framework_id=(request.view_args or {})["framework_id"]))

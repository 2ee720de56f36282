"""The register of risks to competition: what analyses found, what is on it, and each entry with its history."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.tries import heavy
from webapp.analysis.risks import actions, pages, queries, sheets
from webapp.analysis.risks.actions import FindingGoneError, OnRegisterError, RewordedError
from webapp.analysis.risks.findings import Finding, Found, newest_findings
from webapp.analysis.risks.forms import RiskForm
from webapp.analysis.risks.queries import Named
from webapp.exports.workbook import MEDIA_TYPE, workbook
from webapp.models import Programme, RiskState, RiskVersion
from webapp.once import WrittenAlreadyError
from webapp.programmes.found import programme_or_404
from webapp.programmes.joined import hold_as_joined
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web import access
from webapp.web.clashes import differences, sent_again
from webapp.web.files import clean_name
from webapp.web.format import LONDON
from webapp.web.forms import BaseForm
from webapp.web.pagination import Page, paginate
from webapp.web.request import acting, arrived_at, db_session

T = TypeVar("T")

blueprint = Blueprint("risks", __name__, url_prefix="/programmes/<uuid:programme_id>/risks")

NOT_FOUND_NOW = "The newest analysis does not find this. Whatever you know of it you can enter yourself."
GONE_MEANWHILE = (
    "The newest analysis does not find this any more, so nothing is saved yet. What you typed is below: say what it is "
    "about, and save it as an entry of your own."
)


@blueprint.get("")
@access.officer
def index(programme_id: uuid.UUID) -> str:
    programme, granted = _read(programme_id)
    found, rows = newest_findings(db_session(), programme_id), _standing(programme_id, granted)
    waiting = _not_on_register(programme_id, found, granted)
    named = queries.named(db_session(), programme_id, [each.risk for each in waiting])
    open_rows = [row for row in rows if row.state is not RiskState.CLOSED]
    closed_rows = [row for row in rows if row.state is RiskState.CLOSED]
    standing, closed, fresh = _page(open_rows, "page"), _page(closed_rows, "closed"), _page(waiting, "found")
    may_enter = Permission.ANALYSE in granted
    return render_template(
        "analysis/risks/index.html",
        programme=programme,
        sentence=pages.sentence(rows, found, _today()),
        heat=pages.heat(rows),
        standing=standing,
        standing_rows=pages.entry_rows(standing.items, found, _today()),
        closed=closed,
        closed_rows=pages.entry_rows(closed.items, found, _today()),
        waiting=pages.waiting(waiting),
        found=fresh,
        found_rows=pages.found_rows(fresh.items, named, programme_id=programme_id, may_enter=may_enter),
        is_analysed=bool(found.runs),
        may_enter=may_enter,
        reads=Permission.READ_RESPONSES in granted,
    )


@blueprint.route("/add", methods=["GET", "POST"])
@access.officer
def add(programme_id: uuid.UUID) -> ResponseReturnValue:
    """An entry of one's own or, of what an analysis found, the one that its key in the address names."""
    session, programme = db_session(), programme_or_404(programme_id, Permission.ANALYSE)
    if request.method == "POST":
        hold_as_joined(session, programme_id)
    found = newest_findings(session, programme_id)
    key = found.key_now(request.args.get("found", ""))
    if key and (standing := _entry_of(programme_id, key, found)) is not None:
        if request.method == "GET":
            return redirect(url_for(".show", programme_id=programme_id, risk_id=standing.risk_id))
        return _change(programme, standing)
    finding = found.findings.get(key)
    if key and finding is None and request.method == "GET":
        flash(NOT_FOUND_NOW)
        return redirect(url_for(".index", programme_id=programme_id))
    form, named = _new_form(programme, found, finding)
    if key and finding is None:
        return _new_page(form, programme, named, None, gone=GONE_MEANWHILE), 409
    if not form.validate_on_submit():
        return _new_page(form, programme, named, finding), 422 if form.errors else 200
    entry_id = form.entry_id(acting().person_id)
    try:
        with suppress(WrittenAlreadyError):
            actions.enter(
                session,
                entry_id=entry_id,
                programme=programme,
                risk=actions.risk_of(finding) if finding is not None else form.risk(),
                version=form.version(),
                finding=finding,
                actor=acting(),
            )
            session.commit()
    except (OnRegisterError, FindingGoneError):
        return add(programme_id)
    flash("The risk is on the register", "success")
    return redirect(url_for(".show", programme_id=programme_id, risk_id=entry_id))


@blueprint.get("/<uuid:risk_id>")
@access.officer
def show(programme_id: uuid.UUID, risk_id: uuid.UUID) -> str:
    programme, granted = _read(programme_id)
    row = queries.entry(db_session(), programme_id, risk_id, granted) or abort(404)
    found = newest_findings(db_session(), programme_id)
    changes = pages.changes(queries.versions(db_session(), risk_id))
    return render_template(
        "analysis/risks/show.html",
        programme=programme,
        row=row,
        facts=pages.facts(row, _today()),
        says=pages.says_now(row, found),
        has_changed=pages.compared(row, found).has_changed,
        changes=_page(changes, "page"),
        may_change=Permission.ANALYSE in granted,
    )


@blueprint.route("/<uuid:risk_id>/change", methods=["GET", "POST"])
@access.officer
def change(programme_id: uuid.UUID, risk_id: uuid.UUID) -> ResponseReturnValue:
    programme = programme_or_404(programme_id, Permission.ANALYSE)
    granted = permissions_on(db_session(), programme_id, acting())
    row = queries.entry(db_session(), programme_id, risk_id, granted) or abort(404)
    return _change(programme, row)


@blueprint.post("/file")
@access.officer
@heavy
def download(programme_id: uuid.UUID) -> ResponseReturnValue:
    session, (programme, granted) = db_session(), _read(programme_id)
    if not BaseForm().validate_on_submit():
        abort(400)
    found = newest_findings(session, programme_id)
    waiting = _not_on_register(programme_id, found, granted)
    named = queries.named(session, programme_id, [each.risk for each in waiting])
    octets = workbook(
        [
            sheets.register(_standing(programme_id, granted), found, _today()),
            sheets.not_on_register(waiting, named),
            sheets.every_wording(queries.every_version(session, programme_id, granted)),
        ]
    )
    actions.exported(session, programme=programme, actor=acting())
    session.commit()
    name = clean_name(f"risks-{programme.reference}.xlsx", "xlsx")
    return send_file(io.BytesIO(octets), MEDIA_TYPE, as_attachment=True, download_name=name)


def _change(programme: Programme, row: RiskVersion) -> ResponseReturnValue:
    """Word an entry anew, unless somebody else has done so since the page was opened."""
    session, risk_id = db_session(), row.risk_id
    found, team = newest_findings(session, programme.id), queries.members(session, programme.id)
    form = RiskForm(data=RiskForm.stored(row))
    form.leave_out_subjects()
    form.offer_owners(team, row)
    if not form.validate_on_submit():
        return _change_page(programme, form, row, found), 422 if form.errors else 200
    written = form.entry_id(acting().person_id)
    with suppress(WrittenAlreadyError, RewordedError, FindingGoneError):
        if not form.is_behind(row):
            actions.reword(
                session,
                entry_id=written,
                programme=programme,
                standing=row,
                version=form.version(),
                seen=found.seen_of(row.risk),
                actor=acting(),
            )
            session.commit()
    granted = permissions_on(session, programme.id, acting())
    standing = queries.entry(session, programme.id, risk_id, granted) or abort(404)
    if standing.id != written:
        return _clash_page(programme, form, standing)
    flash("The entry is saved. What stood before is kept", "success")
    return redirect(url_for(".show", programme_id=programme.id, risk_id=risk_id))


def _clash_page(programme: Programme, form: RiskForm, standing: RiskVersion) -> ResponseReturnValue:
    """Both versions, with a way to keep either."""
    saved = RiskForm(formdata=None, data=RiskForm.stored(standing))
    saved.leave_out_subjects()
    saved.offer_owners(queries.members(db_session(), programme.id), standing)
    html = render_template(
        "analysis/risks/clash.html",
        programme=programme,
        row=standing,
        differences=differences(saved, form),
        sent=sent_again(),
        once=form.opened(),
    )
    return html, 409


def _new_form(programme: Programme, found: Found, finding: Finding | None) -> tuple[RiskForm, Named]:
    session, risk = db_session(), finding.risk if finding is not None else None
    named = queries.named(session, programme.id, [risk] if risk is not None else [])
    form = RiskForm(data=RiskForm.begun(risk, named, owner_id=acting().person_id, today=_today()))
    form.offer_owners(queries.members(session, programme.id), None)
    if risk is not None:
        form.leave_out_subjects()
    else:
        form.name_as_joined(found.joined)
        form.offer_subjects(named, queries.providers_to_choose(session, programme.id, found.providers))
    return form, named


def _new_page(form: RiskForm, programme: Programme, named: Named, finding: Finding | None, gone: str = "") -> str:
    return render_template(
        "analysis/risks/add.html",
        programme=programme,
        form=form,
        says=pages.finding_facts(finding, named) if finding is not None else [],
        gone=gone,
    )


def _change_page(programme: Programme, form: RiskForm, row: RiskVersion, found: Found) -> str:
    return render_template(
        "analysis/risks/change.html", programme=programme, form=form, row=row, says=pages.says_now(row, found)
    )


def _read(programme_id: uuid.UUID) -> tuple[Programme, frozenset[Permission]]:
    return programme_or_404(programme_id, Permission.READ), permissions_on(db_session(), programme_id, acting())


def _standing(programme_id: uuid.UUID, granted: frozenset[Permission]) -> Sequence[RiskVersion]:
    return queries.standing(db_session(), programme_id, granted)


def _entry_of(programme_id: uuid.UUID, key: str, found: Found) -> RiskVersion | None:
    """The entry of a finding, also one about a provider that was joined to another since."""
    rows = queries.found_risks(db_session(), programme_id)
    same = [row.id for row in rows if key in (row.found_key, found.key_of(row))]
    granted = permissions_on(db_session(), programme_id, acting())
    return queries.entry(db_session(), programme_id, same[0], granted) if same else None


def _not_on_register(programme_id: uuid.UUID, found: Found, granted: frozenset[Permission]) -> list[Finding]:
    """What the reader may know of. A provider that was joined to another since is the other."""
    standing = {found.key_of(row) for row in queries.found_risks(db_session(), programme_id)}
    return [
        finding
        for key, finding in found.findings.items()
        if key not in standing and (finding.risk.provider_id is None or Permission.READ_RESPONSES in granted)
    ]


def _page(every: Sequence[T], asked: str) -> Page[T]:
    """Of one of several lists on a page, each with its own numbers."""
    return paginate(len(every), lambda limit, offset: every[offset : offset + limit], request.args.get(asked))


def _today() -> date:
    return arrived_at().astimezone(LONDON).date()

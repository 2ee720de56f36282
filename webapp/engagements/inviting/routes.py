"""Inviting many: from a pasted list, and from the providers that the officer's programmes know."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.engagements.addresses import addresses_of
from webapp.engagements.disposed import still_kept
from webapp.engagements.inviting import actions, queries
from webapp.engagements.inviting.actions import JustInvitedError, NotTakingPartError
from webapp.engagements.inviting.forms import KnownForm, ListForm
from webapp.engagements.inviting.lines import Line, PastedList, addresses_in, read
from webapp.engagements.queries import engagement_of_officer
from webapp.models import Engagement
from webapp.programmes.permissions import Permission
from webapp.web import access
from webapp.web.format import plural
from webapp.web.pagination import Page
from webapp.web.request import acting, arrived_at, db_session

blueprint = Blueprint("inviting", __name__, url_prefix="/manage/engagements/<uuid:engagement_id>/invite")

JUST_INVITED = (
    "Some of them were invited a moment ago, by a colleague or by pressing twice. The invitations here say who. "
    "Invite the others again if anybody is missing"
)
GOOD_ONLY = "good_only"


@blueprint.route("/list", methods=["GET", "POST"])
@access.officer
def listed(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), ListForm()
    if not form.validate_on_submit():
        return _list_page(form, engagement, None)
    found = form.listed(queries.invited_for(session, engagement_id, addresses_in(form.pasted.data)))
    alike = queries.named_like_others(session, acting(), engagement.programme_id, found.good) if found.good else []
    if not found.good or ((found.faults or alike) and request.form.get(GOOD_ONLY) != _pointed_out(alike)):
        return _list_page(form, engagement, found, alike)
    return _invited(engagement, partial(actions.invite_listed, lines=found.good), left_out=found.left_out)


@blueprint.route("/known", methods=["GET", "POST"])
@access.officer
def known(engagement_id: uuid.UUID) -> ResponseReturnValue:
    session, engagement, form = db_session(), _engagement(engagement_id), KnownForm()
    page = queries.known_to_invite(session, engagement, acting(), request.args.get("page"))
    form.offer(page.items)
    if not form.validate_on_submit():
        return _known_page(form, engagement, page)
    return _invited(engagement, partial(actions.invite_known, offered=page.items, chosen=form.chosen()))


def _invited(engagement: Engagement, invite: Callable[..., int], left_out: str = "") -> ResponseReturnValue:
    """Invite, and go back to the engagement with how many were, or why nobody was; or to what was left out."""
    session, addresses = db_session(), addresses_of(engagement)
    try:
        invited = invite(session, engagement=engagement, addresses=addresses, actor=acting(), now=arrived_at())
    except NotTakingPartError as refusal:
        flash(str(refusal))
    except JustInvitedError:
        flash(JUST_INVITED)
    else:
        session.commit()
        flash(f"We are sending {plural(invited, 'invitation')}", "success")
        if left_out:
            return _left_out_page(engagement, left_out)
    return redirect(_managing(engagement))


def _engagement(engagement_id: uuid.UUID) -> Engagement:
    return still_kept(engagement_of_officer(db_session(), engagement_id, acting(), Permission.RUN)) or abort(404)


def _list_page(
    form: ListForm,
    engagement: Engagement,
    found: PastedList | None,
    alike: Sequence[tuple[Line, Sequence[str]]] = (),
) -> ResponseReturnValue:
    page = render_template(
        "engagements/inviting/list.html",
        form=form,
        engagement=engagement,
        found=found,
        alike=alike,
        good_only=GOOD_ONLY,
        pointed_out=_pointed_out(alike),
        send_good=_send_good(found, alike) if found else "",
        invites=engagement.state(arrived_at()).awaits_closing,
    )
    return page, 422 if form.errors else 200


def _send_good(found: PastedList, alike: Sequence[tuple[Line, Sequence[str]]]) -> str:
    """What the button says that sends in spite of what the page points out, where there is anything to send."""
    if not found.good or not (found.faults or alike):
        return ""
    sent = plural(len(found.good), "invitation")
    if not alike:
        return f"Leave those out and send {sent}"
    if not found.faults:
        return f"They are other firms: send {sent}"
    return f"Leave out the lines that cannot be used and send {sent}, also to the new organisations named here"


def _pointed_out(alike: Sequence[tuple[Line, Sequence[str]]]) -> str:
    """Tells whether the page that was agreed to pointed out the same names as it would now."""
    names = "\n".join("\t".join((line.organisation, *others)) for line, others in alike)
    return hashlib.sha256(names.encode()).hexdigest()


def _left_out_page(engagement: Engagement, left_out: str) -> ResponseReturnValue:
    """The lines that nobody was invited by, to be corrected and sent."""
    found = read(left_out, invited=queries.invited_for(db_session(), engagement.id, addresses_in(left_out)))
    return _list_page(ListForm(formdata=None, data={"pasted": left_out}), engagement, found)


def _known_page(form: KnownForm, engagement: Engagement, page: Page[queries.Known]) -> ResponseReturnValue:
    rendered = render_template(
        "engagements/inviting/known.html",
        form=form,
        engagement=engagement,
        page=page,
        without_address=[each for each in page.items if each.person is None],
        invites=engagement.state(arrived_at()).awaits_closing,
    )
    return rendered, 422 if form.errors else 200


def _managing(engagement: Engagement) -> str:
    return url_for("engagements.manage", engagement_id=engagement.id, _anchor="invitations")

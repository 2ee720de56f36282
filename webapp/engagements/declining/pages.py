"""What a provider reads where it says that it will not respond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from webapp.engagements.declining.queries import Standing, can_decline
from webapp.engagements.declining.reasons import in_words
from webapp.language import _
from webapp.models import Decline, Engagement
from webapp.web.cells import Cell, lines
from webapp.web.format import moment


@dataclass(frozen=True, slots=True)
class Said:
    key: str
    value: Cell


@dataclass(frozen=True, slots=True)
class DeclinePage:
    asks: bool
    """Whether the form is shown."""
    is_open: bool
    closes: str
    seen: str
    """The nonce of what stands."""
    said: tuple[Said, ...]
    """What the organisation has said, while that stands and is not being changed, or was changed by somebody else."""
    response: str
    """Where the organisation's own response is, if it has begun one."""
    has_submitted: bool
    is_signatory: bool
    refused: bool
    """Whether a form was sent that could not be taken any more."""
    unsent: str
    """What was typed into it, where there is no form to keep it."""


def decline_page(
    engagement: Engagement,
    standing: Standing,
    now: datetime,
    *,
    is_signatory: bool,
    changes: bool,
    refused: bool,
    typed: str,
) -> DeclinePage:
    """`changes`: whether what stands is to be changed. `refused` and `typed`: a form that was sent, and its words."""
    response, is_open = standing.response, can_decline(engagement, now)
    has_submitted = response is not None and response.current_submission_id is not None
    asks = is_open and not has_submitted and (changes or standing.decline is None)
    return DeclinePage(
        asks=asks,
        is_open=is_open,
        closes=moment(engagement.closes_at),
        seen=str(standing.decline.nonce) if standing.decline else "",
        said=_said(standing.decline) if standing.decline and (refused or not asks) else (),
        response=url_for("responses.show", response_id=response.id) if response else "",
        has_submitted=has_submitted,
        is_signatory=is_signatory,
        refused=refused,
        unsent="" if asks else typed,
    )


def _said(decline: Decline) -> tuple[Said, ...]:
    by = _("%(name)s, %(when)s", name=decline.decliner.name, when=moment(decline.declined_at))
    quoting = _("Yes, without our name") if decline.may_quote else _("No")
    return (
        Said(_("Said by"), by),
        Said(_("Why"), lines(in_words(decline.reasons))),
        *([Said(_("What would have to change"), lines(decline.comment.splitlines()))] if decline.comment else []),
        *([Said(_("May be quoted"), quoting)] if decline.comment else []),
    )

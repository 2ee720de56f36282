"""How dental services in prisons could be bought, appraised and concluded before it is recommended.

Options, scores and reasons are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.analysis.appraisals import actions, queries
from webapp.analysis.appraisals.actions import SaidOfOption, SaidScore
from webapp.analysis.appraisals.gathering import gather
from webapp.audit import Actor
from webapp.demonstration.programme import fixed_id
from webapp.demonstration.recommending import PROCUREMENT_ID
from webapp.models import Appraisal, Procurement, Route

TITLE = "How to buy dental services in prisons"
PREFERRED = "One lot for each prison"
REASONS = (
    "Most who answered could staff one prison and few could staff five. It is ahead on what the market can bear and on "
    "access, and stays ahead unless value weighs far more than the board wants."
)
SAME_START = "All at once, to start on 1 April 2028"


@dataclass(frozen=True, slots=True)
class _Option:
    """`scores` are lowest, highest and why, in the order of the usual criteria; none where it is ruled out."""

    said: SaidOfOption
    scores: tuple[tuple[int, int, str], ...] = ()
    why_not: str = ""


def _kept(name: str, lots: str, cut: str | None, why_not: str, *scores: tuple[int, int, str]) -> _Option:
    said = SaidOfOption(name, lots, Route.PSR_COMPETITIVE, "5 years, and 2 more as an option", SAME_START, cut, None)
    return _Option(said, scores, why_not)


OPTIONS = (
    _kept(
        PREFERRED,
        "Five lots, at most two for one supplier",
        "By site",
        "",
        (6, 8, "Sites can ask for the sessions that their patients need."),
        (4, 7, "Five contracts cost more to manage; more bids may bring prices down."),
        (5, 7, "Dental and health care of a prison have to work together across suppliers."),
        (6, 8, "Evening sessions can be set prison by prison."),
        (5, 7, "Smaller providers nearby offered training places."),
        (6, 8, "Most who want a prison could staff one of them."),
    ),
    _kept(
        "One lot for all five prisons",
        "One lot",
        "By service line",
        "Few could staff five prisons at once, and the whole region would hang on one supplier.",
        (5, 8, "One clinical lead for the region, but what suits one prison may not suit another."),
        (6, 8, "One contract to manage, and sums for more sessions."),
        (4, 7, "One way of working everywhere; if it fails, it fails everywhere."),
        (4, 6, "The same sessions everywhere."),
        (3, 6, "Larger suppliers promised less that is local."),
        (2, 4, "Five prisons at once are more than most who answered could staff."),
    ),
    _kept(
        "Dental care within health and social care",
        "Dental care in the lot of each prison’s health and social care",
        "Integrated",
        "Dental providers would depend on a partner, and fewer said that they would bid.",
        (4, 7, "Dentists would be subcontractors of whoever leads."),
        (4, 7, "One contract for each prison, with a margin on the subcontract."),
        (6, 9, "One supplier answers for the whole care of a prison."),
        (4, 7, "Waits could be planned across services."),
        (4, 6, "Hangs on who leads."),
        (2, 5, "Several dental providers would bid only as a subcontractor or not at all."),
    ),
    _Option(
        SaidOfOption(
            "Do nothing",
            "None",
            None,
            "None",
            "The contracts end on 31 March 2028",
            None,
            "The contracts end, and patients in prison have to have dental care.",
        )
    ),
    _Option(
        SaidOfOption(
            "Direct award C to the present supplier",
            "As now: one lot for all five prisons",
            Route.PSR_DIRECT_C,
            "5 years",
            SAME_START,
            None,
            "The change is considerable, so that this route is not open.",
        )
    ),
)


def appraise_first(session: Session, *, actor: Actor, now: datetime) -> None:
    """Once: what a visitor does with it afterwards stays."""
    if session.scalar(select(Appraisal.id).limit(1)) is not None:
        return
    procurement = session.get_one(Procurement, PROCUREMENT_ID)
    begun = actions.begin(
        session,
        entry_id=fixed_id("appraisal", "D"),
        programme_id=procurement.programme_id,
        procurement=procurement,
        title=TITLE,
        actor=actor,
        now=now,
    )
    for option in OPTIONS:
        session.refresh(begun)
        key = fixed_id("appraisal option", option.said.name)
        actions.add_option(session, entry_id=key, appraisal=begun, said=option.said, actor=actor)
    session.refresh(begun)
    for row, option in zip(begun.options, OPTIONS, strict=True):
        if option.scores:
            said = {
                criterion.id: SaidScore(*scored)
                for criterion, scored in zip(begun.criteria, option.scores, strict=True)
            }
            actions.score(session, appraisal=begun, option=row, said=said, actor=actor)
    session.expire_all()
    _conclude(session, begun, actor, now)


def _conclude(session: Session, begun: Appraisal, actor: Actor, now: datetime) -> None:
    found = queries.appraisal(session, begun.programme_id, begun.id)
    if found is None:
        raise LookupError("the appraisal that was begun is not there")
    keys = {row.name: str(row.id) for row in found.options}
    actions.conclude(
        session,
        entry_id=fixed_id("appraisal conclusion", "D"),
        appraisal=found,
        stands=gather(session, found),
        preferred=keys[PREFERRED],
        reasons=REASONS,
        why_not={keys[option.said.name]: option.why_not for option in OPTIONS if option.why_not},
        actor=actor,
        now=now,
    )

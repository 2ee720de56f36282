"""An appraisal as it stands now, as the type that its conclusion keeps."""

from __future__ import annotations

from sqlalchemy.orm import Session

from intelligence import Appraisal as ToWeigh
from intelligence import Route, WeighedOptions, weigh_options
from intelligence.appraisal.problem import MOST_OPTIONS, Criterion, Option, ScoreRange
from webapp.analysis.appraisals.content import Appraised, AppraisedCriterion, AppraisedOption, AppraisedScore
from webapp.analysis.appraisals.evidence import evidence_of
from webapp.models import Appraisal, AppraisalOption

SEED = 1
"""The same for each, so that the same scores give the same shares."""


def gather(session: Session, appraisal: Appraisal) -> Appraised:
    """With its criteria, options and scores, and the figures of the newest finished run."""
    criteria = tuple(
        AppraisedCriterion(str(each.id), each.name, each.meaning, each.weight) for each in appraisal.criteria
    )
    options = tuple(_option(each, criteria) for each in appraisal.options)
    return Appraised(
        title=appraisal.title,
        about=appraisal.procurement.title if appraisal.procurement else "",
        criteria=criteria,
        options=options,
        evidence=evidence_of(session, appraisal),
        weighed=_weighed(criteria, tuple(option for option in options if not option.ruled_out)),
        preferred="",
        reasons="",
    )


def _option(row: AppraisalOption, criteria: tuple[AppraisedCriterion, ...]) -> AppraisedOption:
    """Its scores in the order of the criteria. One that is ruled out keeps those it had."""
    given = {str(score.criterion_id): score for score in row.scores}
    return AppraisedOption(
        id=str(row.id),
        name=row.name,
        lots=row.lots,
        route=Route(row.route.value) if row.route else None,
        term=row.term,
        timing=row.timing,
        cut_name=row.cut or "",
        ruled_out=row.ruled_out or "",
        why_not="",
        scores=tuple(
            AppraisedScore(each.id, score.low, score.high, score.reason)
            for each in criteria
            if (score := given.get(each.id)) is not None
        ),
    )


def _weighed(criteria: tuple[AppraisedCriterion, ...], kept: tuple[AppraisedOption, ...]) -> WeighedOptions | None:
    if not criteria or not 2 <= len(kept) <= MOST_OPTIONS or any(len(each.scores) < len(criteria) for each in kept):
        return None
    return weigh_options(
        ToWeigh(
            tuple(Criterion(each.id, each.weight) for each in criteria),
            tuple(Option(each.id, tuple(ScoreRange(score.low, score.high) for score in each.scores)) for each in kept),
        ),
        seed=SEED,
    )

"""What an appraisal says in sentences: which option is ahead, how sure that is, and what is still to be done."""

from __future__ import annotations

from collections.abc import Iterable

from intelligence.appraisal.problem import MOST_OPTIONS
from intelligence.appraisal.result import Turn, WeighedOptions
from webapp.analysis.appraisals.content import Appraised, AppraisedOption, AppraisedScore, Evidence
from webapp.web.format import listed, number, percent, plural

NO_ROUTE = "Nothing is procured"
WHOLE = "The whole programme"
NOT_SCORED = "Not scored"
IS_CLOSED = "The appraisal is concluded, so nothing of it can be changed unless it is opened again."
CLOSED = "A colleague has concluded the appraisal since you opened the page. Nothing of yours is saved."
CHANGED_MEANWHILE = (
    "A colleague has changed or scored it since you opened the page. Nothing is removed yet. Look at it again, and "
    "remove it if you still want to."
)
OTHER_CRITERIA = (
    "A colleague has added, changed or removed criteria since you opened the page. Nothing of yours is saved yet. Read "
    "again what each criterion means, and save your scores if they still hold."
)
ENDS = ("0%", "100%")
"""Which no weight comes to."""


def lead(content: Appraised) -> str:
    """Nothing until it is weighed."""
    weighed = content.weighed
    if weighed is None:
        return ""
    by_id = {each.option_id: each for each in weighed.standings}
    ahead = _names(content, weighed.leaders)
    first = by_id[weighed.leaders[0]]
    score = f"{number(first.middle, 1)} of 10, from {number(first.lowest, 1)} to {number(first.highest, 1)}"
    if len(weighed.leaders) > 1:
        return f"{ahead} have the highest weighted score alike: {number(first.middle, 1)} of 10."
    others = [each for each in weighed.standings if each.option_id != first.option_id]
    above = [each for each in others if each.highest >= first.lowest]
    sure = (
        f"The ranges of {plural(len(above), 'other option')} reach into its own."
        if above
        else "No other option’s range reaches its own."
    )
    return f"{ahead} is first by weighted score: {score}. {sure}"


def sensitivity(content: Appraised, weighed: WeighedOptions) -> list[str]:
    """Where the lead would go elsewhere, in sentences."""
    if len(weighed.leaders) > 1:
        return [f"{_names(content, weighed.leaders)} lead alike, so that any change of weights may part them."]
    leader, said = _names(content, weighed.leaders), []
    steady = []
    for criterion in content.criteria:
        turns = [turn for turn in weighed.turns if turn.criterion_id == criterion.id]
        if turns:
            share = percent(turns[0].share)
            now = percent(turns[0].share, 1 if share in (*ENDS, *(percent(each.at) for each in turns)) else 0)
            limits = " or ".join(_limit(content, turn) for turn in turns)
            said.append(f"“{criterion.name}” weighs {now} now: {leader} stays first unless it weighs {limits}.")
        else:
            steady.append(f"“{criterion.name}”")
    if steady and said:
        said.append(f"Whatever {listed(steady, 'or')} weighs, {leader} stays first.")
    elif steady:
        said.append(f"Whatever any one criterion weighs, {leader} stays first.")
    for each in weighed.beaten:
        said.append(
            f"{_names(content, [each.option_id])} is beaten by {_names(content, each.by)} whatever the weights: even "
            "at its best it is on no criterion above the other at its worst."
        )
    return said


def _limit(content: Appraised, turn: Turn) -> str:
    side = "more" if turn.at > turn.share else "less"
    verb = "leads" if len(turn.leaders) == 1 else "lead"
    places = 1 if percent(turn.at) in (percent(turn.share), *ENDS) else 0
    limit = percent(turn.at, places)
    if limit in ENDS:
        return f"next to {'nothing' if side == 'less' else 'everything'}, when {_names(content, turn.leaders)} {verb}"
    return f"{side} than {limit}, when {_names(content, turn.leaders)} {verb}"


def missing(content: Appraised) -> list[str]:
    """What is still to be done before it can be concluded."""
    said = []
    if not content.criteria:
        said.append("Add a criterion.")
    if len(content.kept) < 2:
        said.append("Keep two options or more: “do nothing” or “extend” is one too.")
    if len(content.kept) > MOST_OPTIONS:
        said.append(f"Rule options out until {plural(MOST_OPTIONS, 'option')} or fewer are kept.")
    said += [
        f"Score {option.name} on each criterion."
        for option in content.kept
        if len(option.scores) < len(content.criteria)
    ]
    return said


def silent(found: Evidence) -> str:
    """Of which lots the run says nothing."""
    names = found.not_asked_about
    return f"Run {found.run} was not asked about {listed(names)}: what follows says nothing of that." if names else ""


def cut_in_words(content: Appraised, option: AppraisedOption) -> str:
    """What the market said of the structure."""
    cuts = content.evidence.cuts if content.evidence else ()
    for cut in cuts:
        if cut.name == option.cut_name:
            return (
                f"{percent(cut.without_bid)} of the programme’s value is expected without a bid, "
                f"{percent(cut.with_one_bid)} with one"
            )
    return "the newest search did not compare it"


def score_range(score: AppraisedScore | None) -> str:
    if score is None:
        return NOT_SCORED
    return str(score.low) if score.low == score.high else f"{score.low} to {score.high}"


def option_name(content: Appraised, option_id: str) -> str:
    return next((each.name for each in content.options if each.id == option_id), "")


def _names(content: Appraised, option_ids: Iterable[str]) -> str:
    return listed([f"“{option_name(content, each)}”" for each in option_ids])

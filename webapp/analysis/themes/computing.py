"""What the worker works out of a framework's rows. Only the worker imports this: it loads the libraries."""

from __future__ import annotations

from collections import defaultdict

from intelligence import ThemeSet
from intelligence.compute import Backend, Progress, Workers
from intelligence.files import from_json
from intelligence.text import quality
from intelligence.text.layout import lay_out
from intelligence.text.learning import learn_themes
from intelligence.text.proposals import Proposal
from intelligence.text.themes import Assignment, Merge, Theme, ThemeParameters
from webapp.analysis.themes.learned import LIKELIER_THAN_NOT, Guess, LearnedThemes, Unplaced
from webapp.analysis.themes.lessons import Lesson
from webapp.analysis.themes.outlook import AdviceOnTheme, Outlook
from webapp.analysis.themes.standing import Standing

MOST_LAID_OUT = 40
"""Statements by which a theme is placed on the map, its strongest."""

QUESTIONS = 10
"""Asked about at a time: as many as somebody answers in a few minutes."""


def look_at(standing: Standing) -> Outlook:
    """Advice by the engine's rules, and a map by what is said."""
    found = _as_found(standing)
    texts = {comment.id: comment.text for comment in standing.comments}
    said: dict[str, list[str]] = {str(theme.id): [] for theme in standing.themes}
    for one in sorted(found.assignments, key=lambda one: (-one.strength, one.comment_id, one.start)):
        if len(said[one.theme_id]) < MOST_LAID_OUT:
            said[one.theme_id].append(texts[one.comment_id][one.start : one.end])
    for theme in standing.themes:
        said[str(theme.id)].extend(theme.examples)
    return Outlook(
        revision=standing.framework.revision,
        advice=tuple(_explained(each) for each in quality.advice_on(found, standing.comments)),
        map=lay_out(said),
    )


def propose_rest(lesson: Lesson, threads: int, _progress: Progress) -> LearnedThemes:
    """The likeliest theme of every statement that nobody has placed, if it is likelier than not. It is learnt in one
    piece, without steps to tell.

    A statement that stands in several themes is asked about once: where it stands in the likeliest one, or most firmly.
    """
    workers = Workers(Backend.THREADS, threads)
    learned = learn_themes(lesson.statements, lesson.placed, questions=QUESTIONS, seed=lesson.seed, workers=workers)
    likeliest = {proposal.comment_id: proposal for proposal in reversed(learned.proposals)}
    likely = {key: proposal for key, proposal in likeliest.items() if proposal.confidence >= LIKELIER_THAN_NOT}
    proposals = [_unplaced(lesson, key, proposal) for key, proposal in likely.items()]
    proposals.sort(key=lambda one: (one.agrees, -(one.guess.confidence if one.guess else 0), one.number))
    questions = [_unplaced(lesson, question.comment_id, question.guess) for question in learned.questions]
    unlikely = len(likeliest) - len(likely)
    return LearnedThemes(tuple(proposals), tuple(questions), learned.confirmed, learned.expected_f1, unlikely)


def _unplaced(lesson: Lesson, key: str, proposal: Proposal | None) -> Unplaced:
    stood = lesson.stood[key]
    if proposal is None:
        number = next(iter(stood))
        return Unplaced(number, stood[number], None)
    number = next((number for number, place in stood.items() if place == proposal.theme_id), next(iter(stood)))
    neighbours = tuple(int(each) for each in proposal.neighbours)
    return Unplaced(number, stood[number], Guess(proposal.theme_id, proposal.confidence, proposal.words, neighbours))


def _explained(advice: quality.Advice) -> AdviceOnTheme:
    """With the reason for the rule, as the rule itself states it."""
    rationale = " ".join((getattr(quality, advice.rule).__doc__ or "").split())
    return AdviceOnTheme(advice.theme_id, advice.other_id, advice.rule, advice.reason, rationale)


def _as_found(standing: Standing) -> ThemeSet:
    """The rows in the engine's own type, so that its rules can be asked."""
    assignments = tuple(
        Assignment(str(one.answer_id), one.start, one.stop, str(one.theme_id), one.strength)
        for one in standing.assignments
    )
    speaking: defaultdict[str, set[str]] = defaultdict(set)
    for one in assignments:
        speaking[one.theme_id].add(one.comment_id)
    statements = [one.theme_id for one in assignments]
    themes = tuple(
        Theme(
            id=key,
            title=theme.title,
            key_terms=(),
            size=len(speaking[key]),
            statements=statements.count(key),
            share=len(speaking[key]) / max(standing.read, 1),
            medoid=None,
            quotes=(),
        )
        for theme in standing.themes
        for key in [str(theme.id)]
    )
    ids = {theme.found_key: str(theme.id) for theme in standing.themes if theme.found_key}
    merges = (from_json(Merge, merge) for merge in standing.framework.merges)
    direct = tuple(
        Merge(merge.id, ids[merge.left], ids[merge.right], merge.distance)
        for merge in merges
        if merge.left in ids and merge.right in ids
    )
    parameters = ThemeParameters(None, 0, 0, 0, 0)
    return ThemeSet(themes, assignments, (), direct, standing.read, len(assignments), standing.seed, parameters, ())

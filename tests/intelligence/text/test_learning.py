"""Learning from a person: what was confirmed stays, what is like it follows, and what is unlike it is asked about."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.files import from_json, to_json
from intelligence.text.classifier import fitted
from intelligence.text.learning import learn_themes
from intelligence.text.proposals import Learned
from tests.intelligence.text.answers import ANSWERS, SUBJECTS, comments_of

SUBJECT_OF = {f"c{ANSWERS.index(answer)}": str(n) for n, subject in enumerate(SUBJECTS) for answer in subject}
COMMENTS = comments_of(ANSWERS)


def confirmed(each: int) -> dict[str, list[str]]:
    """The first answers on every subject."""
    return {f"c{ANSWERS.index(answer)}": [str(n)] for n, subject in enumerate(SUBJECTS) for answer in subject[:each]}


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learn_themes(COMMENTS, confirmed(2), questions=4, seed=1)


def test_most_of_the_rest_is_proposed_its_subject(learned: Learned) -> None:
    first: dict[str, str] = {}
    for proposal in learned.proposals:
        first.setdefault(proposal.comment_id, proposal.theme_id)
    assert first.keys() == SUBJECT_OF.keys() - confirmed(2).keys()
    assert sum(SUBJECT_OF[comment] == theme for comment, theme in first.items()) >= 14


def test_each_proposal_says_how_sure_it_is_and_why(learned: Learned) -> None:
    taught = confirmed(2)
    for proposal in learned.proposals:
        assert 0 < proposal.confidence < 1
        assert proposal.neighbours
        assert all(taught[neighbour] == [proposal.theme_id] for neighbour in proposal.neighbours)
    assert any("pension" in proposal.words for proposal in learned.proposals)


def test_few_examples_that_agree_make_sure() -> None:
    """With fifty guesses, of which most were weak, none counted as right more often than one in three."""
    rows = np.repeat(np.eye(4, dtype=np.float32), 3, axis=0)
    confidence = fitted(rows, rows.astype(bool)).confidence()
    assert confidence(1.0) > 0.8
    assert confidence(0.0) < 0.2


def test_what_is_confirmed_is_neither_proposed_nor_asked(learned: Learned) -> None:
    asked = {question.comment_id for question in learned.questions}
    assert len(asked) == 4
    assert not confirmed(2).keys() & (asked | {proposal.comment_id for proposal in learned.proposals})


def test_an_unknown_subject_is_asked_about() -> None:
    taught = {comment: themes for comment, themes in confirmed(5).items() if themes != ["3"]}
    (question,) = learn_themes(COMMENTS, taught, questions=1, seed=1).questions
    assert SUBJECT_OF[question.comment_id] == "3"


def test_with_nothing_confirmed_questions_spread_over_the_subjects() -> None:
    learned = learn_themes(COMMENTS, {}, questions=8, seed=1)
    assert learned.proposals == ()
    assert len({SUBJECT_OF[question.comment_id] for question in learned.questions}) >= 3
    assert all(question.guess is None for question in learned.questions)


def test_learning_is_repeatable_and_survives_storage(learned: Learned) -> None:
    assert learn_themes(COMMENTS, confirmed(2), questions=4, seed=1) == learned
    assert from_json(Learned, to_json(learned)) == learned


def test_a_comment_that_does_not_exist_cannot_be_confirmed() -> None:
    with pytest.raises(ValueError, match="c99 was confirmed"):
        learn_themes(COMMENTS, {"c99": ["0"]}, seed=1)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_comments_are_no_trouble(count: int) -> None:
    texts = comments_of(ANSWERS[:count])
    learned = learn_themes(texts, {comment.id: ["a"] for comment in texts[:1]}, questions=5, seed=1)
    assert len(learned.questions) == max(count - 1, 0)

"""What a set of themes promises: the same every time, nobody lost, nobody quoted against their will."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from intelligence.files import canonical_json, from_json, to_json
from intelligence.market import Comment
from intelligence.text import semantic
from intelligence.text.find import find_themes
from intelligence.text.themes import SetAsideReason, ThemeSet
from tests.intelligence.text.answers import ANSWERS, SUBJECTS, comments_of


@pytest.fixture(scope="module")
def found() -> ThemeSet:
    return find_themes(comments_of(ANSWERS), seed=7)


def assigned(found: ThemeSet) -> set[str]:
    return {assignment.comment_id for assignment in found.assignments}


def main_themes(found: ThemeSet) -> dict[str, str]:
    main: dict[str, str] = {}
    for assignment in found.assignments:
        main.setdefault(assignment.comment_id, assignment.theme_id)
    return main


def test_same_seed_gives_the_same_bytes(found: ThemeSet) -> None:
    assert canonical_json(find_themes(comments_of(ANSWERS), seed=7)) == canonical_json(found)


def test_result_survives_storage(found: ThemeSet) -> None:
    assert from_json(ThemeSet, to_json(found)) == found


def test_subjects_that_share_no_words_are_kept_apart() -> None:
    found = find_themes(comments_of(ANSWERS), seed=7, themes=4)
    main = main_themes(found)
    of_subject = [Counter(main[f"c{ANSWERS.index(answer)}"] for answer in subject) for subject in SUBJECTS]
    leading = [counts.most_common(1)[0] for counts in of_subject]
    assert len({theme for theme, _ in leading}) == 4
    assert all(count >= 5 for _, count in leading)


def test_titles_say_what_the_subjects_are_about() -> None:
    titles = [theme.title.lower() for theme in find_themes(comments_of(ANSWERS), seed=7, themes=4).themes]
    for word in ("nurse", "pension", "mobilisation", "price"):
        assert any(word in title for title in titles), titles


def test_acronyms_keep_their_capitals() -> None:
    themes = find_themes(comments_of(ANSWERS), seed=7, themes=4).themes
    assert any("TUPE" in theme.key_terms for theme in themes)


def test_no_two_titles_alike_and_most_are_phrases(found: ThemeSet) -> None:
    titles = [theme.title for theme in found.themes]
    assert len({title.lower() for title in titles}) == len(titles)
    assert sum(" " in title for title in titles) >= len(titles) - 1
    assert all(1 <= len(theme.key_terms) <= 5 for theme in found.themes)


def test_every_comment_that_says_something_has_a_theme(found: ThemeSet) -> None:
    assert assigned(found) == {f"c{n}" for n in range(len(ANSWERS))}
    assert {assignment.theme_id for assignment in found.assignments} <= {theme.id for theme in found.themes}


def test_answers_that_say_nothing_are_set_aside_with_the_reason() -> None:
    empty = {
        "": SetAsideReason.NO_WORDS,
        " ?!. ": SetAsideReason.NO_WORDS,
        "N/A": SetAsideReason.NOTHING_TO_SAY,
        "No further comments at this time.": SetAsideReason.NOTHING_TO_SAY,
        "Please see above.": SetAsideReason.REFERS_ELSEWHERE,
        "See our answer to question 4": SetAsideReason.REFERS_ELSEWHERE,
    }
    found = find_themes(comments_of([*empty, *ANSWERS]), seed=1)
    assert [pile.reason for pile in found.set_aside] == list(empty.values())
    assert not assigned(found) & {pile.comment_id for pile in found.set_aside}


@pytest.mark.parametrize(
    "text", ["No parking", "Nothing would stop us except pensions", "We see a risk above all in TUPE"]
)
def test_answers_that_only_sound_empty_are_read(text: str) -> None:
    assert not find_themes(comments_of([text]), seed=1).set_aside


def test_copied_answers_point_to_the_first_and_short_agreement_is_no_copy() -> None:
    found = find_themes(comments_of([*ANSWERS, ANSWERS[0].upper(), "Lack of staff", "Lack of staff"]), seed=1)
    assert [(pile.comment_id, pile.reason, pile.same_as) for pile in found.set_aside] == [
        ("c24", SetAsideReason.COPIED, "c0")
    ]


def test_a_provider_that_repeats_itself_counts_once() -> None:
    twice = [replace(comment, provider_id="p0") for comment in comments_of(["Lack of staff", "Lack of staff"])]
    (pile,) = find_themes(twice, seed=1).set_aside
    assert (pile.comment_id, pile.reason, pile.same_as) == ("c1", SetAsideReason.REPEATED, "c0")


def test_one_comment_may_speak_to_several_themes() -> None:
    both = "Recruiting nurses to remote prisons is very hard, but the TUPE pension costs are unknown."
    found = find_themes(comments_of([*ANSWERS, both]), seed=7, themes=4)
    main = main_themes(found)
    own = [assignment for assignment in found.assignments if assignment.comment_id == "c24"]
    assert {main["c0"], main["c1"]} <= {assignment.theme_id for assignment in own}
    other = next(assignment for assignment in own if assignment.theme_id != main["c24"])
    assert both[other.start : other.end] in {
        "Recruiting nurses to remote prisons is very hard",
        "but the TUPE pension costs are unknown",
    }


def test_only_those_who_may_be_quoted_are_quoted() -> None:
    comments = [replace(c, may_quote=n % 3 == 0) for n, c in enumerate(comments_of(ANSWERS))]
    found = find_themes(comments, seed=7, themes=4)
    quotes = [quote for theme in found.themes for quote in (theme.medoid, *theme.quotes) if quote is not None]
    allowed = {comment.id: comment.text for comment in comments if comment.may_quote}
    assert quotes
    assert all(quote.text in allowed[quote.comment_id] for quote in quotes)


def test_without_consent_no_sentence_leaves_its_comment() -> None:
    stored = canonical_json(find_themes(comments_of(ANSWERS, may_quote=False), seed=7)).decode()
    assert not [answer for answer in ANSWERS if answer.rstrip(".") in stored]


def test_sizes_and_shares_count_comments(found: ThemeSet) -> None:
    for theme in found.themes:
        size = len({a.comment_id for a in found.assignments if a.theme_id == theme.id})
        assert (theme.size, theme.share) == (size, round(size / len(ANSWERS), 4))
    assert [theme.size for theme in found.themes] == sorted((theme.size for theme in found.themes), reverse=True)


def test_themes_merge_into_fewer_without_another_run(found: ThemeSet) -> None:
    everything = {theme.id for theme in found.themes}
    for groups in range(1, len(everything) + 1):
        broader = found.broader(groups)
        assert len(broader) == groups
        assert sorted(theme for group in broader for theme in group) == sorted(everything)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 24])
def test_small_sets_lose_nobody_and_say_that_they_are_small(count: int) -> None:
    found = find_themes(comments_of(ANSWERS[:count]), seed=3)
    assert assigned(found) == {f"c{n}" for n in range(count)}
    assert len(found.themes) <= count
    assert any("could be read" in warning for warning in found.warnings)
    assert ("No comment could be read: there are no themes." in found.warnings) is (count == 0)


def test_of_three_different_answers_each_speaks_to_one_theme() -> None:
    answers = ["Nowhere to park", "The bins are never emptied", "The library closes too early"]
    found = find_themes(comments_of(answers), seed=7)
    assert len(found.assignments) == 3
    assert "Nowhere to park" in {theme.title for theme in found.themes}


def test_number_of_themes_can_be_asked_for() -> None:
    assert len(find_themes(comments_of(ANSWERS), seed=7, themes=3).themes) == 3
    too_many = find_themes(comments_of(ANSWERS[:2]), seed=7, themes=50)
    assert len(too_many.themes) <= 4
    assert any("50 themes were asked for" in warning for warning in too_many.warnings)


@pytest.mark.parametrize(("seed", "themes"), [(-1, None), (2**32, None), (1, 0)])
def test_numbers_out_of_range_are_refused(seed: int, themes: int | None) -> None:
    with pytest.raises(ValueError, match="must"):
        find_themes(comments_of(ANSWERS), seed=seed, themes=themes)


def test_two_comments_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        find_themes([Comment("c", "p", "q", "One thing"), Comment("c", "p", "q", "Another")], seed=1)


def test_hostile_text_is_read_in_bounded_time() -> None:
    hostile = [
        "👍🏽" * 50,
        "التوظيف صعب جداً في السجون البعيدة",
        "採用は非常に難しい",
        "a" * 200_000,
        "nurses " * 30_000,
        "e.g. " * 40_000,
        "a, " * 60_000,
        "." * 200_000,
        "\u202e\u0000\ufeffnurses\u2028",
    ]
    start = time.process_time()
    found = find_themes(comments_of([*hostile, *ANSWERS]), seed=1)
    assert time.process_time() - start < 10
    assert assigned(found) | {pile.comment_id for pile in found.set_aside} == {f"c{n}" for n in range(33)}
    assert any("only the first were read" in warning for warning in found.warnings)


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    find_themes(comments_of(ANSWERS), seed=7, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_support_and_objection_to_one_thing_are_told_apart() -> None:
    texts = ["We support a longer contract"] * 3 + ["We oppose a longer contract"] * 2 + ["A longer contract"]
    (theme,) = find_themes(comments_of(texts), seed=1, themes=1).themes
    assert (theme.size, theme.support, theme.objection) == (6, 3, 2)


def test_meaning_brings_together_what_shares_no_words() -> None:
    texts = [
        "Low wages",
        "Poor pay",
        "Salaries are small",
        "Nowhere to park the car",
        "The car park is full",
        "No parking for cars",
    ]
    main = main_themes(find_themes(comments_of(texts), seed=1, themes=2))
    assert len({main[f"c{n}"] for n in range(3)}) == len({main[f"c{n}"] for n in range(3, 6)}) == 1
    assert main["c0"] != main["c3"]


def test_without_an_encoder_wording_alone_decides() -> None:
    found = find_themes(comments_of(ANSWERS), seed=7, encode=None)
    assert found.parameters.encoder == "none"
    assert assigned(found) == {f"c{n}" for n in range(len(ANSWERS))}


def test_results_stored_before_there_were_sides_are_still_read(found: ThemeSet) -> None:
    stored = json.loads(json.dumps(to_json(found)))
    for theme in stored["themes"]:
        del theme["support"], theme["objection"]
    for assignment in stored["assignments"]:
        del assignment["side"]
    del stored["parameters"]["encoder"]
    assert from_json(ThemeSet, stored).parameters.encoder == "none"


@pytest.mark.parametrize("number", range(1, 8))
def test_the_first_few_answers_of_an_engagement_give_themes(number: int) -> None:
    said = (
        "Staff shortages are our main concern",
        "Recruiting nurses is hard",
        "The timescale is too short",
        "",
        "Vetting takes months. Rooms are too small for two clinics.",
        "TUPE lists arrive late",
        "We would need a longer term",
    )
    comments = [Comment(f"c{n}", f"p{n}", "q", text, True) for n, text in enumerate(said[:number])]
    found = find_themes(comments, seed=1)
    assert {entry.comment_id for entry in found.assignments} == {c.id for c in comments if c.text}


def test_one_of_two_sentences_that_read_alike_is_quoted() -> None:
    said = "A fixed block price with no volume risk share would stop us bidding"
    texts = (
        f"{said}.",
        f"In our experience, {said[0].lower()}{said[1:]}.",
        "The block price is too low for this volume.",
    )
    comments = [Comment(f"c{n}", f"p{n}", "q", text, True) for n, text in enumerate(texts)]
    quotes = [quote.text for theme in find_themes(comments, seed=1, themes=1).themes for quote in theme.quotes]
    medoids = [theme.medoid.text for theme in find_themes(comments, seed=1, themes=1).themes if theme.medoid]
    assert sum("no volume risk share" in text for text in (*quotes, *medoids)) == 1


def test_beyond_what_is_encoded_wording_predicts_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semantic, "LARGEST_ENCODED", 12)
    encoded: list[int] = []

    def counting(texts: Sequence[str]) -> NDArray[np.float32]:
        encoded.append(len(texts))
        return semantic.minilm(texts)

    main = main_themes(find_themes(comments_of(ANSWERS), seed=7, themes=4, encode=counting))
    assert encoded[0] <= 12  # what is encoded later is titles
    of_subject = [Counter(main[f"c{ANSWERS.index(answer)}"] for answer in subject) for subject in SUBJECTS]
    assert sum(counts.most_common(1)[0][1] for counts in of_subject) >= 18

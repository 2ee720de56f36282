"""New comments against signed themes: old assignments never change, and what fits nowhere is told apart."""

from __future__ import annotations

import pytest

from intelligence.files import FileError, from_json, to_json
from intelligence.text.assign import assign_themes
from intelligence.text.find import find_themes
from intelligence.text.signed import AssignedThemes, SignedTheme, SignedThemes, signed_as_found
from tests.intelligence.text.answers import MOBILISATION, PRICE, STAFFING, TUPE, comments_of

SIGNED = SignedThemes(
    tuple(
        SignedTheme(name, name.capitalize(), subject[:4])
        for name, subject in (("staffing", STAFFING), ("tupe", TUPE), ("mobilisation", MOBILISATION), ("price", PRICE))
    )
)
NEW = comments_of([answer for subject in (STAFFING, TUPE, MOBILISATION, PRICE) for answer in subject[4:]])
SUBJECTS = ["staffing"] * 2 + ["tupe"] * 2 + ["mobilisation"] * 2 + ["price"] * 2


def main_themes(assigned: AssignedThemes) -> dict[str, str]:
    main: dict[str, str] = {}
    for assignment in assigned.assignments:
        main.setdefault(assignment.comment_id, assignment.theme_id)
    return main


def test_new_comments_join_the_themes_they_speak_to() -> None:
    main = main_themes(assign_themes(NEW, SIGNED, seed=1))
    assert sum(main.get(f"c{n}") == subject for n, subject in enumerate(SUBJECTS)) >= 7


def test_who_comes_later_changes_nothing() -> None:
    early = assign_themes(NEW[:3], SIGNED, seed=1).assignments
    late = assign_themes(NEW, SIGNED, seed=2).assignments
    assert early == tuple(one for one in late if one.comment_id in {"c0", "c1", "c2"})


def test_what_speaks_to_no_theme_does_not_fit_and_proposes_its_own() -> None:
    strange = [f"The football match was {word} and the goalkeeper played well" for word in "abcdefghijkl"]
    assigned = assign_themes(comments_of([*strange, TUPE[5]]), SIGNED, seed=1)
    assert set(assigned.does_not_fit) == {f"c{n}" for n in range(12)}
    assert main_themes(assigned) == {"c12": "tupe"}
    assert assigned.proposed is not None
    assert {entry.comment_id for entry in assigned.proposed.assignments} == set(assigned.does_not_fit)


def test_empty_answers_are_set_aside() -> None:
    assigned = assign_themes(comments_of(["", "n/a"]), SIGNED, seed=1)
    assert [pile.comment_id for pile in assigned.set_aside] == ["c0", "c1"]
    assert (assigned.assignments, assigned.does_not_fit) == ((), ())


def test_found_themes_signed_unchanged_take_their_comments_back() -> None:
    comments = comments_of((*STAFFING, *TUPE, *MOBILISATION, *PRICE))
    found = find_themes(comments, seed=1, themes=4)
    signed = signed_as_found(comments, found)
    before = {a.comment_id: a.theme_id for a in reversed(found.assignments)}
    after = main_themes(assign_themes(comments, signed, seed=1))
    assert sum(before[comment] == theme for comment, theme in after.items()) >= 22


def test_examples_come_only_from_those_who_may_be_quoted() -> None:
    comments = comments_of(STAFFING, may_quote=False)
    with pytest.raises(ValueError, match="no themes"):
        signed_as_found(comments, find_themes(comments, seed=1))


def test_results_survive_storage() -> None:
    assigned = assign_themes(NEW, SIGNED, seed=1)
    assert from_json(AssignedThemes, to_json(assigned)) == assigned
    assert from_json(SignedThemes, to_json(SIGNED)) == SIGNED


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"themes": []}, "no themes"),
        ({"themes": [{"id": "a", "title": "A", "examples": []}]}, "theme a has no examples"),
        ({"themes": [{"id": "a", "title": "A", "examples": ["x"]}] * 2}, "two themes share the id a"),
    ],
)
def test_signed_themes_that_cannot_be_used_are_refused(data: dict[str, object], reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        from_json(SignedThemes, data)  # type: ignore[arg-type]

"""New comments against signed themes: old assignments never change, and what fits nowhere is told apart."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from intelligence.compute import parse_workers
from intelligence.files import FileError, from_json, to_json
from intelligence.text.assign import assign_themes
from intelligence.text.find import find_themes
from intelligence.text.semantic import Encoder, minilm
from intelligence.text.signed import AssignedThemes, SignedTheme, SignedThemes, signed_as_found
from tests.intelligence.text.answers import MOBILISATION, PRICE, STAFFING, TUPE, comments_of

SIGNED = SignedThemes(
    tuple(
        SignedTheme(name, name.capitalize(), subject[:4])
        for name, subject in (("staffing", STAFFING), ("tupe", TUPE), ("mobilisation", MOBILISATION), ("price", PRICE))
    )
)
ABOUT_A_LIMIT = SignedThemes(
    (
        SignedTheme(
            "costly",
            "Shared teams make a limit costly",
            (
                "We do not support a limit on lots: it would break up services that share one team.",
                "A limit would make our price for each prison higher: the managers and the on-call rota are shared.",
                "We object to a limit: mobilising one contract at a time is slower and dearer for everybody.",
                "The managers and the on-call rota are shared, so a limit costs more",
            ),
        ),
        SignedTheme(
            "fair",
            "A limit gives smaller organisations a chance",
            (
                "We support a limit on lots: without one the largest providers take everything.",
                "A limit of two lots would give smaller organisations like us a fair chance.",
                "A limit keeps several providers in the market for the next tender.",
            ),
        ),
        SignedTheme(
            "unawarded",
            "Lots left without an award",
            (
                "A limit on lots is a bad idea here, since a rejected lot may then find nobody at all.",
                "Limits have been tried elsewhere and left lots without an award.",
            ),
        ),
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


@pytest.mark.parametrize("encode", [minilm, None])
def test_few_themes_take_what_speaks_to_them_and_nothing_foreign(encode: Encoder | None) -> None:
    """The best theme is not good for that: with few, the commonest is the best of whatever else is said."""
    fitting = {
        "Our on-call rota covers all four prisons, and a limit would break it up": "costly",
        "With a limit a small organisation has a chance": "fair",
        "A rejected lot finds nobody at all": "unawarded",
        "A limit on lots would be fair to charities": "fair",
    }
    foreign = ("The moon landing was staged by penguins in aluminium hats", "My grandmother grows tomatoes in a tub")
    both = f"A limit would be fair to charities. {foreign[0]}."
    assigned = assign_themes(comments_of([*fitting, *foreign, both]), ABOUT_A_LIMIT, seed=1, encode=encode)
    main = main_themes(assigned)
    assert assigned.does_not_fit == ("c4", "c5")
    assert sum(main[f"c{n}"] == theme for n, theme in enumerate(fitting.values())) >= 3
    starts = [one.start for one in assigned.assignments if one.comment_id == "c6"]
    assert starts
    assert max(starts) < both.index(foreign[0])


def test_one_example_alone_takes_what_is_like_it() -> None:
    signed = SignedThemes((SignedTheme("parking", " ", ("There is nowhere to park at the hospital",)),))
    assigned = assign_themes(comments_of(["Nowhere to park here", "Penguins wear hats"]), signed, seed=1)
    assert (main_themes(assigned), assigned.does_not_fit) == ({"c0": "parking"}, ("c1",))


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
        from_json(SignedThemes, data)


def test_how_many_examples_a_theme_was_given_does_not_decide() -> None:
    wards = tuple(f"The {ward} needs nurses at night" for ward in ("ward", "unit", "wing", "clinic", "hall", "annexe"))
    signed = SignedThemes((SignedTheme("nurses", " ", wards), SignedTheme("meals", " ", ("Cold meals come late",))))
    assigned = assign_themes(comments_of(["Nurses serve meals"]), signed, seed=1, encode=None)
    assert main_themes(assigned) == {"c0": "meals"}


def test_a_clause_is_read_within_its_comment() -> None:
    """On its own it says more of another theme, and found themes would have kept it with the rest."""
    parking = ("Parking costs too much here", "The car park is full", "Nowhere to park a car")
    drugs = SignedTheme("drugs", " ", ("Medicine costs too much here", "The pharmacy is out of drugs"))
    alone = "It costs too much here"
    within = f"Nowhere to park a car and the car park is full. {alone}."
    signed = SignedThemes((SignedTheme("parking", " ", parking), drugs))
    assigned = assign_themes(comments_of([alone, within]), signed, seed=1, encode=None)
    assert [(one.comment_id, one.theme_id) for one in assigned.assignments] == [("c0", "drugs"), ("c1", "parking")]


def test_every_kind_of_workers_assigns_the_same() -> None:
    def by_letters(texts: Sequence[str]) -> NDArray[np.float32]:
        threads.add(threading.get_ident())
        return np.array([[text.count(letter) + 1 for letter in "aeimnorst"] for text in texts], dtype=np.float32)

    threads: set[int] = set()
    many = comments_of([f"{answer} {number}" for number in range(600) for answer in (STAFFING[4], PRICE[4])])
    alone = assign_themes(many, SIGNED, seed=1, encode=by_letters)
    assert threads == {threading.get_ident()}
    assert assign_themes(many, SIGNED, seed=1, encode=by_letters, workers=parse_workers("threads:2")) == alone
    assert len(threads) > 1

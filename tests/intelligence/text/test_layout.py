"""Themes that say similar things lie near to each other, always in the same places."""

from __future__ import annotations

import numpy as np

from intelligence.text.layout import lay_out
from intelligence.text.places import ThemeMap

SAID = {
    "pay": ["Pay is too low for nurses", "Poor wages"],
    "wages": ["Wages are low", "Low pay for staff"],
    "site": ["The prison is remote", "No public transport reaches the site"],
    "tupe": ["The TUPE list is late"],
}


def places(laid_out: ThemeMap) -> dict[str, np.ndarray]:
    return {place.theme_id: np.array([place.x, place.y]) for place in laid_out.places}


def test_what_says_the_same_lies_together() -> None:
    found = places(lay_out(SAID))
    apart = {other: float(np.linalg.norm(found["pay"] - found[other])) for other in ("wages", "site", "tupe")}
    assert apart["wages"] < min(apart["site"], apart["tupe"])


def test_the_plane_is_within_its_bounds_and_says_how_much_it_keeps() -> None:
    laid_out = lay_out(SAID)
    assert max(abs(value) for place in laid_out.places for value in (place.x, place.y)) == 1
    assert 0.5 < laid_out.kept < 1


def test_the_order_of_the_themes_changes_no_distance_and_the_same_ones_lie_the_same_way() -> None:
    one, other = places(lay_out(SAID)), places(lay_out(dict(reversed(SAID.items()))))
    assert lay_out(SAID) == lay_out(SAID)
    for first in SAID:
        for second in SAID:
            distances = [float(np.linalg.norm(found[first] - found[second])) for found in (one, other)]
            assert abs(distances[0] - distances[1]) < 0.01


def test_themes_to_which_nothing_was_said_are_left_out() -> None:
    assert [place.theme_id for place in lay_out({"pay": ["Low pay"], "empty": []}).places] == ["pay"]
    assert lay_out({"empty": []}).places == ()
    assert lay_out({"pay": ["Low pay"], "same": ["Low pay"]}, encode=None).kept == 1

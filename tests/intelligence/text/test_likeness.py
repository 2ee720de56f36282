"""What a text needs to be like the examples of signed themes."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.text.likeness import CEILING, FLOOR, Placed, likeness

NOTHING_MEANT = np.zeros((3, 0), dtype=np.float32)


def test_an_example_is_held_against_the_two_others_nearest_to_it_however_unlike_they_are() -> None:
    """0.8 and -0.4: neither the nearest alone, nor itself, nor what the others need has a part in it."""
    view = np.array([[1, 0], [0.8, 0.6], [-0.4, 0.84**0.5]], dtype=np.float32)
    only_the_first_was_said = np.array([True, False, False])
    learned = likeness(Placed(view, NOTHING_MEANT), only_the_first_was_said)
    assert learned.least == pytest.approx(0.2)
    assert learned.of(Placed(view[:1], NOTHING_MEANT[:1])) == pytest.approx([0.9]), "a text is not left out"


@pytest.mark.parametrize(("cosine", "least"), [(1.0, CEILING), (0.0, FLOOR)])
def test_copies_ask_for_no_copy_and_strangers_for_something(cosine: float, least: float) -> None:
    view = np.array([[1, 0, 0], [cosine, 1 - cosine, 0], [cosine, 0, 1 - cosine]], dtype=np.float32)
    assert likeness(Placed(view, NOTHING_MEANT), np.ones(3, dtype=bool)).least == pytest.approx(least)

"""What a submission keeps beside its answers of the provider that made it."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.engagements.provider_kinds import said_of_provider
from webapp.models import Question

CHARITY = Question(key="organisation_kind", restricted=False)


@pytest.mark.parametrize(
    ("question", "value", "kept"),
    [
        (CHARITY, "charity", {"answered_kind": "charity"}),
        (CHARITY, "a word that an officer offered", {}),
        (CHARITY, ["charity"], {}),
        (Question(key="organisation_kind", restricted=True), "charity", {}),
        (Question(key="organisation_size", restricted=False), "small", {"answered_size": "small"}),
        (Question(key="is_vcse", restricted=False), False, {"answered_vcse": False}),
        (Question(key="is_vcse", restricted=False), "no", {}),
        (Question(key="legal_name", restricted=False), "charity", {}),
    ],
)
def test_nothing_but_what_is_known_and_for_every_reader_is_kept(
    question: Question, value: Any, kept: dict[str, Any]
) -> None:
    nothing = {"answered_kind": None, "answered_size": None, "answered_vcse": None}
    assert said_of_provider([(question, value)]) == {**nothing, **kept}

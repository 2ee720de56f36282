"""What the worker says of a framework as it stands: advice on its themes, and where they lie. Types alone."""

from __future__ import annotations

from dataclasses import dataclass

from intelligence.files import from_json
from intelligence.text.places import ThemeMap
from webapp.models import ThemeFramework


@dataclass(frozen=True, slots=True)
class AdviceOnTheme:
    """`rationale` is why there is such a rule; ids are those of themes."""

    theme_id: str
    other_id: str | None
    rule: str
    reason: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """`revision` is the last act that the worker saw."""

    revision: int
    advice: tuple[AdviceOnTheme, ...]
    map: ThemeMap

    def on(self, theme_id: object) -> list[AdviceOnTheme]:
        return [each for each in self.advice if str(theme_id) in (each.theme_id, each.other_id)]


def outlook_of(framework: ThemeFramework) -> Outlook | None:
    """As it was last drawn up; none before the worker has looked."""
    return None if framework.outlook is None else from_json(Outlook, framework.outlook)

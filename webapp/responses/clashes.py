"""Why a section cannot be saved over what is saved of it by now, in words for whoever wanted to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.language import _
from webapp.models import Section
from webapp.responses.drafts import Draft, Saved, holds
from webapp.responses.items import Item, Typed
from webapp.responses.questions import is_blank
from webapp.web.format import moment


@dataclass(frozen=True)
class Clash:
    title: str
    told: str
    theirs: str
    """What the column of saved answers is called."""


def clash(saved: Saved, section: Section, *, person_id: uuid.UUID | None, moved: bool) -> Clash:
    """`moved` is whether the page was of another version of the questionnaire than the draft is now."""
    said = {"section": section.title, "when": moment(saved.saved_at)}
    if moved:
        told = _(
            "After you had opened “%(section)s”, the buyer published a new version of the questionnaire, and your "
            "draft moved to it. Every answer that was saved and is still asked for is kept. "
            "What you typed since is not saved yet.",
            **said,
        )
        return Clash(_("The questionnaire has changed"), told, _("Saved before"))
    kept = _("Nothing has been overwritten. Your version is not saved yet.")
    if saved.saved_by == person_id:
        told = _("You saved “%(section)s” at %(when)s in another window, after you had opened it in this one.", **said)
        return Clash(_("You changed this section in another window"), f"{told} {kept}", _("Saved in the other window"))
    told = _("%(name)s saved “%(section)s” at %(when)s, after you had opened it.", name=saved.saver, **said)
    return Clash(_("A colleague changed this section"), f"{told} {kept}", _("Saved by %(name)s", name=saved.saver))


def together(draft: Draft, section: Section, typed: Mapping[Item, Typed]) -> dict[Item, Typed]:
    """A person's answers and, wherever it gave none, those that are saved."""
    return {item: (draft.typed(section, item) or "") if is_blank(mine) else mine for item, mine in typed.items()}


def adds_to_both(draft: Draft, section: Section, typed: Mapping[Item, Typed]) -> bool:
    """Whether the two versions taken together say more than either."""
    both = together(draft, section, typed)
    return any(is_blank(typed[item]) and not is_blank(text) for item, text in both.items()) and not holds(
        draft.saved[section.id], both
    )

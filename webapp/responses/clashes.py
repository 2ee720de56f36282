"""Why a section cannot be saved over what is saved of it by now, in words for whoever wanted to."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
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


def digests(typed: Mapping[Item, Typed]) -> list[str]:
    """What a page carries of the answers that it shows as it is opened, to tell later which of them was changed."""
    return [_digest(item, text) for item, text in typed.items()]


def together(
    draft: Draft, section: Section, typed: Mapping[Item, Typed], shown: Collection[str]
) -> dict[Item, Typed] | None:
    """What is saved with what a person changed, given the digests of what its page showed as it was opened.

    Nothing where one answer was changed in both: then either would undo the other.
    """
    both: dict[Item, Typed] = {}
    for item, mine in typed.items():
        theirs = draft.typed(section, item) or ""
        if theirs == (mine or "") or _digest(item, theirs) in shown:
            both[item] = mine
        elif _digest(item, mine) in shown:
            both[item] = theirs
        else:
            return None
    return both


def adds_to_both(draft: Draft, section: Section, typed: Mapping[Item, Typed], shown: Collection[str]) -> bool:
    """Whether the two versions can be taken together, and are then neither of the two."""
    both = together(draft, section, typed, shown)
    return both is not None and both != typed and not holds(draft.saved[section.id], both)


def _digest(item: Item, typed: Typed) -> str:
    said = json.dumps([item.name, "" if is_blank(typed) else typed])
    return hashlib.sha256(said.encode()).hexdigest()[:12]

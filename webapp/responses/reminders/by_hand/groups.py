"""The groups that an officer can remind."""

from __future__ import annotations

from enum import StrEnum

from webapp.models import Engagement


class Group(StrEnum):
    NOT_OPENED = "not_opened"
    DRAFT = "draft"
    CHANGES = "changes"
    EVERYBODY = "everybody"


NAMES = {
    Group.NOT_OPENED: "Those invited who have neither used their link nor started a response",
    Group.DRAFT: "Those with a draft that was never submitted",
    Group.CHANGES: "Those who submitted and have saved changes since",
    Group.EVERYBODY: "Everybody invited, and everybody with a response",
}


def groups_of(engagement: Engagement) -> tuple[Group, ...]:
    """While responses are sealed there is no choosing by what somebody did: everybody gets the same."""
    if engagement.waits_for_opening:
        return (Group.EVERYBODY,)
    return (Group.NOT_OPENED, Group.DRAFT, Group.CHANGES)

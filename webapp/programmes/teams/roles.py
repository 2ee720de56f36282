"""The roles of a team in words."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.models import TeamRole


@dataclass(frozen=True, slots=True)
class RoleWords:
    name: str
    may: str


ROLES = {
    TeamRole.LEAD_OFFICER: RoleWords(
        "Lead officer", "Does everything, says who is in the team, and alone sees conflict declarations"
    ),
    TeamRole.OFFICER: RoleWords("Officer", "Sets up the programme, runs engagements and reads the responses"),
    TeamRole.LOT_DESIGNER: RoleWords("Lot designer", "Changes lots, reads the responses and has them analysed"),
    TeamRole.APPROVER: RoleWords(
        "Approver",
        "Reads the programme, its reports, the responses and the record, signs recommendations or sends them back, and "
        "freezes forecasts",
    ),
    TeamRole.REVIEWER: RoleWords("Reviewer", "Reads the programme and its reports, such as a partnership board does"),
}

"""What somebody is told who was put into a team."""

from __future__ import annotations

from webapp.mail import ONE_TIME_LINK, Mail
from webapp.models import Programme, TeamRole
from webapp.programmes.teams.roles import ROLES


def added(programme: Programme, role: TeamRole, *, base_url: str) -> Mail:
    return Mail(
        f"You are in the team of {programme.title}",
        f"You now work on the programme {programme.title} ({programme.reference}) of {programme.buyer.name} "
        f"on Soundings, as {ROLES[role].name.lower()}.\n\n"
        f"To sign in, ask for a link with this email address:\n{base_url}{ONE_TIME_LINK.removesuffix('/')}\n\n"
        "You will need an authenticator app on your phone; the page shows how to set it up.\n",
    )

"""Which framework a request may see or act upon, and whether it may read what providers said."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from flask import abort

from webapp.analysis.themes import queries
from webapp.models import ThemeFramework
from webapp.programmes.permissions import Permission, permissions_on
from webapp.web.request import acting, db_session


def framework_to_see(framework_id: uuid.UUID, permission: Permission = Permission.READ) -> ThemeFramework:
    return queries.framework(db_session(), framework_id, actor=acting(), permission=permission) or abort(404)


def framework_to_act_on(framework_id: uuid.UUID) -> ThemeFramework:
    return framework_to_see(framework_id, Permission.ANALYSE)


def framework_to_read(framework_id: uuid.UUID, permission: Permission = Permission.READ_RESPONSES) -> ThemeFramework:
    """Not there for those who may not read what providers said to its question."""
    framework = framework_to_see(framework_id, permission)
    return framework if Permission.READ_RESPONSES in granted_on(framework) else abort(404)


def granted_on(framework: ThemeFramework) -> frozenset[Permission]:
    """What the reader may do; reading responses is not among it where the question is for lead officers alone."""
    granted = permissions_on(db_session(), framework.engagement.programme_id, acting())
    return granted - {Permission.READ_RESPONSES} if is_hidden(framework, granted) else granted


def is_hidden(framework: ThemeFramework, granted: Collection[Permission]) -> bool:
    """Whether nothing that anybody said is for this reader, not even what may be quoted."""
    return Permission.LEAD not in granted and framework.question_key in queries.restricted(
        db_session(), framework.engagement_id
    )

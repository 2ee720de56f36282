"""The programme that a request is about: for who may not do what it asks, there is none."""

from __future__ import annotations

import uuid

from flask import abort, request

from webapp.models import Programme
from webapp.programmes import queries
from webapp.programmes.permissions import Permission
from webapp.web.request import SAFE_METHODS, acting, db_session


def programme_or_404(programme_id: uuid.UUID, permission: Permission) -> Programme:
    return queries.programme(db_session(), programme_id, acting(), permission) or abort(404)


def held_programme_or_404(programme_id: uuid.UUID, permission: Permission) -> Programme:
    """The same, locked where the request may change anything."""
    programme = programme_or_404(programme_id, permission)
    if request.method not in SAFE_METHODS:
        queries.lock(db_session(), programme_id)
    return programme

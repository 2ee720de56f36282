"""The providers of a programme, and those that were joined, as their page shows them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from flask import url_for

from webapp.models import Contract, Invitation, JoinedProvider, Programme, PublishedName, Response
from webapp.programmes.like_names import Directory, Known
from webapp.web.cells import Cell, Row, lines, link
from webapp.web.format import moment, plural

_MOVED = {
    Contract.__tablename__: ("contract", "contracts"),
    Invitation.__tablename__: ("invitation", "invitations"),
    Response.__tablename__: ("response", "responses"),
    PublishedName.__tablename__: ("name in past procurements", "names in past procurements"),
}

APART = (
    "{} has answered itself since, which counts apart. Undo this and, if nobody can sign in for “{}”, join that one to "
    "it instead"
)


def provider_rows(
    programme: Programme,
    shown: Sequence[tuple[uuid.UUID, Known]],
    directory: Directory,
    met: Mapping[uuid.UUID, Sequence[str]],
    with_people: Collection[uuid.UUID],
    joins: Sequence[JoinedProvider],
) -> list[Row]:
    """Each with the other names it has here, where it was met, and which others have names like it."""
    rows: list[Row] = []
    for key, provider in shown:
        also = [each.organisation.name for each in joins if each.into_id == key and each.undone_at is None]
        like = [each.known.name for each in directory.proposals(provider.name) if each.known is not provider]
        address = url_for(".join", programme_id=programme.id, provider_id=key)
        rows.append(
            (
                lines((provider.name, *(f"Also here: {name}" for name in also))),
                lines(met.get(key, ())),
                lines(like) or "None",
                "It has people who can sign in"
                if key in with_people
                else link(f"Join {provider.name} to another", address),
            )
        )
    return rows


def join_rows(joins: Sequence[JoinedProvider], apart: Collection[uuid.UUID]) -> list[Row]:
    """`apart` are those that were joined and have answered themselves since."""
    return [
        (
            f"{each.organisation.name} is {each.into.name}",
            each.reason,
            f"{moment(each.created_at)}, by {each.joiner.name}",
            lines(pointed(each)) or "Nothing",
            _state(each, is_apart=each.organisation_id in apart),
        )
        for each in joins
    ]


def pointed(join: JoinedProvider) -> list[str]:
    """How many of what was pointed to the other."""
    return [plural(len(join.moved[table]), *nouns) for table, nouns in _MOVED.items() if join.moved[table]]


def _state(join: JoinedProvider, *, is_apart: bool) -> Cell:
    if join.undone_at is not None and join.undoer is not None:
        return f"Undone {moment(join.undone_at)}, by {join.undoer.name}"
    address = url_for(".undo", programme_id=join.programme_id, join_id=join.id)
    undo = link(f"Undo for {join.organisation.name}", address)
    return lines((APART.format(join.organisation.name, join.into.name), undo)) if is_apart else undo

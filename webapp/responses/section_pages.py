"""A section's page and what follows when it is sent, rendered for its routes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from webapp.language import _
from webapp.models import Section
from webapp.responses import answers, clashes, forms, pages, prefilling, queries, removed, section_blocks
from webapp.responses.controls import Control
from webapp.responses.drafts import Problem, Saved, with_typed
from webapp.responses.items import Item, Typed
from webapp.web.request import acting, arrived_at, db_session


def typed_before(journey: queries.Journey, asked: Section) -> tuple[Mapping[Item, Typed], str]:
    """What stands in a section as it is opened, and the sentences that say from where it was filled in, if it was."""
    draft = journey.draft
    if asked.id in draft.saved:
        return {item: draft.typed(asked, item) or "" for item in draft.items(asked)}, ""
    offered = prefilling.offered(db_session(), journey, asked)
    filled = offered.typed
    actor = acting()
    # What it leads to is asked at once, as if somebody had saved it.
    as_saved = Saved(asked.id, 0, with_typed({}, filled), arrived_at(), actor.person_id, actor.name)
    items = journey.with_saved(as_saved).draft.items(asked) if filled else draft.items(asked)
    return {item: filled.get(item, "") for item in items}, offered.told(items)


def as_opened(journey: queries.Journey, asked: Section, typed: Mapping[Item, Typed]) -> str:
    """Of a page that shows what is saved, or what is offered where nothing is."""
    return forms.opened_with(journey.draft.revision(asked), clashes.digests(typed))


def section_page(
    journey: queries.Journey,
    asked: Section,
    typed: Mapping[Item, Typed],
    problems: Sequence[Problem],
    opened_with: str,
    saved_without: Sequence[Problem] | None = None,
    grown: str = "",
    filled_in: str = "",
) -> str:
    """`opened_with` is what the page carries to tell later what was changed since: see forms.opened_with.

    `filled_in` says where it comes from that something stands there which nobody saved.
    `saved_without` are the files that were not kept of a section that is saved; None where nothing was saved."""
    lots = {item.lot.id for item in typed if item.lot}
    briefs = {lot.id: section_blocks.lot_brief(lot) for lot in queries.with_units(db_session(), lots)} if lots else {}
    page = section_blocks.section_page(journey.draft, asked, typed, problems, grown, briefs)
    carried = {"lots": page.lots, "skipped": page.skipped, "version": str(journey.response.version_id)}
    form = forms.SectionForm(formdata=None, revision=opened_with, **carried)
    return render_template(
        "responses/section.html",
        page=page,
        section_form=form,
        errors=page.errors,
        is_saved=saved_without is not None,
        not_kept=bool(saved_without),
        filled_in=filled_in,
        journey=journey,
        banner=pages.banner(journey, arrived_at()),
    )


def clash_page(journey: queries.Journey, asked: Section, typed: Mapping[Item, Typed]) -> str:
    draft = journey.with_saved(*queries.drafts_of(db_session(), journey.response.id).values()).draft
    version_id = journey.response.version_id
    sent = forms.SectionForm()
    moved = sent.is_of_another_version(version_id)
    carried = {"version": str(version_id)} | {name: request.form.get(name, "") for name in ("lots", "skipped")}
    opened_with = forms.opened_with(draft.revision(asked), sent.shown)
    form = forms.SectionForm(formdata=None, revision=opened_with, **carried)
    saved = draft.saved.get(asked.id) or abort(400)  # no page of ours came from a save that never was
    return render_template(
        "responses/clash.html",
        journey=journey,
        section=asked,
        clash=clashes.clash(saved, asked, person_id=acting().person_id, moved=moved),
        differences=answers.differences(draft, asked, typed),
        no_longer_asked=answers.typed_answers(removed.no_longer_asked(db_session(), journey, asked)) if moved else (),
        carried=forms.as_sent(typed),
        offers_both=clashes.adds_to_both(draft, asked, typed, sent.shown),
        section_form=form,
        banner=pages.banner(journey, arrived_at()),
    )


def after_saving(
    journey: queries.Journey, saved: Section, sent: Mapping[Item, Typed], not_kept: Sequence[Problem]
) -> str | tuple[str, int] | Answered:
    """On to where the person wanted to go, unless something of the section needs attention first.

    `not_kept` are files that came with it and are not saved: the person must hear of them, wherever it wanted to go.
    """
    draft, response_id = journey.draft, journey.response.id
    typed = {item: draft.typed(saved, item) or "" for item in draft.items(saved)}
    add = request.form.get("add")
    growing = next((item for item in typed if item.name == add), None) if add else None
    if growing is not None and not not_kept:
        row = Control(growing, typed[growing]).next_row_id
        return redirect(url_for(".section", response_id=response_id, slug=saved.slug, more=growing.name, _anchor=row))
    if request.form.get("then") == "later" and not not_kept:
        return redirect(url_for(".show", response_id=response_id))
    problems = [problem for problem in draft.problems(saved) if problem.item in sent]
    if problems or not_kept:
        opened_with = as_opened(journey, saved, typed)
        return section_page(journey, saved, typed, [*problems, *not_kept], opened_with, saved_without=not_kept), 422
    if not typed.keys() <= sent.keys():
        flash(_("Your answers lead to more questions in this section"))
        return redirect(url(response_id, saved))
    return redirect(_next_url(journey, saved))


def _next_url(journey: queries.Journey, saved: Section) -> str:
    """The next section that asks something, in the end the check page."""
    draft, response_id = journey.draft, journey.response.id
    following = (section for section in draft.sections if section.position > saved.position and draft.asks(section))
    section = next(following, None)
    return url(response_id, section) if section else url_for(".check", response_id=response_id)


def url(response_id: uuid.UUID, section: Section) -> str:
    return url_for(".section", response_id=response_id, slug=section.slug)

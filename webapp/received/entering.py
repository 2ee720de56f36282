"""A section's page of an entry and what follows when it is sent: the provider's own pages, filled in for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.models import Reception, Section
from webapp.received import actions
from webapp.received.drafts import draft_of, items_to_enter
from webapp.received.pages import next_url, url_of
from webapp.responses import answers, forms
from webapp.responses.controls import Control
from webapp.responses.drafts import Draft, Problem
from webapp.responses.items import Item, Typed
from webapp.responses.pages import difference_rows
from webapp.responses.section_blocks import section_page
from webapp.web.request import acting, db_session


def page(reception: Reception, draft: Draft, asked: Section) -> ResponseReturnValue:
    items = items_to_enter(draft, asked)
    if not items:
        return redirect(url_of("show", reception))
    typed = {item: draft.typed(asked, item) or "" for item in items}
    wrong = [problem for problem in draft.problems(asked) if not problem.missing]
    return _rendered(reception, draft, asked, typed, wrong, draft.revision(asked), grown=request.args.get("more", ""))


def save(reception: Reception, draft: Draft, asked: Section) -> ResponseReturnValue:
    session, form = db_session(), forms.SectionForm()
    if not form.validate_on_submit():
        abort(400)
    shown = [item for item in form.items_shown(draft, asked) if not item.takes_files]
    typed = forms.read_typed(request.form, shown)
    if refused := forms.unkeepable(typed):
        return _rendered(reception, draft, asked, typed, refused, form.from_revision), 422
    try:
        actions.save_section(
            session, reception=reception, section=asked, typed=typed, revision=form.from_revision, actor=acting()
        )
    except actions.ClashError:
        session.rollback()
        return _clash(reception, asked, typed)
    session.commit()
    return _after(reception, asked, typed)


def _after(reception: Reception, saved: Section, sent: Mapping[Item, Typed]) -> ResponseReturnValue:
    """On to the next section, unless this one wants a row more or needs attention first."""
    draft = draft_of(db_session(), reception)
    typed = {item: draft.typed(saved, item) or "" for item in items_to_enter(draft, saved)}
    growing = next((item for item in typed if item.name == request.form.get("add")), None)
    if growing is not None:
        place = Control(growing, typed[growing]).next_row_id
        return redirect(url_of("section", reception, slug=saved.slug, more=growing.name, row=place))
    problems = [problem for problem in draft.problems(saved) if not problem.missing and problem.item in sent]
    if problems:
        return _rendered(reception, draft, saved, typed, problems, draft.revision(saved), is_saved=True), 422
    if not typed.keys() <= sent.keys():  # what was entered leads to more questions here
        return redirect(url_of("section", reception, slug=saved.slug))
    return redirect(next_url(draft, reception, saved))


def _rendered(
    reception: Reception,
    draft: Draft,
    asked: Section,
    typed: Mapping[Item, Typed],
    problems: Sequence[Problem],
    revision: int,
    is_saved: bool = False,
    grown: str = "",
) -> str:
    shown = section_page(draft, asked, typed, problems, grown)
    form = forms.SectionForm(formdata=None, revision=str(revision), lots=shown.lots, skipped=shown.skipped)
    return render_template(
        "received/section.html",
        page=shown,
        section_form=form,
        errors=shown.errors,
        is_saved=is_saved,
        reception=reception,
    )


def _clash(reception: Reception, asked: Section, typed: Mapping[Item, Typed]) -> ResponseReturnValue:
    draft = draft_of(db_session(), reception)
    carried = {name: request.form.get(name, "") for name in ("lots", "skipped")}
    form = forms.SectionForm(formdata=None, revision=str(draft.revision(asked)), **carried)
    rendered = render_template(
        "received/section_clash.html",
        reception=reception,
        section=asked,
        saved=draft.saved[asked.id],
        differences=difference_rows(answers.differences(draft, asked, typed)),
        carried=forms.as_sent(typed),
        section_form=form,
    )
    return rendered, 409

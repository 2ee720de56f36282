"""The page on which answers are checked, submitted, put before a signatory, or sent back."""

from __future__ import annotations

import uuid

from flask import render_template

from webapp.responses import actions, forms, pages, queries, remarks
from webapp.responses.files.routes import url_for_provider
from webapp.web.request import acting, arrived_at, db_session


def check_page(
    journey: queries.Journey,
    form: forms.CheckForm | None = None,
    *,
    asking: forms.AskToSubmitForm | None = None,
    sending_back: forms.SendBackForm | None = None,
    refusal: Exception | None = None,
) -> str:
    """With whichever of its forms was refused."""
    form = form or forms.CheckForm(formdata=None)
    form.nonce.data = form.nonce.data or str(uuid.uuid4())
    form.seen.data = form.seen.data or journey.fingerprint
    now, said = arrived_at(), remarks.standing(db_session(), journey.response.id)
    provider = acting().provider
    return render_template(
        "responses/check.html",
        form=form,
        asking=asking or forms.AskToSubmitForm(formdata=None),
        sending_back=sending_back or forms.SendBackForm(formdata=None),
        errors=[each for sent in (asking, sending_back) if sent for each in sent.error_links()],
        journey=journey,
        page=pages.check_page(journey, now, url_for_provider(journey.response.id), said),
        stale=isinstance(refusal, actions.StaleCheckError),
        banner=pages.banner(journey, now),
        is_signatory=provider is not None and provider.is_signatory,
    )

"""What the pages about passkeys ask for."""

from __future__ import annotations

from webapp.language import Later
from webapp.web.fields import HiddenField, TextField
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

LONGEST_NAME = 100
LONGEST_CREDENTIAL = 20_000


class ShownForm(BaseForm):
    """What the browser says of a passkey, put in by passkeys.js."""

    credential = HiddenField("Passkey", max_length=LONGEST_CREDENTIAL)


class AddForm(ShownForm):
    name = TextField(
        Later("Name of the passkey"),
        [Answered(Later("Enter a name for the passkey"))],
        subject=Later("Name of the passkey"),
        description=Later("So that you know it from others, such as “Work laptop”."),
        max_length=LONGEST_NAME,
    )

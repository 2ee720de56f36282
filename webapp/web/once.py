"""Forms of what is put on record and never taken back: sent twice, they are written once."""

from __future__ import annotations

import json
import uuid
from typing import Any

from webapp.web.fields import HiddenField
from webapp.web.forms import BaseForm


class OnceForm(BaseForm):
    once = HiddenField("Once")
    """Which opening of the page it is: the same words sent from another are meant anew."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.once.data = self.once.data or str(uuid.uuid4())

    @classmethod
    def opened(cls) -> str:
        """For a button whose page carries `once` by itself."""
        return str(cls(formdata=None).once.data)

    def entry_id(self, person_id: uuid.UUID) -> uuid.UUID:
        """The same for all that one person sends from one page in the same words."""
        said = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return uuid.uuid5(person_id, json.dumps(said, default=str, sort_keys=True))

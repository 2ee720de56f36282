"""Where a figure came from."""

from dataclasses import dataclass
from datetime import datetime

from webapp.web.format import plural


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """The run behind a figure: enough to repeat it to the byte."""

    run: str
    href: str
    finished: datetime
    seed: int
    inputs: str
    """Digest of the inputs, shortened."""
    code: str
    """Version of the code."""
    received: int = 0
    """How many of the responses behind it officers had entered or imported."""
    withdrawn: int = 0
    """How many of them have been withdrawn since."""

    @property
    def outdated(self) -> str:
        return withdrawn_words(self.withdrawn, "this run") if self.withdrawn else ""


def withdrawn_words(responses: int, what: str) -> str:
    """That what is shown rests on responses which no longer count."""
    have = "has" if responses == 1 else "have"
    return f"{plural(responses, 'response')} behind {what} {have} been withdrawn since. Run the analysis again."

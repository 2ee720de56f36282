"""Where a figure came from."""

from dataclasses import dataclass
from datetime import datetime


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

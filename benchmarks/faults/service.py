"""The web servers of a scene, and the providers that use them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.browsing import over_http
from benchmarks.faults.ledger import Ledger, Provider, Unanswered
from benchmarks.serving import free_port, serving
from benchmarks.stage import Stage

PROVIDERS = 8


def log_of(stage: Stage) -> Path:
    """A new file for what a server says."""
    return stage.settings.data_folder / f"web-{uuid.uuid4()}.log"


@contextmanager
def served(stage: Stage, *, processes: int, changed: dict[str, str] | None = None) -> Iterator[int]:
    """A web server while the block runs; gives its port."""
    port = free_port()
    with serving("wsgi:app", stage.environment | (changed or {}), port, processes=processes, log=log_of(stage)):
        yield port


def providers(stage: Stage, port: int, ledger: Ledger, count: int = PROVIDERS) -> list[Provider]:
    """Signed in and with everything answered; the time of the scene begins now."""
    ready = [Provider.ready(stage, over_http("127.0.0.1", port), ledger) for _ in range(count)]
    ledger.start()
    return ready


def submitting(provider: Provider) -> Callable[[], None]:
    """Work for one of the providers, until all together have been told of enough."""

    def work() -> None:
        while not provider.ledger.is_full:
            with suppress(Unanswered):
                provider.submit_changed()

    return work

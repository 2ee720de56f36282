"""Work in pieces: on this thread, on threads or processes of this machine, or on a Dask cluster, with the same answer.

A piece's result may depend on the piece alone. Results come back in the order of the pieces, so how many workers there
are, which of them does what, and which of them dies and is replaced changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Progress = Callable[[float], None]
"""Is told the share that is done, between 0 and 1; what it raises stops the work."""

Work = Callable[[Piece, Progress], Result]
"""What is done to a piece; it must be a function of a module (or a partial of one), so that a process can be told."""

MOST_WORKERS = 256


class Backend(StrEnum):
    SERIAL = "serial"
    THREADS = "threads"
    PROCESSES = "processes"
    DASK = "dask"


@dataclass(frozen=True, slots=True)
class Workers:
    """Where work is done: `number` threads or processes of this machine, or the Dask scheduler at `address`."""

    backend: Backend = Backend.SERIAL
    number: int = 1
    address: str = ""

    def sharing_memory(self) -> Workers:
        """Those to whom handing over large arrays costs nothing: threads; without such, this thread."""
        return self if self.backend is Backend.THREADS else SERIAL


SERIAL = Workers()


def nobody_told(share: float) -> None:
    """Progress where nobody listens, or to a worker elsewhere."""


class WorkersError(ValueError):
    """What was asked for is no kind of workers, or cannot be had here."""


def parse_workers(text: str) -> Workers:
    """Read ``serial``, ``threads:N``, ``processes:N`` (or just ``N``), or ``dask:ADDRESS``.

    Raises:
        WorkersError: it is none of these.

    >>> parse_workers("4")
    Workers(backend=<Backend.PROCESSES: 'processes'>, number=4, address='')
    >>> parse_workers("dask:tcp://10.0.0.1:8786").address
    'tcp://10.0.0.1:8786'
    """
    kind, _, rest = text.partition(":")
    if text.isascii() and text.isdigit():
        kind, rest = Backend.PROCESSES, text
    if text == Backend.SERIAL:
        return SERIAL
    if kind == Backend.DASK and rest:
        return Workers(Backend.DASK, address=rest)
    if kind in (Backend.THREADS, Backend.PROCESSES) and rest.isascii() and rest.isdigit() and len(rest) < 4:
        number = int(rest)
        if 1 <= number <= MOST_WORKERS:
            return SERIAL if number == 1 else Workers(Backend(kind), number)
    raise WorkersError(f"must be serial, threads:N, processes:N, N or dask:ADDRESS, not {text[:60]!r}")


def run_pieces(
    work: Work[Piece, Result], pieces: Sequence[Piece], *, workers: Workers = SERIAL, progress: Progress
) -> Iterator[Result]:
    """Each piece's result, in the order of the pieces.

    `progress` is told the share that is done; what it raises stops the work, and pieces not yet begun are dropped.

    Raises:
        WorkersError: the cluster cannot be reached, or its library is not installed.

    >>> list(run_pieces(lambda piece, tell: piece * piece, [1, 2, 3], progress=nobody_told))
    [1, 4, 9]
    """
    if workers.backend is Backend.SERIAL or len(pieces) == 1:
        return _on_this_thread(work, pieces, progress)
    if workers.backend is Backend.DASK:
        return _on_dask(work, pieces, workers.address, progress)
    return _on_this_machine(work, pieces, workers, progress)


def beside(work: Callable[[], Result], workers: Workers) -> Callable[[], Result]:
    """Begin what needs none of the pieces while the workers do those; calling what is returned waits for the result.

    Where everything is done on this thread, it is done when it is first asked for.

    >>> beside(lambda: 6 * 7, Workers(Backend.THREADS, 2))()
    42
    """
    if workers.backend is Backend.SERIAL:
        return cache(work)
    executor = ThreadPoolExecutor(1)
    result = executor.submit(work).result
    executor.shutdown(wait=False)
    return result


def _on_this_thread(work: Work[Piece, Result], pieces: Sequence[Piece], progress: Progress) -> Iterator[Result]:
    for done, piece in enumerate(pieces):

        def tell(share: float, done: int = done) -> None:
            progress((done + share) / len(pieces))

        yield work(piece, tell)


def _on_this_machine(
    work: Work[Piece, Result], pieces: Sequence[Piece], workers: Workers, progress: Progress
) -> Iterator[Result]:
    executor: Executor
    number = min(workers.number, len(pieces))
    if workers.backend is Backend.THREADS:
        executor = ThreadPoolExecutor(number)
    else:  # started afresh: a copy of a process that has threads can hang
        executor = ProcessPoolExecutor(number, mp_context=get_context("spawn"))
    with executor:
        futures = [executor.submit(work, piece, nobody_told) for piece in pieces]
        try:
            for done, future in enumerate(futures, start=1):
                result = future.result()
                progress(done / len(pieces))
                yield result
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


def _on_dask(work: Work[Piece, Result], pieces: Sequence[Piece], address: str, progress: Progress) -> Iterator[Result]:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise WorkersError("dask needs the library distributed: pip install 'soundings[cluster]'") from error
    try:
        client = distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkersError(f"no Dask scheduler answers at {address}") from error
    with client:
        futures = [client.submit(work, piece, nobody_told, pure=False) for piece in pieces]
        try:
            for done, future in enumerate(futures, start=1):
                result: Result = future.result()
                progress(done / len(pieces))
                yield result
        finally:
            client.cancel(futures)

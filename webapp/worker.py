"""The worker: every slice's jobs, run until told to stop. `python -m webapp.cli worker` starts it."""

from __future__ import annotations

import logging
import os
import sys

from sqlalchemy.exc import DBAPIError

import webapp.accounts.jobs
import webapp.analysis.jobs
import webapp.analysis.planning.jobs
import webapp.analysis.structures.jobs
import webapp.analysis.themes.jobs
import webapp.analysis.what_ifs.jobs
import webapp.disposal.jobs
import webapp.received.importing.jobs
import webapp.responses.reminders.by_hand.jobs
import webapp.responses.reminders.jobs  # noqa: F401 - these modules declare the jobs, as the delivery of mail does
from config import Settings, SettingsError
from webapp import logs
from webapp.db import WORKER, UnfitDatabaseError
from webapp.installation import open_database
from webapp.jobs import WorkerContext
from webapp.mail.delivery import transport_for
from webapp.running_jobs import run_worker


def main(concurrency: int) -> None:
    logs.configure()
    settings = Settings.from_environment()
    transport = transport_for(settings)  # which says now, not with the first message, what is wrong about the settings
    database = open_database(settings, timeouts=WORKER, application_name="soundings-worker")
    logger = logging.getLogger("soundings.worker")
    context = WorkerContext(database, settings, logger, threads=threads_for_each(concurrency))
    logger.info("worker.started", extra={"concurrency": concurrency, "mail": type(transport).__name__.lower()})
    run_worker(context, concurrency=concurrency)


def threads_for_each(concurrency: int) -> int:
    """A job's share of the processor's cores when as many run as may: together they keep no more threads busy."""
    return max(_cores() // concurrency, 1)


def _cores() -> int:
    """Those that this process may use; only Linux can tell them from all there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except (SettingsError, UnfitDatabaseError) as error:
        sys.exit(f"soundings: {error}")
    except DBAPIError as error:
        sys.exit(f"soundings: {logs.refusal(error)}")

"""The migrations make what the models say, and can be taken back with data in the tables."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager

from tests import factories as make
from tests.webapp.interest_counts import counted
from webapp import audit, db
from webapp.db import MIGRATIONS, Database, alembic_config, downgrade, migrate
from webapp.engagements.clarifications.queries import own_questions
from webapp.models import Answer, Base, Disposal, InterestLevel, Response, Submission, Withdrawal

SCHEMA_OF_0002 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
ORGANISATION = "INSERT INTO organisation (id, name, party) VALUES (gen_random_uuid(), 'St Ann''s', 'buyer')"
JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'mail.send')"
ROWS_AT = {"0001": ORGANISATION, "0002": JOB}  # what a revision's tables can first hold
OBJECTS = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
"""
CHECKS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text !~ '^procrastinate_'
"""

ALEMBIC_OWN = ["_alembic_version", "alembic_version", "alembic_version", "alembic_version_pkc"]


def add_row(database: Database, revision: str) -> None:
    if statement := ROWS_AT.get(revision):
        with database.engine.begin() as connection:
            connection.execute(sa.text(statement))


def differences(database: Database, metadata: sa.MetaData) -> list[object]:
    def ours(name: str | None, kind: str, parents: object) -> bool:
        return kind != "table" or not (name or "").startswith("procrastinate_")

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True, "include_name": ours})
        return list(compare_metadata(context, metadata))


def test_migrations_make_what_the_models_say(session_database: Database) -> None:
    assert differences(session_database, Base.metadata) == []


def checks(database: Database) -> dict[tuple[str, str], str]:
    """What each check constraint of ours says, whatever the order in which it lists its values."""

    def in_order(values: re.Match[str]) -> str:
        return ", ".join(sorted(values[0].split(", ")))

    with database.engine.connect() as connection:
        found = connection.execute(sa.text(CHECKS)).all()
    return {(table, name): re.sub(r"(?<=ARRAY\[)[^]]*", in_order, definition) for table, name, definition in found}


def test_check_constraints_are_those_of_the_models(
    session_database: Database, new_database: Callable[..., str]
) -> None:
    made = Database(new_database())
    try:
        Base.metadata.create_all(made.engine)
        assert checks(session_database) == checks(made)
    finally:
        made.dispose()


@pytest.mark.parametrize("change", ["column", "type", "default", "nullable", "unique", "index", "table"])
def test_the_comparison_notices(session_database: Database, change: str) -> None:
    changed = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(changed)
    organisation = changed.tables["organisation"]
    name = organisation.c.name
    if change == "column":
        organisation.append_column(sa.Column("motto", sa.Text))
    elif change == "type":
        name.type = sa.BigInteger()
    elif change == "default":
        organisation.c.created_at.server_default = None
    elif change == "nullable":
        name.nullable = True
    elif change == "unique":
        organisation.append_constraint(sa.UniqueConstraint("created_at"))
    elif change == "index":
        sa.Index("ix_organisation_created_at", organisation.c.created_at)
    else:
        sa.Table("motto", changed, sa.Column("id", sa.Integer, primary_key=True))
    assert differences(session_database, changed) != []


def test_every_step_can_be_taken_back_and_forth_over_data(new_database: Callable[..., str]) -> None:
    url = new_database()
    database = Database(url)
    revisions = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]

    def objects() -> list[str]:
        with database.engine.connect() as connection:
            return sorted(connection.scalars(sa.text(OBJECTS)))

    try:
        for before, revision in zip(["base", *revisions], revisions, strict=False):
            at_first = objects()
            migrate(url, revision)
            made = objects()
            add_row(database, revision)
            downgrade(url, before)
            assert objects() == (at_first or ALEMBIC_OWN)
            migrate(url, revision)
            assert objects() == made
            add_row(database, revision)
        downgrade(url, "base")  # all the way, over the rows of every step
        assert objects() == ALEMBIC_OWN
    finally:
        database.dispose()


def test_whoever_waits_for_a_migration_is_told_how_far_it_is(
    new_database: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    url = new_database(template=True)
    with caplog.at_level(logging.INFO, "webapp.migrations"):
        downgrade(url, "0052")
        migrate(url, "0053")
        migrate(url, "0053")
    told = [vars(record)["revision"] for record in caplog.records if record.msg == "schema.changed"]
    assert told[-2:] == ["0052", "0053"], "and no more where it is there already"


def test_a_migration_that_fails_half_way_changes_nothing(
    new_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database(template=True)
    head = (MIGRATIONS / "HEAD").read_text().strip()
    shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "migrations" / "versions" / "9999_broken.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9999', {head!r}\n"
        "def upgrade():\n    op.execute('CREATE TABLE half ()')\n    op.execute('SELECT 1 / 0')\n"
    )
    monkeypatch.setattr(db, "MIGRATIONS", tmp_path / "migrations")
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        migrate(url)
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == head
        assert "half" not in sa.inspect(database.engine).get_table_names()
    finally:
        database.dispose()


def test_the_head_is_pinned_so_that_two_branches_meet_in_a_merge_conflict() -> None:
    (head,) = ScriptDirectory.from_config(alembic_config()).get_heads()
    assert (MIGRATIONS / "HEAD").read_text() == f"{head}\n"


def test_files_are_numbered_in_order() -> None:
    names = sorted(path.name for path in Path(MIGRATIONS, "versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]


def test_the_job_queue_s_schema_is_the_one_that_0002_was_written_for() -> None:
    """On failure: bring databases that exist up to the new one in a migration of its own, then change the digest."""
    assert hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest() == SCHEMA_OF_0002


def test_rows_of_before_get_their_withdrawals_latest_times_counts_and_kinds_and_every_rule_comes_back(
    new_database: Callable[..., str],
) -> None:
    database = Database(new_database(template=True))
    try:
        with database.session() as session:
            about = make.engagement(session, make.programme(session))
            withdrawn, submitted_again, stays, begun = (make.response(session, about) for _ in range(4))
            gone = [make.submission(session, each).id for each in (withdrawn, submitted_again)]
            session.expire_all()  # for the next to be numbered on
            gone.append(make.submission(session, withdrawn).id)
            withdrawn.current_submission_id, withdrawn.withdrawn_at = None, datetime(2026, 5, 1, tzinfo=UTC)
            detail = {"submission_id": str(gone[1])}
            audit.record(session, "response.withdrawn", subject=submitted_again, actor=None, **detail)
            levels = dict.fromkeys((lot.id for lot in make.lots_of(about)), InterestLevel.LIKELY)
            stand = [make.submission(session, each, levels).submitted_at for each in (submitted_again, stays)]
            asked = {question.key: question.id for question in make.ask_of_provider(session, stays.version).questions}
            said = {"organisation_kind": "charity", "organisation_size": "unknown", "is_vcse": False}
            session.add_all(
                Answer(submission_id=stays.current_submission_id, question_id=asked[key], value=value)
                for key, value in said.items()
            )
            session.commit()
            counting = stays.current_submission_id
            latest = [withdrawn.withdrawn_at, *stand, begun.started_at]
            responses = [each.id for each in (withdrawn, submitted_again, stays, begun)]
        at_head = checks(database)
        downgrade(database.url, "0032")
        migrate(database.url)
        assert checks(database) == at_head
        with database.session() as session:
            assert sorted(session.scalars(sa.select(Withdrawal.submission_id))) == sorted(gone)
            assert [session.get_one(Response, each).latest_at for each in responses] == latest
            assert set(counted(session).values()) == {2}
            kept = session.get_one(Submission, counting)
            assert (kept.answered_kind, kept.answered_size, kept.answered_vcse) == ("charity", None, False)
    finally:
        database.dispose()


def test_a_question_that_an_officer_entered_is_its_provider_s_in_no_earlier_state(
    new_database: Callable[..., str],
) -> None:
    database = Database(new_database(template=True))
    try:
        with database.session() as session:
            about = make.engagement(session, make.programme(session))
            buyer, provider = about.programme.buyer, make.provider(session)
            officer, someone = make.officer(session, buyer), make.provider_person(session, provider)
            asked = make.clarification(session, about, someone).id
            for named in (provider.id, None):
                make.entered_clarification(session, about, officer, organisation_id=named)
            session.commit()
            whose = [(buyer.id, officer.id)] * 2 + [(provider.id, someone.id)]
        downgrade(database.url, "0047")
        with database.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT organisation_id, asked_by FROM clarification")).all()
        assert sorted(map(tuple, rows)) == sorted(whose)
        migrate(database.url)
        with database.session() as session:
            found = own_questions(session, about.id, provider.id)
            assert [each.id for each in found] == [asked], "what it asked itself stays its own"
    finally:
        database.dispose()


def test_how_far_an_older_version_told_of_a_disposal_is_kept(new_database: Callable[..., str]) -> None:
    """Also where it told all at once; a certificate stays as it is."""
    database, last, now = Database(new_database(template=True)), uuid.UUID(int=7), datetime.now(UTC)
    since = {"told_at": now - timedelta(days=31), "told_up_to": last}
    cases = [
        ({"told_at": since["told_at"]}, uuid.UUID(int=2**128 - 1)),
        ({"told_up_to": last}, last),
        (since, last),
        (since | {"done_at": now, "destroyed": {}}, None),
        ({}, None),
    ]
    try:
        with database.session() as session:
            asker, agreer = make.officer(session), make.officer(session)
            programme = make.programme(session)
            for values, _kept in cases:
                agreed = {"asked_by": asker.id, "agreed_by": agreer.id, "agreed_at": now - timedelta(days=31)}
                stated = {"kept_until": now.date(), "policy": "Records policy 7", "note": ""}
                about = make.engagement(session, programme).id
                session.add(Disposal(engagement_id=about, due_at=now - timedelta(days=1), **agreed, **stated, **values))
                session.flush()
            session.commit()
        downgrade(database.url, "0065")
        migrate(database.url)
        with database.session() as session:
            kept = session.scalars(sa.select(Disposal.told_before).order_by(Disposal.asked_at)).all()
        assert list(kept) == [expected for _values, expected in cases]
    finally:
        database.dispose()

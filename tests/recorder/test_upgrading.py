"""Lines from before the flight recorder are found by it, too."""

from alembic import command
from sqlalchemy import create_engine, text

from lingpai.clock import SystemClock
from lingpai.model import AttemptSearch
from lingpai.storage import migrate, open_store
from lingpai.storage.sql.migrations import run

BEFORE = "0007"


async def test_refusals_of_before_are_found_after_the_migration(tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = run._config()
        config.attributes["connection"] = connection
        config.attributes["on_version_apply"] = lambda **_: None
        command.upgrade(config, BEFORE)
        for number in range(2_500):
            values = {"id": f"evt_{number:05}", "result": "code_used" if number % 2 else "signed_in"}
            connection.execute(
                text(
                    "INSERT INTO login_events (id, at, appid, result, request_id, duration_ms, is_new)"
                    " VALUES (:id, 1, 'wx1', :result, 'req', 1, 0)"
                ),
                values,
            )
    engine.dispose()
    migrate(url)
    store = await open_store(url, clock=SystemClock())
    found = await store.flights.search(AttemptSearch(refused=True), 5_000)
    assert len(found) == 1_250
    assert {line.result for line in found} == {"code_used"}
    assert {line.kind for line in found} == {"login"}
    assert len(await store.flights.search(AttemptSearch(kinds=("login",)), 5_000)) == 2_500
    await store.aclose()

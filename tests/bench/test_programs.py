"""The programs of bench/ run from end to end; what they found is not judged here."""

from bench.figures import Result


def _without_errors(result: Result) -> list[str]:
    rows = [row for table in result.tables.values() for row in table]
    for row in rows:
        assert row.errors == 0, row
        assert row.requests > 0
        assert 0 < row.cpu_us_min <= row.cpu_us <= row.cpu_us_max
        assert 0 < row.p50_ms <= row.p95_ms <= row.p99_ms <= row.max_ms
        assert row.rss_mb > 0
        assert row.start_seconds > 0
    return [row.subject for row in rows]


def test_the_login_benchmark_measures_every_subject_without_an_error(measured):
    result, printed = measured("login")
    subjects = _without_errors(result)
    three = ["nginx proxy_pass (floor)", "lingpai", "FastAPI + httpx + SQLAlchemy"]
    assert [each for each in subjects if each != "lingpai, one at a time"] == three * 2
    assert [each.measured > 0 for each in result.targets] == [True] * 3
    for words in (*subjects, *result.machine, *(each.target for each in result.targets)):
        assert words in printed
    (slow,) = (rows for title, rows in result.tables.items() if "80 ms" in title)
    assert [row.p50_ms >= 80 for row in slow] == [True] * 3  # nobody answered before WeChat did


def test_the_decryption_benchmark_measures_every_subject_without_an_error(measured):
    result, printed = measured("decrypt")
    subjects = _without_errors(result)
    assert "lingpai /v1/{app}/profile, stored" in subjects
    assert "lingpai /v1/{app}/decrypt" in subjects
    assert all(each in printed for each in subjects)


def test_the_keeper_benchmark_measures_every_subject_without_an_error(measured):
    result, printed = measured("keeper")
    subjects = _without_errors(result)
    assert subjects == ["nginx static file", *(f"lingpai, processes: {count}" for count in (1, 2, 4))]
    assert all(each in printed for each in subjects)


def test_the_session_benchmark_measures_every_subject_without_an_error(measured):
    result, printed = measured("session")
    subjects = _without_errors(result)
    assert "lingpai /v1/session" in subjects
    assert "lingpai /v1/session/refresh" in subjects
    assert "lingpai /healthz" in subjects
    assert all(each in printed for each in subjects)


def test_the_storage_benchmark_measures_each_database_both_ways(measured):
    result, printed = measured("storage")
    subjects = _without_errors(result)
    ways = ("shared commits", "one transaction each")
    six = [f"{kind}, {way}" for kind in ("sqlite", "postgresql", "mysql") for way in ways]
    assert subjects == six * 2
    for words in (*subjects, *(each.target for each in result.targets)):
        assert words in printed


def test_the_recorder_benchmark_measures_one_server_in_both_states(measured):
    result, printed = measured("recorder")
    assert _without_errors(result) == ["none of them", "log, metrics, recorder"]
    assert result.targets[0].target in printed

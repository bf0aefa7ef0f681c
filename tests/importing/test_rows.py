"""What counts of a row: whose it is, what was a placeholder, when it began; and where rows may come from."""

import datetime as dt
import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingpai.admin.import_rows import FIELDS, MappingInvalidError, Refused, Taken, mapping_of, taken
from lingpai.model import ImportedPerson
from lingpai.storage.memory.fitting import fit
from lingpai.storage.open import open_source
from lingpai.storage.port_sources import Key, Row
from tests.importing.conftest import GREY, OTHER_APPID, data, registered

NOW = 1_760_000_000_000
CHINA = dt.timedelta(hours=8)
ALL = {field: field for field in FIELDS}


def read(**row: object) -> ImportedPerson:
    found = taken({"openid": "oOne", **row}, ALL, now=NOW, offset=CHINA)
    assert isinstance(found, Taken)
    return found.person


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2020-05-01 12:00:00", 1_588_305_600_000),
        ("2020/05/01 12:00:00", 1_588_305_600_000),
        ("2020-05-01T12:00:00+00:00", 1_588_334_400_000),
        (dt.datetime(2020, 5, 1, 12), 1_588_305_600_000),  # noqa: DTZ001 - as drivers give it
        (dt.date(2020, 5, 1), 1_588_262_400_000),
        (1_588_305_600, 1_588_305_600_000),
        ("1588305600123", 1_588_305_600_123),
        (b"1588305600", 1_588_305_600_000),
        ("0000-00-00 00:00:00", NOW),
        ("1970-01-01", NOW),
        ("2099-01-01", NOW),
        ("yesterday", NOW),
        (None, NOW),
    ],
)
def test_times_are_read_as_such_tables_write_them(value, instant):
    assert read(created_at=value).created_at == instant


def test_the_older_of_two_imported_users_has_the_smaller_id():
    assert read(created_at="2020-05-01").user_id < read(created_at="2021-05-01").user_id < read().user_id


@pytest.mark.parametrize("name", ["微信用户", " 微信用户 ", "WeChat User"])
def test_the_name_that_wechat_gives_everybody_is_nobodys(name):
    found = taken({"openid": "o1", "nickname": name, "avatar_url": GREY}, ALL, now=NOW, offset=CHINA)
    assert isinstance(found, Taken)
    assert (found.person.nickname, found.person.avatar_url) == (None, None)
    assert found.left_out == ("nickname_placeholder", "avatar_placeholder")


def test_a_picture_that_is_no_address_is_left_out():
    found = taken({"openid": "o1", "avatar_url": "wxfile://tmp_1.jpg"}, ALL, now=NOW, offset=CHINA)
    assert isinstance(found, Taken)
    assert (found.person.avatar_url, found.left_out) == (None, ("avatar_unusable",))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "openid_missing"),
        ({"openid": None}, "openid_missing"),
        ({"openid": "  "}, "openid_missing"),
        ({"openid": "a b"}, "openid_invalid"),
        ({"openid": "o" * 65}, "openid_invalid"),
        ({"openid": "oÄ"}, "openid_invalid"),
        ({"openid": "o1", "unionid": "<script>"}, "unionid_invalid"),
    ],
)
def test_a_row_that_is_nobody_says_why(row, reason):
    assert taken(row, ALL, now=NOW, offset=CHINA) == Refused(reason)


def test_columns_are_found_by_their_names_and_a_session_key_never():
    columns = ("open_id", "session_key", "nickName", "headimgurl", "create_time", "stu_id", "unionId")
    assert mapping_of(columns, {}) == {
        "openid": "open_id",
        "unionid": "unionId",
        "nickname": "nickName",
        "avatar_url": "headimgurl",
        "created_at": "create_time",
    }
    assert mapping_of(columns, {"openid": "stu_id"}) == {"openid": "stu_id"}
    for given_columns, given_map in ((("id",), {}), (columns, {"nickname": "session_key"})):
        with pytest.raises(MappingInvalidError):
            mapping_of(given_columns, given_map)


anything = st.none() | st.text() | st.integers() | st.floats() | st.binary() | st.datetimes() | st.dates()


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), anything | st.text("微信用户\x00\ud800 ")))
def test_whatever_stands_in_a_row_fits_into_a_database_or_is_refused(row):
    found = taken({"openid": "oOne", **row}, ALL, now=NOW, offset=CHINA)
    if isinstance(found, Taken):
        fit(found.person)
        json.dumps(found.person.nickname)
        assert "\x00" not in (found.person.nickname or "") + (found.person.avatar_url or "")


async def whole(source):
    """Every row in pages of two; and what is read when it goes on behind the second."""
    keys: list[Key] = []
    rows: list[Row] = []
    while page := await source.rows(keys[-1] if keys else None, 2):
        keys += [key for key, _ in page]
        rows += [row for _, row in page]
    rest = await source.rows(keys[1], 9)
    await source.aclose()
    return rows, [row for _, row in rest]


async def test_csv_and_json_are_read_from_any_row_on(tmp_path):
    csv = tmp_path / "people.csv"
    csv.write_text('\ufeffopenid,nickname\no1,"小,明"\no2,\no3,x,extra\n', encoding="utf-8")
    source = await open_source(str(csv), "")
    assert source.columns == ("openid", "nickname")
    rows, rest = await whole(source)
    assert [row["openid"] for row in rows] == ["o1", "o2", "o3"]
    assert rows[0]["nickname"] == "小,明"
    assert [row["openid"] for row in rest] == ["o3"]
    lines = tmp_path / "people.ndjson"
    lines.write_text('{"openid":"o1"}\n\nnot json\n{"openid":"o3","nickname":"x"}\n[1]\n')
    source = await open_source(str(lines), "")
    assert source.columns == ("openid", "nickname")
    rows, _ = await whole(source)
    assert rows == [{"openid": "o1"}, {}, {"openid": "o3", "nickname": "x"}, {}]


async def test_a_table_with_a_key_of_two_columns_is_walked_whole(tmp_path):
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("CREATE TABLE people (app TEXT, open_id TEXT, n INTEGER, PRIMARY KEY (app, open_id))")
        old.executemany(
            "INSERT INTO people VALUES (?, ?, ?)", [(a, f"o{n}", n) for a in "abc" for n in range(3)]
        )
    old.close()
    source = await open_source(f"sqlite:///{tmp_path}/old.db", "people")
    assert source.total == 9
    rows, rest = await whole(source)
    assert [(row["app"], row["n"]) for row in rows] == [(a, n) for a in "abc" for n in range(3)]
    assert rest == rows[2:]


async def test_a_table_of_postgresql_is_read_by_its_key(postgresql_server):
    from lingpai.testing.databases import execute

    url = postgresql_server.fresh()
    execute(
        url,
        "CREATE TABLE people (id bigserial PRIMARY KEY, openid text, seen timestamptz, extra jsonb)",
        "INSERT INTO people (openid, seen, extra) SELECT 'o' || n, '2020-05-01T12:00:00Z', '{}' "
        "FROM generate_series(1, 5) n",
    )
    source = await open_source(url, "public.people")
    rows, _ = await whole(source)
    assert [row["openid"] for row in rows] == ["o1", "o2", "o3", "o4", "o5"]
    assert read(created_at=rows[0]["seen"]).created_at == 1_588_334_400_000
    postgresql_server.remove(url)


def test_two_apps_that_import_one_unionid_have_one_user(shop, tmp_path):
    registered(shop, OTHER_APPID, "club")
    for slug in ("shop", "club"):
        (tmp_path / f"{slug}.csv").write_text(
            f"openid,unionid,nickname\no{slug},uShared,{slug}\no{slug}2,,\n"
        )
    assert data(shop("users", "import", "shop.csv", "--app", "shop", "--json"))["new"] == 2
    second = data(shop("users", "import", "club.csv", "--app", "club", "--json"))
    assert (second["joined"], second["new"]) == (1, 1)
    (user,) = data(shop("users", "list", "--find", "uShared", "--json"))
    assert user["nickname"] == "shop"
    assert len(data(shop("users", "show", user["id"], "--json"))["identities"]) == 2

"""Values that are written into statements arrive as they were, whatever they hold."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lingpai.storage.sql.dialects.mysql import hot
from lingpai.storage.sql.dialects.mysql.connections import Opener as MysqlOpener
from lingpai.storage.sql.dialects.postgresql import arrays
from lingpai.storage.sql.dialects.postgresql.connections import Opener as PostgresOpener

TRICKY = st.sampled_from(
    ["", '"', "\\", "\\\\'", "','", '","', "{}", "NULL", "{NULL,1}", "%s", "x'00'", "\n"]
)
TEXTS = TRICKY | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
COLUMNS = {
    "text": st.lists(st.none() | TEXTS, min_size=1, max_size=6),
    "bytea": st.lists(st.none() | st.binary(max_size=40), min_size=1, max_size=6),
    "bigint": st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=6),
    "boolean": st.lists(st.booleans(), min_size=1, max_size=6),
}
RELAXED = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


class Link:
    """A connection in an event loop of its own, which outlives the examples of a property."""

    def __init__(self, opener):
        self.runner = asyncio.Runner()
        self.connection = self.runner.run(opener.open("hot"))

    def run(self, coroutine):
        return self.runner.run(coroutine)


@pytest.fixture(scope="module")
def postgresql(migrated_postgresql):
    link = Link(PostgresOpener(migrated_postgresql))
    yield link
    link.run(link.connection.close())
    link.runner.close()


@pytest.fixture(scope="module")
def mysql(migrated_mysql):
    link = Link(MysqlOpener(migrated_mysql))
    yield link
    link.run(link.connection.ensure_closed())
    link.runner.close()


@pytest.mark.parametrize("kind", COLUMNS)
def test_an_array_reaches_postgresql_as_it_was(postgresql, kind):
    @given(COLUMNS[kind])
    @RELAXED
    def arrives(column):
        query = f"SELECT $1::text::{kind}[]"
        assert postgresql.run(postgresql.connection.fetchval(query, arrays.literal(kind, column))) == column

    arrives()


@given(st.none() | TEXTS | st.binary(max_size=40) | st.integers(-(2**63), 2**63 - 1))
@settings(RELAXED, max_examples=300)
def test_a_literal_reaches_mysql_as_it_was(mysql, value):
    async def ask():
        cursor = mysql.connection.cursor()
        await cursor.execute(f"SELECT {hot.literal(value, mysql.connection.escape_string)}")
        ((told,),) = await cursor.fetchall()
        await cursor.close()
        return told

    assert mysql.run(ask()) == value


@pytest.mark.parametrize("value", ["\ud800", "a\udc80'"])
def test_a_text_that_is_not_unicode_never_becomes_sql(mysql, value):
    with pytest.raises(UnicodeEncodeError):
        hot.literal(value, mysql.connection.escape_string)


def test_a_value_of_another_kind_never_becomes_sql(mysql):
    with pytest.raises(TypeError):
        hot.literal(1.5, mysql.connection.escape_string)

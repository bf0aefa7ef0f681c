"""The drawing of an hour of logins."""

from hypothesis import given
from hypothesis import strategies as st

from lingpai.clock import MINUTE
from lingpai.model import Minute
from lingpai.testing.clock import A_MOMENT
from lingpai.web.console.plots import plot


@given(
    st.lists(
        st.tuples(
            st.integers(-70, 5),
            st.sampled_from(["signed_in", "given_again", "code_invalid", "wechat_busy", "unheard_of"]),
            st.integers(1, 10**9),
            st.sampled_from(["login", "browser", "refresh"]),
        ),
        max_size=200,
    )
)
def test_no_bar_leaves_the_drawing_and_nothing_is_lost(counted: list[tuple[int, str, int, str]]):
    now = A_MOMENT + 12_345
    minutes = [
        Minute(minute=(now // MINUTE + ago) * MINUTE, appid="wx", kind=kind, result=result, count=count)
        for ago, result, count, kind in counted
    ]
    drawn = plot(minutes, now)
    assert sum(drawn.totals.values()) == sum(
        count for ago, _, count, kind in counted if -59 <= ago <= 0 and kind != "refresh"
    )
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= drawn.width
        assert -0.1 <= bar.y <= bar.y + bar.height <= drawn.height + 0.1
    assert drawn.top >= max((sum(row.counts.values()) for row in drawn.rows), default=0)

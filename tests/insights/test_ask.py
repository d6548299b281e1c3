"""Questions in plain words: what is answered, that it is the number of the tiles, and for whom."""

from __future__ import annotations

import html
import re
from urllib.parse import quote_plus, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.panels.asking import known
from insights.panels.book import EXPLAINED, PARTED
from revops_site.kernel.models import User
from tests.conftest import AsUser

TILE = re.compile(r'<dt>([^<]*)</dt><dd class="value num"[^>]*>(?:<a[^>]*>)?([^<]*)', re.DOTALL)


@pytest.fixture
def page(
    as_user: AsUser, vi: User, marketing_days: None, pipeline_deals: None, customers: None
) -> Client:
    return as_user(vi)


@pytest.fixture
def one_rep(as_user: AsUser, ana: User, cy: User, pipeline_deals: None) -> Client:
    return as_user(ana)


def shown(client: Client, question: str) -> str:
    answer = client.get(f"/ask/?q={quote_plus(question, errors='replace')}", follow=True)
    assert answer.status_code == 200, question
    return answer.content.decode()


def words(source: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", source)).split())


def sentence(source: str) -> str:
    found = re.search(r'<p class="lead[^"]*">(.*?)</p>', source, re.DOTALL)
    assert found is not None
    return words(found[1])


def tiles(client: Client, address: str) -> dict[str, str]:
    source = client.get(address).content.decode()
    return {words(label): words(value) for label, value in TILE.findall(source)}


@pytest.mark.parametrize(
    ("question", "address", "label"),
    [
        ("how many leads this month", "/marketing/?period=this_month", "Leads"),
        (
            "CPL of LinkedIn this year",
            "/marketing/?period=this_year&channel=LinkedIn",
            "Cost per lead",
        ),
        ("what's our win rate", "/pipeline/", "Win rate"),
        ("weighted pipeline for enterprise", "/pipeline/?segment=ENT", "Weighted pipeline"),
        ("MRR", "/revenue/", "MRR"),
        ("NRR", "/revenue/", "NRR"),
        ("forecast this quarter", "/pipeline/forecast/", "Forecast"),
        ("overdue deals", "/pipeline/lists/overdue/", "Overdue deals"),
    ],
)
def test_the_answer_is_the_number_of_the_tile(
    page: Client, question: str, address: str, label: str
) -> None:
    assert f": {tiles(page, address)[label]}" in sentence(shown(page, question))


def test_a_question_is_sent_to_the_address_of_what_it_means(page: Client) -> None:
    answer = page.get("/ask/?q=leads+by+channel+this+year")
    assert answer.status_code == 302
    assert answer["Location"] == (
        "/ask/?is=by&metric=marketing-leads&split=channel&period=this_year"
        "&q=leads+by+channel+this+year"
    )


def test_groups_are_told_in_words_in_a_chart_and_in_a_table_that_lead_to_their_rows(
    page: Client,
) -> None:
    source = shown(page, "leads by channel")
    assert "Leads is highest for" in sentence(source)
    assert "data-figure=" in source
    assert "/explain/marketing-leads/?period=365d&amp;channel=LinkedIn" in source
    assert 'href="/ask/panels/groups.csv?' in source


def test_the_file_of_an_answer_holds_its_rows(page: Client) -> None:
    address = "/ask/panels/groups.csv?is=by&metric=marketing-leads&split=channel"
    text = page.get(address).content.decode()
    assert "label" in text.splitlines()[0]
    assert any("LinkedIn" in line for line in text.splitlines())


def test_what_was_understood_stands_beside_the_answer_and_can_be_changed(page: Client) -> None:
    source = shown(page, "leads by channel this year")
    assert re.search(r'<strong>channel</strong> <small class="hint">\(by\)</small>', source)
    assert '<option value="marketing-leads" selected>' in source
    assert '<option value="this_year" selected>' in source
    assert '<option value="channel" selected>' in source
    other = page.get("/ask/?is=by&metric=marketing-spend&split=region&q=leads+by+channel")
    assert "Spend is highest for" in sentence(other.content.decode())
    assert "Understood:" not in other.content.decode()  # it is another question by now


def test_a_channel_beside_another_is_told_in_several_numbers(page: Client) -> None:
    told = sentence(shown(page, "compare LinkedIn with Google Ads"))
    for label in ("Spend: ", "Leads: ", "Cost per lead: ", "ROI: "):
        assert label in told
    assert "Google Ads, " in told


def test_why_is_told_as_its_own_page_tells_it(page: Client) -> None:
    own = page.get("/why/revenue-mrr/?period=last_month").content.decode()
    asked = shown(page, "why did MRR fall last month")
    assert sentence(own) in sentence(asked)
    assert 'href="/why/revenue-mrr/?period=last_month"' in asked


def test_a_direction_that_was_supposed_wrongly_is_put_right(page: Client) -> None:
    told = [sentence(shown(page, f"why did MRR {way} last month")) for way in ("rise", "fall")]
    assert sum("It did not go" in one for one in told) == 1


def test_a_definition_and_a_page_are_answers_too(page: Client) -> None:
    source = shown(page, "what does NRR mean")
    assert 'href="/glossary/#revenue-nrr"' in source
    assert 'href="/revenue/unit-economics/"' in shown(page, "LTV to CAC")


def test_what_is_not_understood_is_said_with_the_nearest_that_is(page: Client) -> None:
    source = shown(page, "NRR by channel")
    assert "Not understood" in source
    assert "NRR is not told by channel, but by segment" in words(source)
    assert 'href="/ask/?q=NRR+by+segment"' in source


def test_what_is_offered_can_be_answered(page: Client) -> None:
    for question in ("", "salary of somebody", "leads in 2031", "NRR by channel"):
        offered = re.findall(r'<li><a href="(/ask/\?q=[^"]+)"', shown(page, question))
        assert offered
        for address in offered:
            answer = page.get(html.unescape(address), follow=True).content.decode()
            assert "Not understood" not in answer, address


def test_a_rep_is_answered_of_own_rows_alone(one_rep: Client, as_user: AsUser, vi: User) -> None:
    own, whole = sentence(shown(one_rep, "open deals")), sentence(shown(as_user(vi), "open deals"))
    assert own != whole
    assert "Cy Chen" not in shown(one_rep, "won deals by rep")


def test_a_colleague_is_no_word_to_who_may_not_see_them(
    one_rep: Client, as_user: AsUser, vi: User
) -> None:
    assert "Not understood" in shown(one_rep, "win rate of Cy Chen")
    assert "Not understood" not in shown(as_user(vi), "win rate of Cy Chen")
    hints = one_rep.get("/ask/suggestions/?q=win+rate+of+C").content.decode()
    assert "Cy Chen" not in hints
    kept = one_rep.get("/ask/?is=show&metric=pipeline-win-rate&owner=cy").content.decode()
    assert "Cy Chen" not in kept


def test_suggestions_follow_what_is_typed(page: Client) -> None:
    first = page.get("/ask/suggestions/?q=").content.decode()
    assert "Win rate by rep last quarter" in first
    typed = page.get("/ask/suggestions/?q=leads+by+cha").content.decode()
    assert 'value="leads by channel"' in typed


def test_the_palette_asks_too(page: Client) -> None:
    found = page.get("/palette/?q=leads+by+channel").content.decode()
    assert 'href="/ask/?q=leads+by+channel"' in found


def test_nothing_loaded_is_said_so(as_user: AsUser, vi: User) -> None:
    assert "Nothing is loaded yet." in sentence(shown(as_user(vi), "how many leads"))


HOSTILE = (
    *("<script>alert(1)</script>", "'; DROP TABLE kernel_rep; --", "{{ 7*7 }}", "%00", "\ud800"),
    *("leads by", "by by by", "top 99999999999999 reps", "compare", "vs vs vs", "q9 h7 fy99"),
    *("31 feb 2025", "between may and", "since", "since since", "last 9999999999 days"),
    *("over 1e400", "stuck deals over " + "9" * 60, "0000-00-00", "leads from 2025-13-45"),
    *("last 0 days leads", "leads last 750 years", "top 0 reps", "leads in 1990", "leads FY1990"),
    *("leads between 2026 and 1990", "leads Q0", "é" * 500, "a " * 5000, "leads\x00by\x00channel"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_the_page(page: Client, text: str) -> None:
    source = shown(page, text)
    assert "<script>alert" not in source


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words_=st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *("leads", "win rate", "NRR", "by", "rep", "channel", "vs", "why", "top", "5"),
                    *("last", "quarter", "May", "since", "over", "100k", "LinkedIn", "fall", "in"),
                    *("2025", "unusual", "trend", "compare", "stuck", "deals", "between", "and"),
                ]
            ),
            st.text(max_size=12),
        ),
        max_size=9,
    )
)
def test_any_words_are_answered_or_not_understood(page: Client, words_: list[str]) -> None:
    shown(page, " ".join(words_))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.fixed_dictionaries(
        {},
        optional={
            "is": st.sampled_from(["show", "by", "top", "why", "trend", "open", "odd", "unusual"]),
            "metric": st.sampled_from(["marketing-leads", "revenue-nrr", "nothing", ""]),
            "split": st.sampled_from(["channel", "owner", "nothing", ""]),
            "top": st.text(max_size=6),
            "grain": st.text(max_size=6),
            "against_start": st.text(max_size=10),
            "against_end": st.just("2025-06-30"),
            "period": st.sampled_from(["custom", "last_month", "x"]),
            "start": st.just("2025-06-01"),
            "end": st.sampled_from(["2025-06-30", "0001-01-01", "9999-12-31"]),
        },
    )
)
def test_any_address_is_answered(page: Client, said: dict[str, str]) -> None:
    assert page.get(f"/ask/?{urlencode(said, errors='replace')}").status_code == 200


def test_every_number_is_told_as_it_stands_and_by_every_dimension_it_says(page: Client) -> None:
    told = known.numbers(EXPLAINED, PARTED)
    first = {one.family: one for one in reversed(list(told.values()))}
    for number in first.values():
        asked = [("show", ""), *(("by", part) for part in number.parts)]
        for verb, part in asked:
            said = {"is": verb, "metric": number.slug, **({"split": part} if part else {})}
            answer = page.get(f"/ask/?{urlencode(said)}")
            source = answer.content.decode()
            assert answer.status_code == 200, said
            assert "could not be drawn" not in source, said
            assert "request id" not in source.lower(), said

"""What is unusual in a series is named; what chance, the week or the year explain is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from insights.actions.unusual import DAYS, Looked, look
from insights.analytics import anomalies
from insights.analytics.measures import NAMED, Grain
from insights.analytics.series import YEAR, Series, window
from revops_site.kernel.world import World
from revops_site.kernel.world.planted import planted
from tests.insights import scanned

SEEDS = (1, 2, 3, 7)
ECHO = timedelta(days=31)  # a day that is planted is seen in its week and its month, too


def days(seed: int, count: int = 400, usual: float = 40.0) -> np.ndarray:
    """Counts of days that grow, with quiet weekends."""
    dice = np.random.default_rng(seed)
    at = np.arange(count)
    return dice.poisson(usual * 1.0006**at * np.where(at % 7 >= 5, 0.5, 1.0)).astype(np.float64)


def series(values: np.ndarray, slug: str = "leads", grain: Grain = "day") -> Series:
    start = date(2025, 1, 6)
    return Series(NAMED[slug], "", "", grain, start, values, np.ones(len(values)))


def found(values: np.ndarray, slug: str = "leads", grain: Grain = "day") -> list[int]:
    scan = look(series(values, slug, grain)).scan
    return scan.found if scan else []


def test_a_day_without_leads_is_unusual_and_a_weekend_is_not() -> None:
    values = days(2)
    values[200] = 1
    assert 200 in found(values)
    assert len(found(values)) <= 2


@pytest.mark.parametrize(("z", "is_found"), [(3.5, True), (3.499, False), (8.0, True)])
def test_a_limit_is_part_of_what_it_limits(z: float, is_found: bool) -> None:
    values = np.array([9.0] * 10 + [11.0] * 9 + [10.0, 10 + z / anomalies.NORMAL])
    scan = anomalies.scan(values)
    assert scan is not None
    assert (scan.centre, scan.mad) == (0, 1)
    assert scan.found == ([20] if is_found else [])


def test_how_far_off_a_point_is_tells_its_severity() -> None:
    said = [anomalies.severity(z) for z in (3.5, 4.99, -5, 7.99, -8)]
    assert said == ["medium", "medium", "high", "high", "critical"]


def test_too_few_points_and_equal_points_say_nothing() -> None:
    assert anomalies.scan(np.array([1.0, 50.0] * 6 + [9.0])) is None
    assert anomalies.scan(np.full(30, 5.0)) is None
    assert anomalies.gesd(np.arange(24.0)) is None
    assert anomalies.gesd(np.full(30, 5.0)) is None
    assert look(series(days(1)[:13])).silence == "few"
    assert look(series(np.ones(100))).silence == "thin"


def test_where_more_than_half_are_equal_the_mean_deviation_takes_the_place() -> None:
    values = np.array([10.0] * 15 + [11.0, 40.0])
    scan = anomalies.scan(values)
    assert scan is not None
    assert scan.mad == 0
    assert scan.z[-1] == pytest.approx(30 / (anomalies.MEAN_DEVIATION * 31 / 17))
    assert scan.found == [16]


def test_a_small_distance_is_no_anomaly_however_steady_the_series() -> None:
    values = np.full(60, 1_000.0) + np.tile([-1.0, 0.0, 1.0], 20)
    values[50] = 1_150
    assert found(values, "spend") == []
    values[50] = 1_250
    assert found(values, "spend") == [50]


def test_money_that_nobody_would_miss_is_no_anomaly() -> None:
    values = np.full(60, 120.0) + np.tile([-0.1, 0.0, 0.1], 20)
    values[50] = 160  # a third more, and 40 a day
    assert found(values, "spend") == []
    values[50] = 230
    assert found(values, "spend") == [50]


def test_a_dip_that_comes_every_year_is_the_season() -> None:
    values = days(3, count=730, usual=60.0)
    dips = [i + year for year in (100, 464) for i in range(10)]
    values[dips] = np.round(values[dips] * 0.3)
    assert not set(found(values)) & set(dips)
    once = days(3, count=730, usual=60.0)
    once[dips[:3]] = np.round(once[dips[:3]] * 0.2)
    assert set(dips[:3]) <= set(found(once))


def test_what_is_not_known_is_neither_unusual_nor_in_the_way() -> None:
    values = days(4)
    values[[10, 50, 120, 121]] = np.nan
    values[300] = 150
    assert found(values) == [300]


def test_the_batch_test_says_the_same_of_what_is_far_off() -> None:
    values = days(6)
    values[200] = 200
    one = look(series(values))
    assert one.scan is not None
    assert one.scan.found == [200]
    assert one.in_batch >= {200}


@pytest.mark.parametrize(
    ("grain", "last", "ends"),
    [
        ("day", date(2026, 3, 4), (date(2026, 1, 2), date(2026, 3, 4))),
        ("week", date(2026, 3, 4), (date(2026, 1, 5), date(2026, 2, 23))),
        ("week", date(2026, 3, 8), (date(2026, 1, 5), date(2026, 3, 2))),
        ("month", date(2026, 3, 30), (date(2026, 2, 1), date(2026, 2, 1))),
        ("month", date(2026, 3, 31), (date(2026, 2, 1), date(2026, 3, 1))),
        ("month", date(2026, 1, 30), None),
    ],
)
def test_only_whole_days_weeks_and_months_are_looked_at(
    grain: Grain, last: date, ends: tuple[date, date] | None
) -> None:
    assert window(grain, date(2026, 1, 2), last) == ends


@pytest.fixture(scope="module")
def companies() -> list[tuple[World, list[Looked]]]:
    worlds = [World(seed=seed) for seed in SEEDS]
    return [(world, [look(one) for one in scanned.series(world)]) for world in worlds]


def test_nine_of_ten_planted_anomalies_are_found_in_any_company(
    companies: list[tuple[World, list[Looked]]],
) -> None:
    missed, all_ = [], 0
    for world, looked in companies:
        by_key = {one.series.key: one for one in looked}
        for one in planted(world):
            if one.kind == "anomaly":
                all_ += 1
                scan = by_key[(one.series, one.by, one.part)]
                missed += [one] * (one.day not in _days(scan))
    assert all_ >= 40
    assert len(missed) <= 0.1 * all_, missed


def test_a_series_gives_less_than_one_false_alarm_a_year(
    companies: list[tuple[World, list[Looked]]],
) -> None:
    false: dict[str, int] = {}
    years: dict[str, float] = {}
    for world, looked in companies:
        meant = {one.day for one in planted(world)}
        for one in looked:
            if one.scan is None:
                continue
            slug, size = one.series.measure.slug, len(one.series.values)
            years[slug] = years.get(slug, 0.0) + size * DAYS[one.series.grain] / 365.25
            starts = one.series.starts
            wrong = [
                place
                for place in one.scan.found
                if not any(starts[place] <= day < starts[place] + ECHO for day in meant)
            ]
            false[slug] = false.get(slug, 0) + len(wrong)
    assert set(years) >= {"spend", "leads", "cpl", "ctr", "created", "activities", "net_new_mrr"}
    assert sum(years.values()) > 400
    for slug, count in false.items():
        assert count <= years[slug], slug


@pytest.mark.parametrize(
    ("slug", "times"),
    [
        ("spend", 1.6),
        ("spend", 0.4),
        ("leads", 3.0),
        ("leads", 0.1),
        ("created", 4.0),
        ("activities", 0.2),
        ("net_new_mrr", 4.5),
    ],
)
def test_what_is_planted_on_any_usual_day_is_found(slug: str, times: float) -> None:
    hit, tried = 0, 0
    for seed in SEEDS:
        dice = np.random.default_rng(seed)
        (one,) = (one for one in scanned.series(World(seed=seed)) if one.key == (slug, "", ""))
        usual = float(np.median(one.values))
        lately = len(one.values) - YEAR[one.grain].points + 6  # a year apart it is the season
        busy = np.flatnonzero(one.values >= 1.1 * usual)  # else few leads are chance
        places = dice.choice(busy[busy >= lately], 1 if slug == "net_new_mrr" else 5, replace=False)
        values = one.values.copy()
        values[places] = np.round(times * values[places])
        scan = look(replace(one, values=values)).scan
        assert scan is not None
        tried += len(places)
        hit += len({*places.tolist()} & {*scan.found})
    assert hit >= 0.9 * tried, f"{hit} of {tried}"


def _days(one: Looked) -> set[date]:
    """All days of what was found."""
    if one.scan is None:
        return set()
    width = {"day": 1, "week": 7, "month": 28}[one.series.grain]
    starts = [one.series.starts[place] for place in one.scan.found]
    return {start + timedelta(days=n) for start in starts for n in range(width)}

"""How long things last when some have not ended: the same as an independent library says."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight  # type: ignore[import-untyped]

from revops_site.kernel.survival import Curve, Z, curve

SOME = st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=2, max_size=60)


def of(watched: list[tuple[int, bool]]) -> Curve:
    ended = Counter(day for day, is_end in watched if is_end)
    lasting = Counter(day for day, is_end in watched if not is_end)
    days = sorted({*ended, *lasting})
    return curve(days, [ended[day] for day in days], [lasting[day] for day in days])


@given(SOME.filter(lambda watched: any(is_end for _, is_end in watched)))
def test_the_curve_its_band_and_its_median_are_those_of_a_library_of_statistics(
    watched: list[tuple[int, bool]],
) -> None:
    found = of(watched)
    with np.errstate(all="ignore"):
        known = SurvfuncRight([day for day, _ in watched], [int(end) for _, end in watched])
        median, (low, high) = known.quantile(0.5), known.quantile_ci(0.5, method="cloglog")
    at = dict(zip(found.days, zip(found.staying, found.low, found.high, strict=True), strict=True))
    risk = dict(zip(found.days, found.at_risk, strict=True))
    for place, (day, share) in enumerate(zip(known.surv_times, known.surv_prob, strict=True)):
        assert at[int(day)][0] == pytest.approx(share, abs=1e-12)
        assert risk[int(day)] == known.n_risk[place]
        if 0 < share < 1 - 1e-12:
            width = Z * known.surv_prob_se[place] / (share * math.log(share))
            assert at[int(day)][1] == pytest.approx(share ** math.exp(-width))
            assert at[int(day)][2] == pytest.approx(share ** math.exp(width))
    if 0.5 in {round(share, 9) for share in found.staying}:
        return  # the library looks for the day on which less than half are left
    assert found.median == pytest.approx(median, nan_ok=True)
    lower, upper = found.median_interval
    if math.isfinite(lower) and found.staying[-1] > 0:
        assert lower == pytest.approx(low)
        assert (upper == pytest.approx(high)) or (math.isnan(upper) and math.isinf(high))


@given(SOME)
def test_a_curve_falls_within_its_band_from_one_on(watched: list[tuple[int, bool]]) -> None:
    found = of(watched)
    assert (found.days[0], found.staying[0]) == (0, 1.0)
    assert list(found.staying) == sorted(found.staying, reverse=True)
    assert found.n == len(watched)
    for low, share, high in zip(found.low, found.staying, found.high, strict=True):
        assert math.isnan(low) or -1e-12 <= low <= share + 1e-12 <= high + 2e-12 <= 1 + 3e-12


def test_nothing_is_said_beyond_what_was_watched() -> None:
    found = of([(30, True), (60, False)])
    assert found.at(60) == 1
    assert found.at(61) is None
    assert curve([], [], []).at(0) is None
    assert math.isnan(curve([], [], []).median)

"""How sure a share is: the interval that it lies in, given how few it was counted from."""

from __future__ import annotations

import math

Z95 = 1.959963984540054  # of the normal distribution, two-sided 95 %


def wilson(hits: float, n: float, z: float = Z95) -> tuple[float, float] | None:
    """Wilson's interval of ``hits / n``, within 0 and 1; None where nothing was counted."""
    if n <= 0:
        return None
    share, squared = hits / n, z * z
    middle = share + squared / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    whole = 1 + squared / n
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)

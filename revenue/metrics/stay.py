"""Who may not stay, what renews, and what MRR will be."""

from __future__ import annotations

from revenue.metrics.kinds import AT_RATE, count, money, rate

DOUBT = (
    "Their health is At Risk or Critical (below 60 of 100), or the day that they leave is known."
)
AT_RISK_CUSTOMERS = count(
    "customers-at-risk", "customers_at_risk", "Customers at risk", "at_risk", DOUBT, "R24"
)
AT_RISK_MRR = money(
    "mrr-at-risk",
    "mrr_at_risk",
    "MRR at risk",
    "mrr_at_risk",
    "What customers at risk pay.",
    AT_RATE,
    "R24",
    better="down",
)
AT_RISK_SHARE = rate(
    "share-at-risk",
    "share_at_risk",
    "Share at risk",
    "mrr_at_risk / mrr_judged",
    "MRR of customers at risk, of what all pay whose health is known.",
    "Unknown where nobody's health is.",
    "R24",
    better="down",
)
RISK_METRICS = (AT_RISK_CUSTOMERS, AT_RISK_MRR, AT_RISK_SHARE)

RENEWING_CUSTOMERS = count(
    "renewing-customers",
    "renewing_customers",
    "Customers that renew",
    "renewing",
    "Customers with something that renews in the next 90 days.",
    "R25",
)
RENEWING_MRR = money(
    "renewing-mrr",
    "renewing_mrr",
    "MRR that renews",
    "mrr_renewing",
    "What of customers' MRR renews in the next 90 days.",
    AT_RATE,
    "R25",
    better="neither",
)
RENEWING_RISK = money(
    "renewing-at-risk",
    "renewing_mrr_at_risk",
    "Of it at risk",
    "mrr_renewing_risk",
    "Of the MRR that renews in the next 90 days, that of customers at risk.",
    DOUBT,
    "R25",
    better="down",
)
RENEWING_METRICS = (RENEWING_CUSTOMERS, RENEWING_MRR, RENEWING_RISK)

RENEWAL_RATE = rate(
    "renewal-rate",
    "renewal_rate",
    "Renewal rate",
    "renewed / due",
    "Of the renewals of the last twelve months, those of customers that still paid a month after.",
    "Looked at by the end of the month after that of the renewal; months of which that is not over "
    "do not count.",
    "R26",
)
RENEWAL_RATE_MRR = rate(
    "renewal-rate-mrr",
    "renewal_rate_mrr",
    "Renewal rate, by MRR",
    "mrr_renewed / mrr_due",
    "The same by what was to renew.",
    "What they pay more or less since does not count.",
    "R26",
)
RENEWED_METRICS = (RENEWAL_RATE, RENEWAL_RATE_MRR)

FORECAST = money(
    "forecast",
    "forecast_mrr",
    "MRR in 12 months",
    "mrr + new + reactivation + expansion - contraction - churn + other",
    "What MRR is expected to be twelve months after the last month that is over.",
    "Other is what the method in use says above or below these parts; 0 where it is the parts "
    "themselves. Rates of exchange are taken to stay.",
    "R27",
)
FORECAST_GROWTH = rate(
    "forecast-growth",
    "forecast_growth",
    "Expected growth",
    "(forecast - mrr) / mrr",
    "How much more MRR is expected to be than it is.",
    "Unknown where there is none.",
    "R27",
)
FORECAST_METRICS = (FORECAST, FORECAST_GROWTH)

"""The words of a question that mean the same everywhere: verbs, dimensions, order, filling."""

from __future__ import annotations

from collections.abc import Mapping

VERBS: Mapping[str, tuple[str, ...]] = {
    "define": (
        *("define", "definition", "meaning", "mean", "means", "stand for", "calculated"),
        *("calculate", "computed", "formula", "explain"),
    ),
    "why": ("why", "how come", "what caused", "reason for", "what drove", "what made"),
    "unusual": (
        *("unusual", "unusually", "anomaly", "anomalies", "anomalous", "odd", "strange", "weird"),
        *(
            "outlier",
            "outliers",
            "spike",
            "spikes",
            "abnormal",
            "out of the ordinary",
            "surprising",
        ),
    ),
    "compare": ("compare", "comparison", "compared", "difference between", "versus", "vs"),
    "trend": (
        *("trend", "trends", "trending", "over time", "history", "evolution", "development"),
        *("how develop", "course", "timeline", "monthly", "weekly", "quarterly", "month by month"),
    ),
}
AGAINST = ("vs", "versus", "against", "compared to", "compared with", "relative to", "than")
YEAR_BEFORE = (
    *("yoy", "year over year", "year on year", "year ago", "year earlier", "year before"),
    *("same period last year", "same time last year", "same quarter last year"),
)
MOST = (
    *("most", "highest", "top", "largest", "biggest", "longest", "greatest", "leading", "more"),
    *("max", "maximum"),
)
LEAST = (
    "least",
    "lowest",
    "fewest",
    "bottom",
    "smallest",
    "shortest",
    "cheapest",
    "min",
    "minimum",
)
BEST, WORST = ("best", "strongest"), ("worst", "weakest", "poorest")
BY = (
    "by",
    "per",
    "each",
    "every",
    "across",
    "split by",
    "broken down by",
    "grouped by",
    "for each",
)
WHO = {"who": "owner", "whose": "owner"}
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "owner": (
        *("rep", "reps", "owner", "owners", "sales rep", "sales reps", "salesperson", "seller"),
        *("sellers", "salespeople", "account executive", "aes", "sales people", "deal owner"),
    ),
    "team": ("team", "teams", "squad"),
    "channel": ("channel", "channels", "source", "sources", "marketing channel", "lead source"),
    "campaign": ("campaign", "campaigns", "ad campaign"),
    "segment": ("segment", "segments", "customer segment", "company size", "customer size"),
    "region": (
        "region",
        "regions",
        "geo",
        "geography",
        "territory",
        "country",
        "market",
        "markets",
    ),
    "pipeline": ("pipeline", "pipelines"),
    "stage": ("stage", "stages"),
    "plan": ("plan", "plans", "subscription plan"),
    "reason": ("reason", "reasons", "churn reason"),
}
GRAINS = {"day": "week", "week": "week", "month": "month", "quarter": "quarter"}
MEMBERS: Mapping[str, tuple[str, ...]] = {
    "ent": ("enterprise", "enterprises", "large companies"),
    "mm": ("mid market", "midmarket", "mid-market"),
    "smb": ("small business", "small businesses", "small companies", "smbs"),
    "us": ("usa", "united states"),
    "linkedin": ("linked in", "linkedin ads"),
    "google ads": ("google", "adwords"),
    "facebook ads": ("facebook", "meta ads"),
}
OVER = (
    *("over", "above", ">", ">=", "more than", "at least", "exceeding", "bigger than", "from"),
    *("greater than", "larger than", "longer than", "older than", "worth over", "worth more than"),
    *("for more than", "for over", "at least", "worth"),
)
UNDER = ("under", "below", "<", "<=", "less than", "smaller than", "at most", "up to", "fewer than")
DEEDS = (
    *("delete", "remove", "send", "email", "mail", "update", "add", "edit", "drop", "insert"),
    *("schedule", "assign", "book", "cancel", "buy", "write", "import", "rename", "truncate"),
)
UP = ("up", "rise", "rose", "rising", "increase", "increased", "grow", "grew", "jump", "jumped")
DOWN = (
    *("down", "fall", "fell", "falling", "drop", "dropped", "decrease", "decreased", "decline"),
    *("declined", "shrink", "shrank", "dip", "dipped", "sink", "sank", "worse", "lower"),
)
PLACED = (
    "for",
    "of",
    "in",
    "by",
    "with",
    "per",
    "vs",
    "versus",
    "from",
    "at",
    "on",
    "against",
    "to",
)
FILLING = (
    *PLACED,
    *("what", "how", "much", "many", "show", "give", "tell", "list", "see", "get", "got", "let"),
    *("can", "could", "would", "will", "should", "want", "need", "know", "look", "looking", "find"),
    *("about", "and", "or", "as", "within", "during", "over", "go", "went", "come", "so", "far"),
    *("number", "total", "amount", "value", "current", "currently", "now", "right", "end", "start"),
    *("which", "when", "where", "who", "than", "not", "just", "only", "also", "then", "&", "today"),
    *("between", "per", "each", "every", "across", "coming up", "upcoming", "overall", "chart"),
    *("graph", "table", "report", "numbers", "figures", "figure", "kpi", "metric", "change"),
    *("changed", "anything", "something", "thing", "happen", "make", "made", "company", "period"),
    *("doing", "perform", "performing", "performance", "compared", "hey", "hi", "ok", "thanks"),
    *("long", "since", "until", "till", "through", "all time", "always", "ever", "up", "down"),
    *("most", "more", "top", "first", "last", "worth", "longer", "by", "deal value", "say", "use"),
)

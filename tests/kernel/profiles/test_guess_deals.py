"""A profile guessed for files of deals as CRMs export them, in the languages that they speak."""

from __future__ import annotations

import pytest

from revops_site.kernel.profiles import Source
from tests.kernel.profiles.strangers import guessed, mapped

SALESFORCE = ["Opportunity ID", "Account Name", "Stage", "Amount", "Created Date", "Close Date"]
STAGES = ("Closed Won", "Closed Lost", "Negotiation")


def test_the_day_a_closed_deal_closed_is_taken_from_the_close_date_that_a_crm_has_for_both() -> (
    None
):
    rows = [[f"T{n}", f"A{n}", STAGES[n % 3], "100", "1/13/2026", "2/14/2026"] for n in range(9)]

    found = guessed(SALESFORCE, rows)

    assert found.profile.columns["close_date"] == Source(header="Close Date")
    assert found.profile.columns["closed_on"] == Source(header="Close Date")
    doubt = (
        'closed_at is taken from "Close Date", too: of a closed deal it has to be the day that it '
        "closed, of an open one it is left out"
    )
    assert doubt in found.doubts


def test_a_file_that_tells_when_a_deal_entered_its_stage_needs_no_second_use_of_a_date() -> None:
    rows = [
        [f"T{n}", f"A{n}", STAGES[n % 3], "100", "1/13/2026", "2/14/2026", "2/1/2026"]
        for n in range(9)
    ]

    found = guessed([*SALESFORCE, "Last Stage Change"], rows)

    assert "closed_on" not in found.profile.columns


WORDS = {
    "de": ("Gewonnen", "Verloren", "Offen"),
    "fr": ("Gagné", "Perdue", "En cours"),
    "es": ("Ganada", "Perdido", "Abierto"),
}


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        (
            "de",
            ["Deal ID", "Kunde", "Phase", "Status", "Betrag", "Erstellt am", "Abschlussdatum"],
        ),
        (
            "fr",
            [
                *("ID de l’opportunité", "Nom du compte", "Étape", "Statut"),
                *("Montant", "Date de création", "Date de clôture"),
            ],
        ),
        (
            "es",
            [
                *("ID de oportunidad", "Cliente", "Etapa", "Estado"),
                *("Importe", "Fecha de creación", "Fecha de cierre"),
            ],
        ),
    ],
)
def test_deals_are_recognised_in_other_languages(language: str, headers: list[str]) -> None:
    words = WORDS[language]
    rows = [
        [f"D{n}", f"Firma {n}", "Demo", words[n % 3], "1.234,50", "02.03.2026", "15.04.2026"]
        for n in range(12)
    ]

    found = guessed(headers, rows)

    columns = found.profile.columns
    assert found.profile.dataset == "pipeline_deals"
    names = ("deal_id", "account_name", "stage_name", "status", "amount", "created_at")
    assert [columns[name].header for name in names] == headers[:6]
    assert columns["close_date"].header == columns["closed_on"].header == headers[6]
    assert columns["status"].values == dict(zip(words, ("won", "lost", "open"), strict=True))
    record = mapped(found.profile, headers, rows)[0]
    assert isinstance(record, dict)
    assert (record["amount"], record["created_at"]) == ("1234.50", "2026-03-02")
    assert record["status"] == "won"


def test_a_status_alone_is_the_stage_too_and_the_day_of_closing_is_told_by_its_name() -> None:
    headers = ["Deal ID", "Kunde", "Status", "Betrag", "Erstellt am", "Abgeschlossen am"]
    rows = [
        [f"D{n}", f"Firma {n}", WORDS["de"][n % 3], "1.234,50", "02.03.2026", "15.04.2026"]
        for n in range(9)
    ]

    found = guessed(headers, rows)

    columns = found.profile.columns
    assert columns["closed_on"] == Source(header="Abgeschlossen am")
    assert columns["stage_name"] == Source(header="Status")
    assert 'stage is taken from "Status", too' in found.doubts


def test_a_word_that_says_the_opposite_tells_no_status() -> None:
    headers = ["Deal ID", "Kunde", "Phase", "Status", "Betrag", "Erstellt am"]
    said = ("Gewonnen", "Nicht gewonnen", "Offen")
    rows = [[f"D{n}", "A", "Demo", said[n % 3], "5", "02.03.2026"] for n in range(9)]

    found = guessed(headers, rows)

    assert found.profile.columns["status"].values == {"Gewonnen": "won", "Offen": "open"}
    assert "status: Nicht gewonnen is not one of open, won, lost" in found.doubts


def test_marketing_and_customers_are_recognised_in_other_languages() -> None:
    spent = guessed(
        ["Datum", "Kanal", "Kampagne", "Region", "Kosten", "Impressionen", "Klicks"],
        [[f"{n + 1:02}.03.2026", "Suche", "K1", "DACH", "10,5", "900", "12"] for n in range(9)],
    ).profile
    paying = guessed(
        ["Numéro client", "Société", "Formule", "Date de début", "MRR", "Date de résiliation"],
        [[f"C{n}", f"S{n}", "Pro", "01/13/2026", "99", ""] for n in range(9)],
    ).profile

    assert spent.dataset == "marketing_channels"
    assert {"date", "channel", "campaign", "spend", "impressions", "clicks"} <= set(spent.columns)
    assert paying.dataset == "revenue_customers"
    assert paying.columns["churn_date"] == Source(header="Date de résiliation")
    assert paying.columns["account_name"] == Source(header="Société")

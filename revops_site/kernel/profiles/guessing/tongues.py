"""What headers and statuses are called in German, French and Spanish exports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache

# Without accents and marks; before the colon is what means the same in English.
_HEADERS = """
account: kunde, kundenname, firma, unternehmen, client, nom du client, societe, entreprise, compte,
    nom du compte, cliente, nombre del cliente, cuenta, nombre de la cuenta, empresa
amount: betrag, wert, volumen, auftragswert, montant, valeur, importe, monto, valor
created at: erstellt, erstellt am, erstellungsdatum, angelegt am, cree le, creee le,
    date de creation, creado el, creada el, fecha de creacion
expected close: abschlussdatum, voraussichtlicher abschluss, voraussichtliches abschlussdatum,
    geplanter abschluss, date de cloture, date de cloture prevue, cloture prevue, fecha de cierre,
    fecha de cierre prevista, cierre previsto
closed at: abgeschlossen am, geschlossen am, cloture le, cloturee le, cerrado el, cerrada el
last stage change: letzte phasenanderung, letzte anderung der phase, phase seit,
    dernier changement d etape, ultimo cambio de etapa
stage: verkaufsphase, vertriebsphase, stufe, etape, etapa, fase
status: statut, estado
deal id: deal nr, dealnummer, verkaufschance id, id der verkaufschance, id opportunite,
    id de l opportunite, id oportunidad, id de oportunidad, id de la oportunidad
opportunity name: verkaufschance, name der verkaufschance, opportunite, nom de l opportunite,
    oportunidad, nombre de la oportunidad
owner: verantwortlich, verantwortlicher, inhaber, besitzer, betreuer, vertriebsmitarbeiter,
    vertriebler, proprietaire, responsable, commercial, propietario, vendedor, comercial
manager: vorgesetzter, teamleiter, superviseur, supervisor, gerente
probability: wahrscheinlichkeit, probabilite, probabilidad
currency: wahrung, waehrung, devise, moneda, divisa
segment: kundensegment, segmento
region: gebiet, vertriebsgebiet, pays, pais, land
source channel: quelle, lead quelle, herkunft, origine, source du lead, origen, fuente
lost reason: verlustgrund, motif de perte, raison de perte, motivo de perdida
date: datum, tag, jour, fecha, dia
channel: kanal, marketingkanal, canal
campaign: kampagne, kampagnenname, campagne, campana
spend: ausgaben, kosten, werbekosten, depense, depenses, cout, couts, gasto, gastos, coste,
    inversion
impressions: impressionen, einblendungen, impresiones
clicks: klicks, clics
leads: interessenten, prospects, clientes potenciales
opportunities: chancen, verkaufschancen, opportunites, oportunidades
closed won: gewonnen, abschlusse, gagnees, ventes gagnees, ganadas, ventas ganadas
customer id: kundennummer, kunden nr, kundennr, kunden id, numero client, numero de client,
    id client, id cliente, id del cliente, numero de cliente
plan: tarif, paket, formule, abonnement, tarifa
start date: startdatum, vertragsbeginn, beginn, kunde seit, date de debut, client depuis,
    fecha de inicio, cliente desde
mrr: monatlicher umsatz, wiederkehrender umsatz, revenu mensuel recurrent, revenu recurrent mensuel,
    ingreso mensual recurrente, ingresos recurrentes mensuales
new mrr: neuer mrr, neu mrr, nouveau mrr, nuevo mrr
expansion mrr: mrr expansion, erweiterung, mrr erweiterung, expansion, expansion del mrr
contraction mrr: mrr contraction, ruckgang, mrr ruckgang, contraction, contraccion
churned flag: gekundigt, resilie, dado de baja
churn date: kundigungsdatum, gekundigt am, date de resiliation, resilie le, fecha de baja
churn reason: kundigungsgrund, motif de resiliation, motivo de baja
"""
_CODES: Mapping[str, tuple[str, ...]] = {
    "won": ("gewonnen", "gagne", "gagnee", "ganado", "ganada"),
    "lost": ("verloren", "perdu", "perdue", "perdido", "perdida"),
    "open": (
        *("offen", "laufend", "in bearbeitung", "ouvert", "ouverte", "en cours"),
        *("abierto", "abierta", "en curso"),
    ),
}
_NOT = frozenset({"not", "no", "non", "nicht", "kein", "pas", "sin"})


def english(header: str) -> str:
    """What a header in another language is called in English; empty where it is not known."""
    return HEADERS.get(folded(header), "")


def code(cell: str, codes: Collection[str]) -> str:
    """The one of these codes that a cell has a word for; empty where there is none, or several."""
    said = f" {folded(cell)} "
    found = [
        each
        for each, words in _CODES.items()
        if each in codes and any(f" {word} " in said for word in words)
    ]
    return found[0] if len(found) == 1 and not denies(cell) else ""


def denies(cell: str) -> bool:
    """Whether a cell has a word that makes the opposite of what it says."""
    return not _NOT.isdisjoint(folded(cell).split())


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """The words of a text in small letters, without accents and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _headers() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _HEADERS.strip().replace("\n    ", " ").splitlines():
        means, _, names = line.partition(":")
        found |= {name.strip(): means for name in names.split(",")}
    return found


HEADERS = _headers()

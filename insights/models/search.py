"""What is searched by any of its words, spelled well or nearly so."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models


class SearchEntry(models.Model):
    """The words of a deal, an account, a contact or a note: small letters and digits, no accents.

    ``key`` is that of its row, ``owners`` are the reps who may see it; whether they still may is
    asked of the row itself. ``weight`` orders what has the same words: of deals the open ones and
    then the largest, of accounts what is open there, of contacts those of open deals and then who
    was engaged last, of notes the newest. The background keeps all of it as the rows have it.
    """

    class Kind(models.TextChoices):
        DEAL = "deal", "Deal"
        ACCOUNT = "account", "Account"
        CONTACT = "contact", "Contact"
        NOTE = "note", "Note"
        ACCOUNT_NOTE = "account note", "Note on an account"

    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=200)
    words = models.TextField()
    owners = ArrayField(models.CharField(max_length=120))
    weight = models.FloatField(default=0, db_default=0)

    pk = models.CompositePrimaryKey("kind", "key")

    class Meta:
        verbose_name_plural = "search entries"
        indexes: ClassVar = [
            GinIndex(
                SearchVector("words", config="simple"),
                "owners",
                name=f"insights_search_{name}",
                condition=models.Q(kind=kind),
            )
            for kind, name in (
                *((kind, kind) for kind in ("deal", "account", "contact", "note")),
                ("account note", "remark"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchWord(models.Model):
    """A word that some row has, or had: what is misspelt is looked for among them."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="insights_search_near"),
        ]

    def __str__(self) -> str:
        return self.word


class SearchState(models.Model):
    """Of which state of the data the words are; one row, none before the first."""

    generation = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "state of the search"

    def __str__(self) -> str:
        return str(self.generation)

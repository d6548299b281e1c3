"""What is searched by any of its words, spelled well or nearly so."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models


class SearchEntry(models.Model):
    """The words of a deal, an account, a contact or a note, in small letters and without accents.

    ``key`` is that of its row; who may see it is asked of the row itself, whose owner may be
    another since. The background keeps the words as the rows have them.
    """

    class Kind(models.TextChoices):
        DEAL = "deal", "Deal"
        ACCOUNT = "account", "Account"
        CONTACT = "contact", "Contact"
        NOTE = "note", "Note"

    kind = models.CharField(max_length=7, choices=Kind)
    key = models.CharField(max_length=200)
    words = models.TextField()

    pk = models.CompositePrimaryKey("kind", "key")

    class Meta:
        verbose_name_plural = "search entries"
        indexes: ClassVar = [
            # Notes are long: they are searched by whole words, everything else by parts of them.
            GinIndex(
                OpClass("words", name="gin_trgm_ops"),
                name="insights_search_parts",
                condition=~models.Q(kind="note"),
            ),
            GinIndex(
                SearchVector("words", config="simple"),
                name="insights_search_words",
                condition=models.Q(kind="note"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchState(models.Model):
    """Of which state of the data the words are; one row, none before the first."""

    generation = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "state of the search"

    def __str__(self) -> str:
        return str(self.generation)

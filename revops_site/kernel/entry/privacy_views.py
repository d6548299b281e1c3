"""HTTP in, HTML out: what is kept of a person, to give it out or to take it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from revops_site.kernel import pages
from revops_site.kernel import privacy as keeping
from revops_site.kernel.entry.confirming import confirmed
from revops_site.kernel.entry.views import reader
from revops_site.kernel.permissions import needs

EXPORT, ANONYMISE = "export", "anonymise"


class PersonForm(forms.Form):
    """Who it is, and what is to be done."""

    email = forms.EmailField(label="E-mail", max_length=254)
    names = forms.CharField(
        label="Other names",
        max_length=500,
        required=False,
        help_text="Further names or spellings that mean this person in notes, with commas.",
    )
    deed = forms.ChoiceField(
        label="What to do",
        choices=[(EXPORT, "Download all that is kept"), (ANONYMISE, "Anonymise for good")],
    )
    again = forms.CharField(
        label="E-mail, again",
        max_length=254,
        required=False,
        help_text="To anonymise, which cannot be undone, enter the address a second time.",
    )

    def clean(self) -> dict[str, Any]:
        """Nobody is anonymised by a slip."""
        given = self.cleaned_data
        same = given.get("again", "").strip().casefold() == given.get("email", "").casefold()
        if given.get("deed") == ANONYMISE and not same:
            self.add_error("again", "This is not the address above.")
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@needs("manage users")
@confirmed
def privacy(request: HttpRequest) -> HttpResponse:
    """A post gives a person's archive, or puts a pseudonym in their place."""
    asked = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        try:
            answer = _done(request, given)
        except ValidationError as why:
            asked.add_error(None, why)
        else:
            return answer
    context = {
        "title": "Personal data",
        "form": asked,
        "csrf_token": get_token(request),
    }
    answer = pages.plain(request, "account/privacy.html", context)
    answer.status_code = 422 if asked.errors else 200
    return answer


def _done(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    by = reader(request)
    person = keeping.find(given["email"], given["names"].split(","))
    if given["deed"] == EXPORT:
        answer = HttpResponse(keeping.export(person, by=by), content_type="application/zip")
        answer["Content-Disposition"] = 'attachment; filename="person.zip"'
        return answer
    if person.user is not None and person.user.pk == by.pk:
        raise ValidationError("This is your own account: ask another admin.")
    done = keeping.anonymise(person, by=by)
    rows = sum(done.rows.values())
    messages.success(request, f"{rows} places name “{done.pseudonym}” now.")
    return redirect("privacy")

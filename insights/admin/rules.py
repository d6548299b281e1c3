"""The support desk of insight rules: what each is set to, tried on a year before it is saved."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from insights.actions import rules as actions
from insights.analytics.insight import Rule, configured
from insights.models import InsightAnswer, RuleSetting
from insights.panels.cards.answered import month_ends
from insights.panels.cards.past import looks
from insights.rules import RULES
from revops_site.kernel import clock, formats, freshness
from revops_site.kernel.desk import Kept, Watched, desk
from revops_site.kernel.permissions import Capability

if TYPE_CHECKING:
    Form = forms.ModelForm[RuleSetting]
else:
    Form = forms.ModelForm

BY_ID: Mapping[str, Rule[Any, Any]] = {rule.id: rule for rule in RULES}
SECONDS = 30.0  # for a year with the new parameters, and as long for it with the present ones
LABELS = {
    "min_n": ("Smallest sample", "It says nothing about fewer."),
    "min_spend_share": ("Smallest share of spend", "From 0 to 1."),
    "min_roi": ("ROI asked, in percent", "200 means that one unit of spend brings three."),
    "min_win_rate": ("Win rate asked", "From 0 to 1; a segment's own target goes before it."),
    "max_share": ("Largest share tolerated", "From 0 to 1."),
    "max_drop": ("Largest drop tolerated", "From 0 to 1."),
    "slack_days": ("Days over the benchmark tolerated", "The larger one of days and share."),
    "slack_share": ("Share over the benchmark tolerated", "From 0 to 1."),
    "worsening": ("Slower than before by", "From 0 to 1."),
    "max_churn": ("Monthly churn tolerated", "From 0 to 1."),
    "min_nrr": ("NRR asked", "1.05 is 105%; a segment's own target goes before it."),
    "min_z": ("Robust standard deviations asked", "From 3.5, which the worker looks for."),
    "min_change": ("Distance asked", "A share of what was expected, from 0.2 on."),
    "max_age_days": ("Told for so many days", "After the day, week or month has ended."),
    "min_share": ("Smallest share of the team's pace", "From 0 to 1."),
}
MOST: dict[str, float] = {
    "min_n": 100_000,
    "min_roi": 10_000.0,
    "slack_days": 365.0,
    "min_nrr": 5.0,
}
MOST |= {"min_z": 1_000.0, "min_change": 100.0, "max_age_days": 365.0}
LEAST = {"min_n": 1.0, "min_z": 3.5, "min_change": 0.2, "max_age_days": 1.0}


class RuleForm(Form):
    """A field for each parameter of the rule; ``seen`` is the version that it was opened on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = RuleSetting
        fields = ()

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.label_suffix = ""
        self.initial["seen"] = self.instance.version
        rule = BY_ID.get(self.instance.rule)
        if rule is None:
            return
        for name, value in dataclasses.asdict(rule.parameters).items():
            kind: Any = forms.IntegerField if isinstance(value, int) else forms.FloatField
            label, hint = LABELS.get(name, (name.replace("_", " ").capitalize(), ""))
            self.fields[name] = kind(
                label=label,
                min_value=LEAST.get(name, 0),
                max_value=MOST.get(name, 1.0),
                help_text=f"{hint} By its definition {value:g}.".strip(),
            )
            self.initial[name] = self.instance.parameters.get(name, value)

    def parameters(self) -> dict[str, Any]:
        """What was typed, as far as it differs from the definition."""
        rule = BY_ID[self.instance.rule]
        defined = dataclasses.asdict(rule.parameters)
        return {name: self.cleaned_data[name] for name in defined if self._differs(name, defined)}

    def _differs(self, name: str, defined: Mapping[str, Any]) -> bool:
        return bool(self.cleaned_data[name] != defined[name])


@admin.register(RuleSetting, site=desk)
class RuleSettingAdmin(Watched):
    """What rules go by. A change is tried on the last twelve months' ends, and then saved."""

    edits: Capability | None = "edit data"
    adds = deletes = False
    actions = None
    form = RuleForm
    list_display = ("rule", "label", "looks", "set_to", "changed_by", "changed_at")
    list_select_related = ("changed_by",)
    search_fields = ("rule",)
    ordering = ("rule",)

    @admin.display(description="what it says")
    def label(self, one: RuleSetting) -> str:
        """The rule's name in words."""
        return BY_ID[one.rule].label if one.rule in BY_ID else "no rule of this version"

    @admin.display(description="what it looks for")
    def looks(self, one: RuleSetting) -> str:
        """The rule's sentence."""
        return BY_ID[one.rule].looks if one.rule in BY_ID else ""

    @admin.display(description="set to")
    def set_to(self, one: RuleSetting) -> str:
        """What differs from its definition."""
        return _said(one.parameters) or "as defined"

    def get_queryset(self, request: HttpRequest) -> Any:
        """All rules, also those that nobody has set yet."""
        actions.ready(list(BY_ID))
        return super().get_queryset(request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The rule's own parameters."""
        names = list(RuleForm(instance=obj).fields) if obj else []
        rule = BY_ID.get(obj.rule) if obj else None
        return [(None, {"fields": names, "description": rule.looks if rule else ""})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """The form that knows its fields when it knows the rule."""
        return RuleForm

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; what is typed is tried on a year and confirmed before it is kept."""
        one = self.get_object(request, object_id)
        if request.method != "POST" or one is None or not self.has_change_permission(request, one):
            return super().change_view(request, object_id, form_url, extra_context)
        form = RuleForm(request.POST, instance=one)
        if "back" in request.POST or one.rule not in BY_ID or not form.is_valid():
            return super().change_view(request, object_id, form_url, extra_context)
        given = form.parameters()
        if given == one.parameters:
            return redirect("admin:insights_rulesetting_changelist")
        if "confirmed" not in request.POST:
            return self._ask(request, one, form, given)
        try:
            actions.configure(
                by=request.user,  # type: ignore[arg-type]
                rule=one.rule,
                parameters=given,
                seen=form.cleaned_data["seen"],
                at=clock.now(),
            )
        except actions.ConflictError as why:
            self.message_user(request, f"{why} Nothing was saved.", messages.ERROR)
            return redirect(request.path)
        self.message_user(request, f"{one.rule} goes by {_said(given) or 'its definition'} now.")
        return redirect("admin:insights_rulesetting_changelist")

    def _ask(
        self, request: HttpRequest, one: RuleSetting, form: RuleForm, given: Mapping[str, Any]
    ) -> HttpResponse:
        """The page that says what it would have done, before it is kept."""
        rule = BY_ID[one.rule]
        trials = {
            "With these": configured([rule], {rule.id: given}),
            "As it is set now": configured([rule], {rule.id: one.parameters}),
        }
        tried = [_tried(label, rules) for label, rules in trials.items()]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Set {one.rule}",
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "rule": rule,
            "says": _said(given) or "its definition",
            "tried": tried,
            "hidden": [(name, request.POST.get(name, "")) for name in form.fields],
        }
        return TemplateResponse(request, "admin/try_rule.html", context)


def _tried(label: str, rules: Sequence[Rule[Any, Any]]) -> dict[str, Any]:
    at = freshness.workspace()
    found = [
        (day, sum(len(look.insights) for look in seen))
        for day, seen in looks(rules, month_ends(at), at, SECONDS)
    ]
    fired = [(formats.show(day, "date"), count) for day, count in found if count]
    return {
        "label": label,
        "times": sum(count for _, count in fired),
        "in_months": len(fired),
        "months": len(found),
        "days": ", ".join(f"{day} ({count})" if count > 1 else day for day, count in fired),
    }


def _said(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in parameters.items())


@admin.register(InsightAnswer, site=desk)
class InsightAnswerAdmin(Kept):
    """What readers said of insights."""

    list_display = ("at", "user", "said", "rule", "subject", "severity", "value")
    list_filter = ("said", "rule")
    list_select_related = ("user",)
    search_fields = ("rule__startswith",)
    search_help_text = "A rule."
    ordering = ("-id",)

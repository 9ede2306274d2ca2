"""The form of a document template: the usual choices, and the source for who wants more."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.documents.columns import columns_of
from caudal.apps.documents.sandbox import MOST_SOURCE
from caudal.apps.documents.styles import TICKETS, Code, Kind, Paper, Prices, Style
from caudal.web.forms import PanelForm, Section

PLACES = ("number", "code", "amount", "currency")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FIELDS = (
    "paper", "accent", "show_logo", "show_words", "show_why", "show_previous", "prices", "qr",
    "pay_link", "heading", "intro", "terms", "footer",
)  # fmt: skip


def _text(label: Any, rows: int = 2, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, **options)


class StyleForm(PanelForm):
    paper = forms.ChoiceField(label=_("Paper"), choices=Paper.choices)
    accent = forms.CharField(
        label=_("Colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    prices = forms.ChoiceField(label=_("Prices"), choices=Prices.choices)
    show_logo = forms.BooleanField(label=_("Show the logo"), required=False)
    show_words = forms.BooleanField(label=_("Show the amount in words"), required=False)
    show_why = forms.BooleanField(
        label=_("Show in small print why each line is charged"), required=False
    )
    show_previous = forms.BooleanField(label=_("Show what was owed before"), required=False)
    qr = forms.ChoiceField(label=_("QR code"), choices=Code.choices)
    pay_link = forms.CharField(
        label=_("Payment link"),
        required=False,
        max_length=300,
        help_text=_("With {number}, {code}, {amount} and {currency} where they belong."),
    )
    heading = forms.CharField(
        label=_("Title"), required=False, max_length=60, help_text=_("Empty: the usual one.")
    )
    intro = _text(_("Text above"))
    terms = _text(_("Terms"), rows=4)
    footer = _text(_("Text at the foot"), help_text=_("Empty: that of the company."))
    columns = forms.MultipleChoiceField(
        label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(
        label=_("Typst source"),
        required=False,
        strip=False,
        max_length=MOST_SOURCE,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "source"}),
    )

    def __init__(self, *args: Any, kind: str, company: Company, style: Style, source: str,
                 original: str, **options: Any) -> None:  # fmt: skip
        self.kind, self.company, self.original = kind, company, original
        self.offered = columns_of(kind)
        initial = {name: getattr(style, name) for name in _FIELDS}
        usual = [column.key for column in self.offered if column.usual]
        initial |= {"columns": list(style.columns) or usual, "source": source or original}
        options["initial"] = initial
        super().__init__(*args, **options)
        self._fit(kind)
        self._add_labels(style)
        self.sections = _sections(list(self.fields))

    def _fit(self, kind: str) -> None:
        """Only what this kind of document can show."""
        paper: Any = self.fields["paper"]
        is_roll = kind == Kind.TICKET
        paper.choices = [
            (value, label) for value, label in Paper.choices if (value in TICKETS) == is_roll
        ]
        columns: Any = self.fields["columns"]
        columns.choices = [(column.key, column.label) for column in self.offered]
        if not self.offered:
            del self.fields["columns"]
        if kind not in (Kind.INVOICE, Kind.FREE_INVOICE, Kind.TICKET):
            for name in ("prices", "show_why", "show_previous"):
                del self.fields[name]

    def _add_labels(self, style: Style) -> None:
        names: list[tuple[str, Any]] = [("party", _("Customer")), ("words", _("Amount in words"))]
        names += [(column.key, column.label) for column in self.offered]
        for key, label in names:
            self.fields[f"label_{key}"] = forms.CharField(
                label=label,
                required=False,
                max_length=60,
                initial=style.labels.get(key, ""),
                widget=forms.TextInput(attrs={"placeholder": label}),
            )

    def clean_accent(self) -> str:
        colour: str = self.cleaned_data["accent"]
        if not _COLOUR.fullmatch(colour):
            raise ValidationError(_("Choose a colour such as #0b4f5f."))
        return colour.lower()

    def clean_pay_link(self) -> str:
        link: str = self.cleaned_data["pay_link"].strip()
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(_("A link begins with https://."))
        unknown = set(re.findall(r"{([^}]*)}", link)) - set(PLACES)
        if unknown:
            raise ValidationError(_("Unknown: %(names)s"), params={"names": ", ".join(unknown)})
        return link

    def clean_source(self) -> str:
        """Empty when it is ours, so that our improvements reach who changed nothing."""
        source: str = self.cleaned_data["source"].replace("\r\n", "\n")
        return "" if source.strip() == self.original.strip() else source

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("qr") == Code.PAY and not cleaned.get("pay_link"):
            self.add_error("pay_link", _("Give the link that the code opens."))
        return cleaned

    def style(self) -> Style:
        """The choices as the printing takes them."""
        typed = self.cleaned_data
        values = {name: typed[name] for name in _FIELDS if name in typed}
        usual = [column.key for column in self.offered if column.usual]
        chosen = typed.get("columns", [])
        labels = {
            name.removeprefix("label_"): text
            for name, text in typed.items()
            if name.startswith("label_") and text
        }
        columns = () if sorted(chosen) == sorted(usual) else tuple(chosen)
        return Style(**values, columns=columns, labels=labels)


def _sections(names: list[str]) -> list[Section]:
    labels: list[str | tuple[str, int]] = [(name, 4) for name in names if name.startswith("label_")]
    return [
        Section(_("Page"), [("paper", 4), ("accent", 2), ("prices", 6), ("show_logo", 6),
                            ("show_words", 6), ("show_why", 6), ("show_previous", 6),
                            ("columns", 12)]),
        Section(_("QR code"), [("qr", 6), ("pay_link", 6)], is_open=False),
        Section(_("Texts"), ["heading", ("intro", 12), ("terms", 12), ("footer", 12)],
                is_open=False),
        Section(_("Own words"), labels, text=_("Empty: the usual word."), is_open=False),
        Section(
            _("Source"),
            [("source", 12)],
            text=_("For experts: the whole page in the Typst language. It cannot read files."),
            is_open=False,
        ),
    ]  # fmt: skip

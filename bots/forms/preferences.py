"""A person's preferences: language, the hour of the daily digest, quiet hours.

menu → language | digest | quiet → saved

One rule: one change at a time, and a button for the usual ones.
"""

import re
from collections.abc import Mapping

from babel import Locale

from api.contract.preferences import PreferencesOut, PreferencesPatch, QuietHours
from bots.cards.card import ButtonRow
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
    choice_index,
)

HOURS = (7, 8, 9, 17)
NIGHTS = (("20:00", "07:00"), ("22:00", "08:00"))
OFF = "off"
_CLOCK = r"([01]?\d|2[0-3])(?::([0-5]\d))?"
_HOUR = re.compile(rf"\s*{_CLOCK}\s*", re.ASCII)
_NIGHT = re.compile(rf"\s*{_CLOCK}\s*[-–—]\s*{_CLOCK}\s*", re.ASCII)


class PreferencesValues(Values):
    locale: str
    digest_hour: int | None = None
    night: tuple[str, str] | None = None
    locales: list[str]
    stage: str = "menu"
    changed: str = ""
    """What is saved: locale, digest_hour or night, or "all" where all are asked at once."""

    @property
    def language(self) -> str:
        """The one of those there are that the person's locale belongs to."""
        return next((each for each in self.locales if each == self.locale.split("_")[0]), "")

    def body(self) -> PreferencesPatch:
        match self.changed:
            case "locale":
                return PreferencesPatch(locale=self.locale)
            case "digest_hour":
                return PreferencesPatch(digest_hour=self.digest_hour)
            case "all":
                return PreferencesPatch(locale=self.locale, digest_hour=self.digest_hour, quiet=self._quiet())
        return PreferencesPatch(quiet=self._quiet())

    def _quiet(self) -> QuietHours | None:
        if self.night is None:
            return None
        begins, ends = self.night
        return QuietHours.model_validate({"begins": begins, "ends": ends})


def initial_values(preferences: PreferencesOut, stage: str = "menu") -> PreferencesValues:
    quiet = preferences.quiet
    night = (f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}") if quiet else None
    return PreferencesValues(
        locale=preferences.locale,
        digest_hour=preferences.digest_hour,
        night=night,
        locales=list(preferences.locales),
        stage=stage,
    )


class PreferencesForm(Form[PreferencesValues]):
    name = "settings"
    values_type = PreferencesValues

    def step(self, values: PreferencesValues) -> str:
        return values.stage

    def question(self, step: str, values: PreferencesValues, ctx: FormContext) -> FormQuestion:
        if step == "menu":
            return FormQuestion(
                ctx.translate("forms.settings.menu"),
                facts=_facts(values, ctx),
                buttons=button_rows(
                    *(ctx.button(f"forms.settings.{name}", name) for name in ("language", "digest", "quiet"))
                ),
            )
        return FormQuestion(
            ctx.translate(f"forms.settings.{step}_which"), buttons=_buttons(step, values, ctx)
        )

    def answer(self, step: str, values: PreferencesValues, text: str, ctx: FormContext) -> StepResult:
        hour, night = _HOUR.fullmatch(text), _NIGHT.fullmatch(text)
        wanted = text.strip().casefold().replace("-", "_")
        if step == "language" and wanted in values.locales:
            return _completed_with(values, "locale", wanted)
        if step == "digest" and hour is not None:
            return _completed_with(values, "digest_hour", int(hour[1]))
        if step == "quiet" and night is not None:
            begins, ends = (f"{int(night[at]):02}:{night[at + 1] or '00'}" for at in (1, 3))
            return _completed_with(values, "night", (begins, ends))
        return Rejected(ctx.translate("forms.press_a_button"))

    def choose(self, step: str, values: PreferencesValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "n")
        if step == "menu" and choice in ("language", "digest", "quiet"):
            return values.model_copy(update={"stage": choice})
        if step == "language" and index is not None and index < len(values.locales):
            return _completed_with(values, "locale", values.locales[index])
        if step == "digest" and (index in HOURS or choice == OFF):
            return _completed_with(values, "digest_hour", index)
        if step == "quiet" and choice == OFF:
            return _completed_with(values, "night", None)
        if step == "quiet" and index is not None and index < len(NIGHTS):
            return _completed_with(values, "night", NIGHTS[index])
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: PreferencesValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """All at once; quiet hours without times are none."""
        languages = [(each, native_name(each)) for each in values.locales]
        off = (OFF, ctx.translate("forms.settings.off"))
        hours = [off, *((str(hour), f"{hour:02}:00") for hour in range(24))]
        hour = OFF if values.digest_hour is None else str(values.digest_hour)
        begins, ends = values.night or ("", "")
        label = {
            name: ctx.translate(f"slack.fields.{name}")
            for name in ("language", "digest", "quiet_from", "quiet_to")
        }
        fields = (
            FormField("language", label["language"], FieldKind.choice, values.language, languages),
            FormField("digest", label["digest"], FieldKind.choice, hour, hours),
            FormField("begins", label["quiet_from"], FieldKind.time, begins, optional=True),
            FormField("ends", label["quiet_to"], FieldKind.time, ends, optional=True),
        )
        return Fieldset(ctx.translate("slack.titles.settings"), fields, ctx.translate("buttons.save"))

    def read_fields(
        self, values: PreferencesValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        begins, ends = answers.get("begins", ""), answers.get("ends", "")
        chosen, hour = answers.get("language", ""), answers.get("digest", OFF)
        changed = chosen in values.locales and chosen != values.language
        update = {
            "locale": chosen if changed else values.locale,
            "digest_hour": int(hour) if hour in map(str, range(24)) else None,
            "night": (begins, ends) if begins else None,
            "changed": "all",
        }
        updated = values.model_copy(update=update)
        if bool(begins) is not bool(ends):
            missing = "ends" if begins else "begins"
            return FieldErrors(updated, {missing: ctx.translate("forms.settings.both")})
        return Completed(updated)


def _completed_with(values: PreferencesValues, name: str, value: object) -> Completed:
    return Completed(values.model_copy(update={name: value, "changed": name}))


def native_name(locale: str) -> str:
    """A language as its speakers call it."""
    found = Locale.parse(locale.replace("-", "_"))
    return str(found.get_display_name(found.language) or locale)


def _facts(values: PreferencesValues, ctx: FormContext) -> tuple[str, ...]:
    off = ctx.translate("forms.settings.off")
    digest = f"{values.digest_hour:02}:00" if values.digest_hour is not None else off
    night = "–".join(values.night) if values.night else off
    return (
        ctx.translate("forms.settings.is_language", language=native_name(values.locale)),
        ctx.translate("forms.settings.is_digest", hour=digest),
        ctx.translate("forms.settings.is_quiet", hours=night),
    )


def _buttons(step: str, values: PreferencesValues, ctx: FormContext) -> tuple[ButtonRow, ...]:
    off = ctx.button("forms.settings.off", OFF)
    match step:
        case "language":
            named = (
                ctx.labelled_button(native_name(each), f"n{index}")
                for index, each in enumerate(values.locales)
            )
            return button_rows(*named)
        case "digest":
            return button_rows(*(ctx.labelled_button(f"{hour:02}:00", f"n{hour}") for hour in HOURS), off)
    return button_rows(
        *(ctx.labelled_button("–".join(night), f"n{index}") for index, night in enumerate(NIGHTS)), off
    )

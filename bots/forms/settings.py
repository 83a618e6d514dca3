"""How somebody wants to be spoken to: language, the hour of the daily summary, quiet hours.

menu → language | digest | quiet → saved

One rule: one change at a time, and a button for the usual ones.
"""

import re

from babel import Locale

from api.contract.preferences import PreferencesOut, PreferencesPatch, QuietHours
from bots.cards.card import Row
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked

HOURS = (7, 8, 9, 17)
NIGHTS = (("20:00", "07:00"), ("22:00", "08:00"))
OFF = "off"
_CLOCK = r"([01]?\d|2[0-3])(?::([0-5]\d))?"
_HOUR = re.compile(rf"\s*{_CLOCK}\s*", re.ASCII)
_NIGHT = re.compile(rf"\s*{_CLOCK}\s*[-–—]\s*{_CLOCK}\s*", re.ASCII)


class SettingsValues(Values):
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


def begun(settings: PreferencesOut, stage: str = "menu") -> SettingsValues:
    quiet = settings.quiet
    night = (f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}") if quiet else None
    return SettingsValues(
        locale=settings.locale,
        digest_hour=settings.digest_hour,
        night=night,
        locales=list(settings.locales),
        stage=stage,
    )


class SettingsForm(Form[SettingsValues]):
    name = "settings"
    kind = SettingsValues

    def step(self, values: SettingsValues) -> str:
        return values.stage

    def question(self, step: str, values: SettingsValues, asking: Asking) -> Question:
        if step == "menu":
            return Question(
                asking.say("forms.settings.menu"),
                facts=_facts(values, asking),
                buttons=choices(
                    *(
                        asking.button(f"forms.settings.{name}", name)
                        for name in ("language", "digest", "quiet")
                    )
                ),
            )
        return Question(asking.say(f"forms.settings.{step}_which"), buttons=_buttons(step, values, asking))

    def answer(self, step: str, values: SettingsValues, text: str, asking: Asking) -> Step:
        hour, night = _HOUR.fullmatch(text), _NIGHT.fullmatch(text)
        wanted = text.strip().casefold().replace("-", "_")
        if step == "language" and wanted in values.locales:
            return _changed(values, "locale", wanted)
        if step == "digest" and hour is not None:
            return _changed(values, "digest_hour", int(hour[1]))
        if step == "quiet" and night is not None:
            begins, ends = (f"{int(night[at]):02}:{night[at + 1] or '00'}" for at in (1, 3))
            return _changed(values, "night", (begins, ends))
        return Trouble(asking.say("forms.press_a_button"))

    def choose(self, step: str, values: SettingsValues, choice: str, asking: Asking) -> Step:
        place = picked(choice, "n")
        if step == "menu" and choice in ("language", "digest", "quiet"):
            return values.model_copy(update={"stage": choice})
        if step == "language" and place is not None and place < len(values.locales):
            return _changed(values, "locale", values.locales[place])
        if step == "digest" and (place in HOURS or choice == OFF):
            return _changed(values, "digest_hour", place)
        if step == "quiet" and choice == OFF:
            return _changed(values, "night", None)
        if step == "quiet" and place is not None and place < len(NIGHTS):
            return _changed(values, "night", NIGHTS[place])
        return Trouble(asking.say("forms.press_a_button"))


def _changed(values: SettingsValues, name: str, value: object) -> Done:
    return Done(values.model_copy(update={name: value, "changed": name}))


def native(locale: str) -> str:
    """A language as its speakers call it."""
    found = Locale.parse(locale.replace("-", "_"))
    return str(found.get_display_name(found.language) or locale)


def _facts(values: SettingsValues, asking: Asking) -> tuple[str, ...]:
    off = asking.say("forms.settings.off")
    digest = f"{values.digest_hour:02}:00" if values.digest_hour is not None else off
    night = "–".join(values.night) if values.night else off
    return (
        asking.say("forms.settings.is_language", language=native(values.locale)),
        asking.say("forms.settings.is_digest", hour=digest),
        asking.say("forms.settings.is_quiet", hours=night),
    )


def _buttons(step: str, values: SettingsValues, asking: Asking) -> tuple[Row, ...]:
    off = asking.button("forms.settings.off", OFF)
    match step:
        case "language":
            named = (asking.named(native(each), f"n{place}") for place, each in enumerate(values.locales))
            return choices(*named)
        case "digest":
            return choices(*(asking.named(f"{hour:02}:00", f"n{hour}") for hour in HOURS), off)
    return choices(*(asking.named("–".join(night), f"n{place}") for place, night in enumerate(NIGHTS)), off)

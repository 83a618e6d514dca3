"""The days of a request line: when it is needed, and days that say something else.

One rule: only a day that is certainly the one on which it is needed is taken; any other is quoted back.
"""

from dataclasses import dataclass
from datetime import date

from api.language.amounts import HUNDREDTH, currency_named, quantity_at
from api.language.calendar_parts import week_at
from api.language.date_vocabulary import names
from api.language.dates import DateReading, calendar_date_at, date_at
from api.language.readings import Ambiguous, NotUnderstood, ParseIssue
from api.language.request_cursor import APART, SegmentCursor, after_wish
from api.language.vocabulary import language_of, vocabulary

WHEN = frozenset(
    {"on", "within", "am", "zum", "binnen", "innerhalb", "el", "dentro", "через", "خلال", "في", "بعد", "يوم"}
)
NO_DEADLINE = frozenset({"0"})
"""``Today`` at the beginning may open a story: ``today the printer died``."""
MIN_DAY_NAME = 3
TIMED = frozenset({"delivery", "lead", "shipping"})
"""Labels of a quote that a request has before a day."""


@dataclass
class DayClauses(SegmentCursor):
    """Reads days at a position of the current segment."""

    def _needed(self, index: int, start: int, kind: str) -> int | None:
        """A day after its keyword; without a day, ``needed`` and what follows is quoted back."""
        found = date_at(self.tokens, start, self.locale, self.today)
        if found is None and kind == "by":
            purpose = self._purpose_after(index)
            if purpose is not None:
                return purpose
        more = found is not None and not (self._is_end(found[1]) or self._begins_first_item(found[1]))
        if found is not None and more and kind == "purpose":
            return self._unclear_day(index, found)
        if found is None:
            digit = start < len(self.tokens) and self.tokens[start].raw[0].isdigit()
            if kind == "purpose" or (kind == "by" and not (digit or self.segment.closed)):
                return None
            clause = vocabulary(language_of(self.locale)).clauses.at(self.tokens, start)
            found = (
                NotUnderstood(text="", why=ParseIssue.date),
                start + (start < len(self.tokens) and clause is None),
            )
        return self._take_day(found, index, start)

    def _purpose_after(self, index: int) -> int | None:
        """``para el`` without a day may begin a cost centre: ``para el almacén``."""
        word = self.tokens[index].word
        if word in {"para"} and not self._date_digits(index):
            return self._cost_centre(index + 1, certain=False)
        return None

    def _date_digits(self, index: int) -> bool:
        following = self.tokens[index + 1 : index + 3]
        return any(token.raw[0].isdigit() for token in following)

    def _take_day(self, found: tuple[DateReading, int], index: int, start: int, *, bare: bool = False) -> int:
        """The day of a clause that begins at ``index``; after a "not" it is quoted back, for it is another day.

        ``bare``: no word asks for it, so it counts only where something is asked for.
        """
        reading, after = found
        begun = self._since_label(index)
        if isinstance(reading, NotUnderstood) or self._is_negated(begun, index):
            self.builder.add_unread(self.tokens, self._since_comma(begun), after)
        else:
            other = self._other_day(reading, after)
            if other is not None:
                self.builder.add_reading("needed_by", other[0], self._text(start, other[1]))
                after = other[1]
            elif bare:
                self.segment.told_days.append((reading, self._text(start, after)))
            else:
                self.builder.add_reading("needed_by", reading, self._text(start, after))
        self._close()
        return after

    def _other_day(self, reading: DateReading, after: int) -> tuple[Ambiguous, int] | None:
        """``by Monday or Tuesday``: both are asked."""
        label = vocabulary(language_of(self.locale)).quote.at(self.tokens, after)
        if label is None or "other" not in label[0].split("/") or not isinstance(reading, date):
            return None
        found = date_at(self.tokens, label[1], self.locale, self.today)
        if found is None or not isinstance(found[0], date) or found[0] == reading:
            return None
        days = sorted((reading, found[0]))
        return Ambiguous(text="", readings=tuple(day.isoformat() for day in days)), found[1]

    def _since_label(self, index: int) -> int:
        """``pallet truck, must arrive before 18 Dec``: what says that a day follows is no word of the item."""
        vocab = vocabulary(language_of(self.locale))
        begun = index
        while begun > 0 and not self.segment.closed:
            label = vocab.quote.at(self.tokens, begun - 1)
            timed = label is not None and bool(TIMED & set(label[0].split("/")))
            if not (timed or vocab.words["arrival"].at(self.tokens, begun - 1) is not None):
                break
            begun -= 1
        return self._without(begun, index)

    def _begins_first_item(self, index: int) -> bool:
        """``per giovedì 10 dicembre 4 stufette``: the day first, and then what is asked for."""
        fresh = not self.segment.words and not self.segment.has_quantity
        return fresh and quantity_at(self.tokens, index, self.locale) is not None

    def _unclear_day(self, index: int, found: tuple[DateReading, int]) -> int | None:
        """``for Monday of week 51``: a day with more of it, so it is quoted back up to the next comma."""
        if isinstance(found[0], NotUnderstood) or not self.segment.words:
            return None
        after = next((at for at in range(found[1], len(self.tokens)) if self._is_end(at)), len(self.tokens))
        self.builder.add_unread(self.tokens, index, after)
        self._close()
        return after

    def _in(self, index: int, start: int) -> int | None:
        """``in EUR``; ``in 2 weeks`` is a day; any other ``in`` is a word of the item."""
        if start < len(self.tokens):
            named = currency_named(self.tokens, start, self.locale, self.currency)
            if named is not None and named[0] != HUNDREDTH:
                self.builder.add_reading("currency", named[0], self._text(start, named[1]))
                self._close()
                return named[1]
        week = week_at(self.tokens, start, self.locale, self.today) if start < len(self.tokens) else None
        found = date_at(self.tokens, start if week is not None else index, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        return self._take_day(found, index, index)

    def _when(self, index: int) -> int | None:
        """``within 2 weeks``, ``on Friday``, ``через неделю`` need no keyword before them."""
        tail = self._until_after(index)
        if tail is not None:
            return tail
        date_in = vocabulary(language_of(self.locale)).words["date_in"].at(self.tokens, index)
        leads = date_in is not None and not (self.segment.words or self.segment.has_quantity)
        if self.tokens[index].word not in WHEN and not leads:
            return None
        found = date_at(self.tokens, index, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        return self._take_day(found, index, index, bare=True)

    def _day_alone(self, index: int) -> int | None:
        """``3 chairs, Friday``, ``tomorrow we need 6``: a day without a word that asks for it."""
        words = vocabulary(language_of(self.locale))
        led = words.words["fillers"].at(self.tokens, index) or words.words["prepositions"].at(
            self.tokens, index
        )
        start = led[1] if led is not None and not self._names_near_day(index) else index
        if not self._names_near_day(start) or self._says_of_what(index):
            return None
        found = date_at(self.tokens, start, self.locale, self.today)
        if found is None or isinstance(found[0], NotUnderstood):
            return None
        relative = words.days.at(self.tokens, start)
        first = index == 0 and relative is not None and relative[0] not in NO_DEADLINE
        apart = index > 0 and self.tokens[index - 1].raw in APART
        asked = self.segment.has_quantity or self.segment.closed or apart
        if not (first or (asked and self._ends_day(found[1]))):
            return None
        return self._take_day(found, index, start, bare=True)

    def _wished_day(self, index: int) -> int | None:
        """``…, we need it on 18 December``, ``нужно 18 декабря``: a day behind words of a wish, and nothing more."""
        vocab = vocabulary(language_of(self.locale))
        needs = vocab.words["needs"].at(self.tokens, index)
        begins = needs is not None or vocab.openings.at(self.tokens, index) is not None
        fresh = self.segment.wished and not (self.segment.words or self.segment.has_quantity)
        if not (begins or fresh) or (begins and vocab.clauses.at(self.tokens, index) is not None):
            return None
        start = after_wish(self.tokens, index, self.locale, kinds=("needs", "needed_it")) if begins else index
        led = vocab.words["fillers"].at(self.tokens, start)
        start = led[1] if led is not None and not self._names_near_day(start) else start
        found = calendar_date_at(self.tokens, start, self.locale, self.today)
        if found is None and self._names_near_day(start):
            found = date_at(self.tokens, start, self.locale, self.today)
        label = vocab.quote.at(self.tokens, start)
        if (
            found is None
            or not self._ends_day(found[1])
            or isinstance(found[0], NotUnderstood)
            or label is not None
        ):
            return None
        return self._take_day(found, index, start)

    def _says_of_what(self, index: int) -> bool:
        """``la fête de vendredi``, ``new hire starting Monday``: a day of something else."""
        words = vocabulary(language_of(self.locale)).words
        of = vocabulary(language_of(self.locale)).of
        tables = (of, words["broken_by"], words["not_before"], words["needs"])
        led = index > 0 and any(each.at(self.tokens, index - 1) is not None for each in tables)
        return led or of.at(self.tokens, index) is not None

    def _ends_day(self, index: int) -> bool:
        """Nothing, or a word of talking: ``tomorrow would be great``."""
        vocab = vocabulary(language_of(self.locale))
        return self._is_end(index) or vocab.words["praise"].at(self.tokens, index) is not None

    def _names_near_day(self, index: int) -> bool:
        """``Friday``, ``this Friday``, ``tomorrow``."""
        words = vocabulary(language_of(self.locale))
        marked = words.words["this"].at(self.tokens, index) or words.words["next"].at(self.tokens, index)
        start = marked[1] if marked is not None else index
        weekday = names(language_of(self.locale)).weekdays.at(self.tokens, start)
        named = weekday is not None and len(self.tokens[start].word) >= MIN_DAY_NAME
        return named or words.days.at(self.tokens, index) is not None

    def _until_after(self, index: int) -> int | None:
        """``15 Aralık'a kadar``: languages that put "until" behind the day."""
        words = vocabulary(language_of(self.locale)).words
        found = date_at(self.tokens, index, self.locale, self.today) if "answer_tail" in words else None
        weekday = (
            names(language_of(self.locale)).weekdays.at(self.tokens, found[1]) if found is not None else None
        )
        found = (found[0], weekday[1]) if found is not None and weekday is not None else found
        tail = words["answer_tail"].at(self.tokens, found[1]) if found is not None else None
        late = words["not_before"].at(self.tokens, found[1]) if found is not None else None
        if found is not None and late is not None:
            self.builder.add_unread(self.tokens, self._since_comma(index), late[1])
            self._close()
            return late[1]
        if found is None or tail is None or isinstance(found[0], NotUnderstood):
            return None
        if not self._is_end(tail[1]) and quantity_at(self.tokens, tail[1], self.locale) is None:
            self.builder.add_unread(self.tokens, index, tail[1] + 1)  # ``10 Ocak'tan önce gelmesin``
            self._close()
            return tail[1] + 1
        self.builder.add_reading("needed_by", found[0], self._text(index, found[1]))
        self._close()
        return tail[1]

    def _too_early(self, index: int) -> int | None:
        """``not before 24 Dec``, ``frühestens am 24.12.``: not when it is needed, so it is quoted back."""
        found = vocabulary(language_of(self.locale)).words["not_before"].at(self.tokens, index)
        if found is None:
            return None
        day = date_at(self.tokens, found[1], self.locale, self.today)
        if day is None or isinstance(day[0], NotUnderstood):
            return None
        self.builder.add_unread(self.tokens, self._since_comma(index), day[1])
        self._close()
        return day[1]

    def _is_day(self, start: int) -> bool:
        day = date_at(self.tokens, start, self.locale, self.today)
        return day is not None and not isinstance(day[0], NotUnderstood)

    def _from_day(self, index: int, start: int) -> int:
        """``from 10 Dec``: no vendor, and not the day on which it is needed, so it is quoted back."""
        day = date_at(self.tokens, start, self.locale, self.today)
        after = day[1] if day is not None else start
        self.builder.add_unread(self.tokens, index, after)
        self._close()
        return after

    def _begins_day_at(self, index: int) -> bool:
        """``to the site tomorrow``, ``to the site on Friday``: a day ends what stands before it."""
        words = vocabulary(language_of(self.locale)).words
        led = self.tokens[index].word in WHEN or words["prepositions"].at(self.tokens, index) is not None
        return self._names_day(index) or (led and self._names_day(index + 1))

    def _names_day(self, index: int) -> bool:
        calendar = names(language_of(self.locale))
        relative = vocabulary(language_of(self.locale)).days.at(self.tokens, index)
        named = calendar.weekdays.at(self.tokens, index) or calendar.months.at(self.tokens, index)
        return relative is not None or named is not None

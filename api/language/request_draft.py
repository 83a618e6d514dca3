"""A request while its sentences are read: its lines, what was said beside them, and stories.

One rule: a sentence is a line of the request, talk or a story, and only a line may be wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from babel.core import Locale

from api.language.reading_builder import MAX_QUOTED_LENGTH, ReadingBuilder
from api.language.readings import Ambiguous
from api.language.request_corrections import without_explanation
from api.language.request_cursor import Segment, joined
from api.language.request_deadlines import deadline_in
from api.language.request_items import split_items
from api.language.request_kinds import is_attribute, is_pronoun, says_kind
from api.language.request_parts import spoken_words
from api.language.request_segment import RequestReader
from api.language.request_stories import stories_of
from api.language.request_told import wish_begins
from api.language.tokenizer import Token, tokenize
from api.language.vocabulary import language_of, vocabulary
from api.language.withheld_wishes import is_withheld


@dataclass
class RequestDraft:
    """The segments of a request, in their order."""

    reader: RequestReader
    read: list[Segment] = field(default_factory=list)
    said: list[Segment] = field(default_factory=list)
    """Sentences without a count and a price."""
    stories: list[str] = field(default_factory=list)
    again: Segment | None = None
    """``we need a new one``: how many of what was named elsewhere, or nowhere."""

    def read_parts(self, parts: Sequence[Sequence[str]]) -> None:
        """Read the sentences of each part."""
        locale = self.reader.locale
        spoken = [[self._asked(each) for each in sentences] for sentences in parts]
        told = stories_of([tokens for sentences in spoken for tokens in sentences], locale)
        number = -1
        for part, sentences in enumerate(spoken):
            for tokens in sentences:
                number += 1
                if number in told:
                    self._tell(tokens)
                else:
                    alone = len(sentences) == 1 and not self.said
                    self._read_sentence(tokens, part, alone=alone, last=part + 1 == len(parts))
        if self.again is not None and not self.read:
            self.read.append(self.again)

    def _asked(self, sentence: str) -> list[Token]:
        """The words of a sentence that ask for something."""
        asked, explained = without_explanation(sentence, self.reader.locale)
        if explained:
            self.stories.append(explained)
        tokens = spoken_words(asked, self.reader.locale)
        begun = wish_begins(tokens, self.reader.locale)
        if begun is not None and self._says_more(tokens[:begun]):
            self._tell(tokens[:begun])
            return tokens[begun:]
        return tokens

    def _says_more(self, tokens: list[Token]) -> bool:
        """Whether words before a wish are more than its day, or where it goes: ``for the fair on 3 May, we need``."""
        aside = replace(self.reader, builder=ReadingBuilder(), notes=[], tags=[])
        segment = aside.read(tokens, line=1)
        return len(segment.words) > 1 or len(aside.builder.unread) > 0

    def _read_sentence(self, tokens: list[Token], part: int, *, alone: bool, last: bool) -> None:
        reader = self.reader
        items = split_items(tokens, reader.locale, reader.today)
        withheld = is_withheld(tokens, reader.locale)
        if withheld and len(items) == 1:
            self.stories.append(joined(tokens))
            return
        for item in items:
            reader.builder.new_segment()
            segment = reader.read(item, line=len(self.read) + 1)
            segment.part = part
            if withheld and segment.description:
                segment.doubted, segment.description = segment.description, ""
            if self.read:
                before = self.read[-1].description
                segment.description = _with_noun(segment.description, before, reader.locale)
            if segment.kinds and len(items) > 1:
                segment.doubted, segment.description = segment.item, ""  # of all of them, or of the last
            talk = segment.is_line() and len(items) == 1 and segment.is_talk(alone=alone)
            self._keep_days(segment, talk=talk)
            if talk and "needed_by" not in reader.builder.values and not reader.builder.is_asked("needed_by"):
                self._keep_deadline(item)
            if not segment.is_line():
                continue
            if is_pronoun(tokenize(segment.item), reader.locale):
                self.again = self.again or replace(segment, description="", doubted="")
                self.stories.append(joined(item))
                continue
            if talk and self.read and says_kind(said := tokenize(segment.item), reader.locale):
                self._describe(said)
                continue
            if not last and segment.is_heading(item):
                reader.builder.unread.append(segment.item[:MAX_QUOTED_LENGTH])
                reader.keep_centre_of(item)
            elif talk:
                self.said.append(segment)
            else:
                self.read.append(segment)
                ask_item(reader.builder, segment, item, len(self.read))

    def _describe(self, tokens: Sequence[Token]) -> None:
        """``A standing desk? 160x80 cm, oak top.``: of which kind it is, in a sentence of its own."""
        before = self.read[-1]
        item = f"{before.item}, {joined(tokens).rstrip(' .?!')}"
        certain = before.description and is_attribute(
            [each for each in tokens if each.raw != ","], self.reader.locale
        )
        before.description, before.doubted = (item, "") if certain else ("", item)
        if not certain:
            self.reader.builder.withdraw("description", len(self.read))
            ask_item(self.reader.builder, before, list(tokens), len(self.read))

    def _tell(self, tokens: list[Token]) -> None:
        """A story: a cost centre and a deadline in it are kept, everything else quoted back."""
        aside = replace(self.reader, builder=ReadingBuilder(), notes=[], tags=[])
        aside.read(tokens, line=len(self.read) + 1)
        centre = aside.builder.values.get("cost_centre")
        if centre is not None and "cost_centre" not in self.reader.builder.values:
            self.reader.builder.set_value("cost_centre", centre, str(centre))
        self._keep_deadline(tokens)
        self.stories.append(joined(tokens))

    def _keep_deadline(self, tokens: list[Token]) -> None:
        """``Spätester Termin wäre der 21. Dezember``: a sentence of its own."""
        found = deadline_in(tokens, self.reader.locale, self.reader.today)
        if found is not None:
            self.reader.builder.add_reading("needed_by", *found)

    def _keep_days(self, segment: Segment, *, talk: bool) -> None:
        """Days that nothing asks for: ``it broke on Monday`` is no day on which something is needed."""
        builder = self.reader.builder
        for reading, text in segment.told_days:
            if talk and not segment.wished:
                builder.unread.append(text[:MAX_QUOTED_LENGTH])
            else:
                builder.add_reading("needed_by", reading, text)


def ask_item(builder: ReadingBuilder, segment: Segment, tokens: list[Token], number: int) -> None:
    """Ask whether the item is what was read, and nothing else."""
    if segment.doubted:
        question = Ambiguous(
            text=joined(tokens), readings=(segment.doubted,), field="description", line=number
        )
        builder.add_question(question)


def _with_noun(item: str, before: str, locale: Locale) -> str:
    """``3 jackets size M and 2 size L``: the second are jackets too."""
    sizes = vocabulary(language_of(locale)).words["size"]
    tokens, earlier = tokenize(item), tokenize(before)
    if sizes.at(tokens, 0) is None:
        return item
    sized = next((at for at in range(1, len(earlier)) if earlier[at].word == tokens[0].word), None)
    return f"{joined(earlier[:sized])} {item}" if sized is not None else item

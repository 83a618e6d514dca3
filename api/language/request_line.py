"""The request line: ``3x laptop Dell 5440 @1200 needed 2026-12-01 for IT``.

    request  = segment ((newline | ";") segment)*
    segment  = [qty [x | unit]] item ["x" qty | qty unit] ["@" price [currency] ["each"]] clause*
    clause   = needed|by DATE | for COST CENTRE | for|on behalf of PERSON | in CURRENCY | from VENDOR | to PLACE
             | note: ... | #tag

One rule: what is not understood is quoted back in ``unread``; only courtesies are dropped, and nothing is
guessed.

Clauses may have any order, on any line, and apply to the whole request.
"""

from collections.abc import Collection, Sequence
from datetime import date

from babel.core import Locale

from api.language.language_tags import language_for, spoken_text
from api.language.numbers import plain
from api.language.reading_builder import MAX_QUOTED_LENGTH, ReadingBuilder
from api.language.readings import Ambiguous, LineReading, ParseIssue, RequestReading, TextRefusal
from api.language.request_corrections import without_corrections
from api.language.request_cursor import Segment, joined
from api.language.request_cuts import CUT, NEXT_ITEM, cut_readings
from api.language.request_deadlines import without_then
from api.language.request_draft import RequestDraft, ask_item
from api.language.request_kinds import is_coloured_or_sized
from api.language.request_lists import with_counts_first
from api.language.request_parts import parts_of_request
from api.language.request_persons import without_persons
from api.language.request_segment import RequestReader, count_last
from api.language.tokenizer import MAX_TEXT_LENGTH, Token, segments, tokenize
from api.language.vocabulary import Vocabulary, language_of, vocabulary

MIN_LISTED = 2
_BEHIND_COURTESY = frozenset({",", ":", "!", ".", "-", "–"})


def parse_request(
    text: str,
    *,
    locale: str,
    today: date,
    currency: str | None,
    cost_centres: Collection[str] = (),
    people: Collection[str] | None = None,
) -> RequestReading:
    """Read a whole request. ``currency`` applies where none is written.

    With ``cost_centres`` known, ``for`` begins a cost centre only before one of them; elsewhere it is a word
    of the item. The same holds before the name of one of ``people``; what follows "on behalf of" and is none of
    their names is in ``unread`` too, for it may belong to the item.
    """
    if len(text) > MAX_TEXT_LENGTH:
        return RequestReading(
            refused=TextRefusal(why=ParseIssue.too_long, length=len(text), limit=MAX_TEXT_LENGTH)
        )
    builder = ReadingBuilder()
    reader = RequestReader(
        builder=builder,
        locale=language_for(locale, text),
        today=today,
        currency=currency,
        cost_centres=frozenset(code.casefold() for code in cost_centres),
        people=people,
    )
    meant, struck, unclear = without_corrections(text, reader.locale)
    meant, then = without_then(meant, reader.locale, today)
    meant, told = without_persons(spoken_text(meant, reader.locale), reader.locale, people)
    draft = RequestDraft(reader)
    draft.read_parts(with_counts_first(list(parts_of_request(meant, reader.locale)), reader.locale, today))
    if then is not None:
        builder.add_reading("needed_by", *then)
    read = _without_subject(draft.read, builder)
    _count_alike(read, builder, reader.locale)
    _ask_counts(read, unclear, builder, text)
    _ask_kinds(read, draft.stories, builder, reader.locale)
    items, rest = _chosen(read, draft.said)
    for number, segment in enumerate(items if not read else (), start=1):
        ask_item(builder, segment, segment.words, number)
    builder.unread += [each.item[:MAX_QUOTED_LENGTH] for each in rest]
    reading = _reading(builder, (items, rest), reader, currency)
    quoted = tuple(each[:MAX_QUOTED_LENGTH] for each in (*draft.stories, *struck, *told) if each)
    return reading.model_copy(update={"unread": (*reading.unread, *quoted)}) if quoted else reading


def _ask_kinds(read: list[Segment], stories: Sequence[str], builder: ReadingBuilder, locale: Locale) -> None:
    """``A chair is missing. Please order one, grey``: what a story says of a colour or a size may be of the item."""
    last = read[-1] if read else None
    for part in (part for story in stories for part in story.split(",")[1:]):
        said = tokenize(part.strip(" .!"))
        if last is None or not said or not last.description or not is_coloured_or_sized(said, locale):
            continue
        last.doubted, last.description = f"{last.description}, {joined(said)}", ""
        ask_item(builder, last, said, len(read))


def _ask_counts(read: list[Segment], unclear: str | None, builder: ReadingBuilder, text: str) -> None:
    """``4 mugs, 2 plates. Actually 6.``: a count that may correct any line; "" where it is none of a line."""
    for number, segment in enumerate(read if unclear is not None else (), start=1):
        if segment.quantity is None:
            continue
        readings = tuple(dict.fromkeys(each for each in (plain(segment.quantity), unclear) if each))
        builder.add_question(Ambiguous(text=text, readings=readings, field="quantity", line=number))
        segment.quantity = None


def _chosen(read: list[Segment], said: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The items and what was said beside them; where nothing is counted, sentences that wish are the items, or all."""
    if read:
        return read, said
    wished = [each for each in said if each.wished]
    return (wished, [each for each in said if not each.wished]) if wished else (said, [])


def _without_subject(read: list[Segment], builder: ReadingBuilder) -> list[Segment]:
    """``Material for site WH`` above two lines or more that say how many: what they are for, and no item."""
    counted = [segment.part for segment in read[1:] if segment.has_quantity]
    listed = len(read) > MIN_LISTED and len(counted) == len(read) - 1 and counted[0] > read[0].part
    if not (listed and read[0].closed) or read[0].has_quantity or builder.ambiguous:
        return read
    builder.unread.append(read[0].item[:MAX_QUOTED_LENGTH])
    return read[1:]


def _count_alike(read: list[Segment], builder: ReadingBuilder, locale: Locale) -> None:
    """``paper 10 packs; stapler 2``: where the counts of a list stand behind, a last number is one too.

    Without a unit anywhere it takes three lines that end so.
    """
    alike = [segment for segment in read if segment.counted_last]
    bare = [segment for segment in read if not segment.has_quantity and _ends_with_count(segment)]
    listed = len({segment.part for segment in read}) == len(read)
    enough = len(alike) > 0 or len(bare) > MIN_LISTED
    if not (listed and bare and enough) or len(alike) + len(bare) < len(read):
        return
    for number, segment in enumerate(read, start=1):
        if segment in bare:
            count_last(segment, locale)
            builder.withdraw("description", number)
            ask_item(builder, segment, segment.words, number)


def _ends_with_count(segment: Segment) -> bool:
    return len(segment.words) > 1 and segment.words[-1].raw.isdigit() and segment.words[-2].raw[0].isalpha()


def opens_request(text: str, locale: str) -> bool:
    """Whether a sentence begins or ends as a wish does: ``I need``, ``bestellen``; a greeting or ``please`` is none."""
    words = vocabulary(language_of(language_for(locale, text)))
    return any(
        _begins_wish(tokens, words) or _ends_wish(tokens, words) for tokens in map(tokenize, segments(text))
    )


def _ends_wish(tokens: list[Token], words: Vocabulary) -> bool:
    """``bitte 3 Laptops bestellen``: languages whose verb stands last."""
    verbs = words.words["wished_last"]
    first = max(len(tokens) - verbs.longest, 1)
    ends = (found[1] for at in range(first, len(tokens)) if (found := verbs.at(tokens, at)) is not None)
    return any(end == len(tokens) for end in ends)


def _begins_wish(tokens: list[Token], words: Vocabulary) -> bool:
    """Whether a wish stands behind the courtesies at the beginning."""
    index = 0
    while index < len(tokens):
        wish, courtesy = words.openings.at(tokens, index), words.courtesies.at(tokens, index)
        if wish is not None and (courtesy is None or wish[1] > courtesy[1]):
            return True
        if courtesy is None and tokens[index].raw not in _BEHIND_COURTESY:
            return False
        index = courtesy[1] if courtesy is not None else index + 1
    return False


def names_errand(text: str, locale: str) -> bool:
    """Whether the words speak of what nobody buys: minutes, an answer, a call, what has arrived or is cancelled."""
    errands = vocabulary(language_of(language_for(locale, text))).words["errands"]
    tokens = tokenize(text)
    return any(errands.at(tokens, index) is not None for index in range(len(tokens)))


def _line(segment: Segment) -> LineReading:
    return LineReading(
        description=segment.description,
        quantity=segment.quantity,
        unit=segment.unit or "pcs",
        unit_price=segment.unit_price,
        read_from=segment.read_from,
    )


def _reading(
    builder: ReadingBuilder,
    segments: tuple[Sequence[Segment], Sequence[Segment]],
    reader: RequestReader,
    currency: str | None,
) -> RequestReading:
    """The lines, or the question which they are, where they may be cut otherwise; then what was said beside them."""
    read, said = segments
    values = builder.values
    cuts = cut_readings(read, said, builder.unread, reader.locale)
    if len(cuts) == len(read) == 1:  # only whether that is its name
        read[0].description, read[0].doubted = "", read[0].item
        ask_item(builder, read[0], tokenize(read[0].doubted), 1)
        cuts = ()
    lines = () if cuts else tuple(map(_line, read))
    if cuts:
        builder.ask_cut(Ambiguous(text=NEXT_ITEM.join(each.item for each in read), readings=cuts, field=CUT))
    currency_code = values.get("currency", None if builder.is_asked("currency") else currency)
    return RequestReading(
        lines=lines,
        currency=str(currency_code) if currency_code else None,
        needed_by=_date(values.get("needed_by")),
        cost_centre=_text(values.get("cost_centre")),
        on_behalf_of=_text(values.get("on_behalf_of")),
        vendor=_text(values.get("vendor")),
        place=_text(values.get("place")),
        note=" ".join(reader.notes) or None,
        tags=tuple(dict.fromkeys(reader.tags)),
        unread=tuple(builder.unread),
        missing=tuple(_missing(builder, lines)),
        ambiguous=tuple(builder.ambiguous),
    )


def _missing(builder: ReadingBuilder, lines: tuple[LineReading, ...]) -> list[str]:
    """What must be asked for, in the order in which a person is asked; ambiguous fields are not missing."""
    asked = {question.line for question in builder.ambiguous if question.field == "quantity"}
    found = []
    uncut = builder.is_asked(CUT)
    doubted = {question.line for question in builder.ambiguous if question.field == "description"}
    if not (lines or uncut) or any(
        not line.description and number not in doubted for number, line in enumerate(lines, start=1)
    ):
        found.append("item")
    if not (lines or uncut) or any(
        line.quantity is None and number not in asked for number, line in enumerate(lines, start=1)
    ):
        found.append("quantity")
    found += [
        name
        for name in ("needed_by", "cost_centre")
        if name not in builder.values and not builder.is_asked(name)
    ]
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None

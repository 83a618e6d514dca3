"""Cuts a text into the parts of a request: its lines, and their sentences.

One rule: what a mail puts around a request is no part of it, and a sentence without a quantity names no item beside
one that has it: ``Hope you are well. Could we get 2 chairs?``
"""

import re
from collections.abc import Iterator, Sequence

from babel.core import Locale

from api.language.farewells import takes_leave
from api.language.language_tags import known_words, spoken_text
from api.language.mail_heads import is_mail_head
from api.language.number_words import with_digits
from api.language.request_counts_behind import with_counts_before
from api.language.request_items import MEASURES, is_subject, tidied
from api.language.request_labels import without_labels
from api.language.request_sizes import with_sizes_apart
from api.language.request_tables import is_header, table_row, without_tables
from api.language.tokenizer import Token, is_emoji, segments, tokenize
from api.language.typing_slips import without_slips
from api.language.vocabulary import language_of, vocabulary, word_lists

MAX_SIGNATURE = 4
"""A longer line that greets may be a sentence."""
_SHORTENED = (
    "inkl",
    "exkl",
    "incl",
    "excl",
    "evtl",
    "zzgl",
    "bzgl",
    "ungef",
    "approx",
    "aprox",
    "прибл",
    "ориент",
)
_BEGINS_SENTENCE = r"(?=\s+(?:(?-i:[A-ZÀ-ÞА-ЯІЇЄҐ])[^\W\d_'’]*['’]?[^\W\d_]|[\u0621-\u064a]{2}))"
_MEASURE = "(?:mm|cm|ml|kg|мм|см|мл|кг|سم|مم|مل)"
_SENTENCE = re.compile(
    "".join(rf"(?<!\b{each}\.)" for each in _SHORTENED)
    + r"(?:(?<=[!?؟])|(?<=[^\W\d_]{4}\.)(?!\s+\d)|(?<=[^\W\d_]{5}\.)"
    + r"|(?:(?<=\b(?-i:[A-Z]{2})\.)|(?<=(?-i:[A-Z]{3})\.)|(?<=\b(?-i:[A-Z])\d\d\.)|(?<=[x×х]\d\d\.)|(?<=[x×х]\d\d\d\.)"
    + rf"|(?<=\d\s{_MEASURE}\.)|(?<=\d{_MEASURE}\.)){_BEGINS_SENTENCE})\s+",
    re.IGNORECASE,
)
"""A shorter word with a point may be an abbreviation, but for a code or a measure before a capital: ``HR. Danke``."""
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+(?=.*(?<![\w.])\d)")
_LETTERED = re.compile(r"^[^\W\d_]\)\s+(?=\d)")
_NUMBERED_NOUN = re.compile(r"\d+\s*[x×]?\s+[^\W\d_]")
_GLUED_COMMA = re.compile(r"(?<=[^\W_]),(?=[^\W\d_])|(?<=[^\W\d_]),(?=\d)")
"""``klar,KSt LAB``: a comma between digits belongs to their number."""
_GLUED_TIMES = re.compile(r"(?<!\S)(\d{1,4})[x×](?!l\b|large)(?=[^\W\d_]{2,})", re.IGNORECASE)
"""``3xusb-c hub``, but not the size ``2xl``."""
_QUOTED = re.compile(r">(?!\d)")
"""What somebody else wrote, above an answer."""
_SHORT_END = re.compile(r"(?<![^\s\d])([^\W\d_A-Z]{1,3})\.\s+(?=[^\W\d_]{2})")
_SHORT_AND = {"en": ("n", "and"), "de": ("u", "und")}
MIN_NAME = 3
_MEASURED = re.compile(r"\d\s?[^\W\d_]{1,3}$")
"""``10 cm``: a point behind it ends a sentence where the next word begins one."""
_SMILEY = re.compile(r"(?<!\S)[:;]-?[)(D](?!\S)")


def parts_of_request(text: str, locale: Locale) -> Iterator[list[str]]:
    """The sentences of each line, without bullets, heads of mails and heads of tables."""
    cleaned = without_tables(re.sub("[¿¡]", "", _SMILEY.sub(" ", spoken_text(text, locale))), locale).replace(
        "\t", " | "
    )
    plain = _with_and(_GLUED_TIMES.sub(r"\1 x ", _GLUED_COMMA.sub(", ", cleaned)), locale)
    spoken = without_labels(with_digits(_with_signs(plain, locale), locale), locale)
    lines = segments(spoken)
    signed = False
    answered = bool(lines) and _answers(lines[-1], locale)
    for at, part in enumerate(lines):
        if answered and _QUOTED.match(part):
            continue
        written = tidied(_without_bullet(part))
        signed = signed or (at > 0 and _is_signature(written, locale))
        if signed and not _NUMBERED_NOUN.match(written):
            continue
        headed = is_header(written, locale) or _is_table_head(written, lines[at + 1 : at + 2])
        if not (headed or is_mail_head(written, locale) or is_subject(part)):
            row = table_row(written, locale)
            sentences = [row] if row else list(_sentences(written, locale))
            yield [each for sentence in sentences for each in with_sizes_apart(sentence, locale)]


def _answers(line: str, locale: Locale) -> bool:
    """Whether the last line says how many, under what it quotes."""
    counts = vocabulary(language_of(locale)).counts
    tokens = tokenize(line)
    counted = any(token.raw[0].isdigit() or counts.at(tokens, at) for at, token in enumerate(tokens))
    return _QUOTED.match(line) is None and counted


def _ended_shortly(sentences: Sequence[str], locale: Locale) -> list[str]:
    """``a new one. Two chairs``: a short word ends a sentence too, where it is known and no abbreviation."""
    found: list[str] = []
    for sentence in sentences:
        begun = 0
        for match in _SHORT_END.finditer(sentence):
            if _ends_measured(sentence, match, locale) or not _is_shortened(match[1], locale):
                found.append(sentence[begun : match.end(1) + 1])
                begun = match.end()
        found.append(sentence[begun:])
    return found


def _ends_measured(sentence: str, match: re.Match[str], locale: Locale) -> bool:
    """``flasks 500 ml. The others broke``: a measure behind a name ends a sentence where the next word begins one."""
    measured = _MEASURED.search(sentence[: match.end(1)])
    begins = sentence[match.end()].isupper() or locale.language == "ar"
    if measured is None or not begins or locale.language == "de":
        return False
    unit = vocabulary(language_of(locale)).units.at(tokenize(match[1]), 0)
    named = any(len(each) >= MIN_NAME and each.isalpha() for each in sentence[: measured.start()].split())
    return named and (unit is None or unit[0] in MEASURES)


def _is_shortened(word: str, locale: Locale) -> bool:
    """``Gr.``, ``max.``, ``szt.``, ``Dr.``: a point shortens it."""
    tokens = tokenize(word)
    vocab = vocabulary(language_of(locale))
    tables = (vocab.words["size"], vocab.words["budget"], vocab.words["honorifics"], vocab.quote, vocab.units)
    known = word.casefold() in known_words(language_of(locale))
    written_out = locale.language == "ar"  # nothing is shortened with a point
    return not (known or written_out) or any(table.at(tokens, 0) is not None for table in tables)


def _with_and(text: str, locale: Locale) -> str:
    """``hubs n a webcam``, ``schrauben u dübel``: an "and" of one letter."""
    short = _SHORT_AND.get(locale.language)
    return re.sub(rf"(?<=\w) {short[0]} (?=\w)", f" {short[1]} ", text) if short else text


def _with_signs(text: str, locale: Locale) -> str:
    """``coffee comma dark roast period``: a dictated text has its signs in words, and no others."""
    words = word_lists(language_of(locale))
    if any(char in ",.;:" for char in text) or not words.get("spoken_comma"):
        return text
    for kind, sign in (("spoken_comma", ","), ("spoken_end", ".")):
        for phrase in words[kind]:
            text = re.sub(rf"\s+{phrase}(?!\w)", sign, text, flags=re.IGNORECASE)
    return text


def spoken_words(sentence: str, locale: Locale) -> list[Token]:
    """The words of a sentence without ``uh`` and ``lol``, which say nothing wherever they stand."""
    tokens = tokenize(sentence)
    noise = word_lists(language_of(locale)).get("noise", {})  # ``um`` says nothing in English only
    kept = [
        token
        for token in tokens
        if (token.word not in noise or token.raw.isupper()) and not is_emoji(token.raw)
    ]
    return without_slips(kept or tokens, language_of(locale))


def _is_signature(written: str, locale: Locale) -> bool:
    """``Kind regards,``, ``Thanks!``: what stands under it says who writes; under ``Hi everyone,`` they ask."""
    tokens = [token for token in tokenize(written) if token.raw != ","]
    found = vocabulary(language_of(locale)).words["sign_off"].at(tokens, 0)
    signed = found is not None and found[1] == len(tokens)
    short = 0 < len(tokens) <= MAX_SIGNATURE and takes_leave(tokens, locale)
    return signed or short


def _is_table_head(written: str, following: Sequence[str]) -> bool:
    """A row without a number above one with as many cells that has some: ``Item | Qty | Est. price``."""
    bars = written.count("|")
    below = next(iter(following), "")
    numbered = any(char.isdigit() for char in below)
    return bars > 0 and not any(char.isdigit() for char in written) and below.count("|") == bars and numbered


def _without_bullet(segment: str) -> str:
    """``- 3x laptop`` and ``• 3x laptop`` have bullets, ``1. Stapler - 3`` a number; ``-3`` is a negative one."""
    return _NUMBERED.sub("", _LETTERED.sub("", re.sub(r"^(?:[-–—•*·]\s+|>\s*)+", "", segment)))


def _sentences(written: str, locale: Locale) -> Iterator[str]:
    """A note goes on to the end of its line."""
    clauses, tokens = vocabulary(language_of(locale)).clauses, tokenize(written)
    notes = (
        token.start
        for index, token in enumerate(tokens)
        if (found := clauses.at(tokens, index)) and found[0] == "note" and ":" in tokens[found[1] - 1].raw
    )
    end = next(notes, len(written))
    *ended, last = with_counts_before(_ended_shortly(_SENTENCE.split(written[:end]), locale), locale)
    yield from (each for each in ended if each.strip())
    yield last + written[end:]

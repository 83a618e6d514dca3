"""Lines that may be parts of one item, or one item said twice: ``two doors, one opening left, one opening right``.

One rule: nobody lists what adds up to what was counted before it, or the same thing once more, so it is asked which
of them are wanted.
"""

from collections.abc import Sequence

from api.language.request_cursor import Segment


def adds_up(read: Sequence[Segment]) -> bool:
    """``two doors, one opening left, one opening right``: parts of one item, whose counts add up to its own."""
    first, others = read[0] if read else Segment(), read[1:]
    counts = [each.quantity for each in others if each.quantity is not None]
    heads = {each.item.split()[0].casefold() for each in others if each.item}
    alike = len(others) > 1 and len(heads) == 1
    return alike and len(counts) == len(others) and first.quantity == sum(counts)


def says_again(read: Sequence[Segment]) -> bool:
    """``a new shredder, since the old one died. One cross-cut shredder``: the same item, said once more."""
    return any(
        one.part == other.part
        and one.quantity == other.quantity
        and one.item != other.item
        and other.item.casefold().endswith(f" {one.item.casefold()}")
        for one in read
        for other in read
        if one.item
    )

"""A vendor's link in words: what became of it, who made it when, and where its contact may act."""

from dataclasses import dataclass

from api.contract.vendor_links import KnownLinkOut, LinkState
from api.web.devices import short_name
from api.web.phrasing import Phrasing


@dataclass(frozen=True)
class LinkWords:
    state: str
    made: str
    used: str
    browsers: str


def told(p: Phrasing, link: KnownLinkOut) -> LinkWords:
    """In the reader's language and zone; nothing where there is nothing to say."""
    made = p.moment(link.made_at)
    return LinkWords(
        p.say("web.link.open", moment=p.moment(link.expires_at))
        if link.state is LinkState.open
        else p.state("link", link.state.value),
        p.say("web.link.made", moment=made, person=link.made_by_name)
        if link.made_by_name
        else p.say("web.link.mailed", moment=made),
        p.moment(link.used_at) if link.used_at is not None else "–",
        ", ".join(dict.fromkeys(short_name(each.name) for each in link.devices)) or "–",
    )

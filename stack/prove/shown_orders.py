"""What the chats show of the orders that came of an approval: the requester's and the vendor's, on both platforms.

One rule: the platforms' own servers are asked what stands in a chat, not our table of sent messages.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from stack.bench.purchase_calls import BenchPurchase
from stack.prove.chat_people import ChatPeople
from stack.prove.kept_promise import Promise
from stack.prove.proof_installation import ProofInstallation

PLATFORMS = ("telegram", "slack")
_ORDERS = "SELECT request_id, number FROM purchase_orders WHERE request_id = ANY($1::uuid[])"


async def orders_are_shown(
    proof: ProofInstallation, people: ChatPeople, approved: Sequence[BenchPurchase]
) -> Promise:
    """Each order's number stands in every chat of the two who have to know it."""
    promise = Promise("Requester and vendor of each order see it in both of their chats")
    rows = await proof.fetch(_ORDERS, [UUID(each.request_id) for each in approved])
    numbers = {str(row["request_id"]): row["number"] for row in rows}
    texts: dict[str, list[str]] = {}
    doubled: Counter[str] = Counter()
    for purchase in approved:
        number = numbers.get(purchase.request_id, "an order")
        for account in _accounts(people, purchase):
            if account not in texts:
                texts[account] = [message["text"] for message in await people.messages(account)]
            shown = sum(number in text for text in texts[account])
            doubled[number] += max(shown - 1, 0)
            promise.holds(
                shown > 0, f"{number} of request {purchase.request_id} is not in the chat of {account}"
            )
    promise.note = f"{len(approved)} orders; {doubled.total()} messages are there twice"
    return promise


def _accounts(people: ChatPeople, purchase: BenchPurchase) -> Iterator[str]:
    """Of the requester and of the first vendor, whose prices are the lowest."""
    for member in (purchase.team.requester, purchase.team.vendors[0]):
        for platform in PLATFORMS:
            yield people.account(member.person_id, platform)

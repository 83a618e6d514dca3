"""Uploads: sixty files that mean harm, each sent as a vendor sends one, and bodies that never end.

The files are those of the tests of the kinds and of the reader of quotes; here the running api takes them.

One rule: a file that means harm is refused or kept where nobody gets it, others are answered meanwhile, and nothing
of it stays behind.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

import aiohttp

from stack.bench.cpu import process_table, tree
from stack.prove.kept_promise import Promise
from stack.prove.progress import say
from stack.prove.proof_calls import ProofAnswer
from stack.prove.proof_installation import ProofInstallation
from tests.api.quote_files.test_hostile_files import HOSTILE as HOSTILE_QUOTES
from tests.api.test_documents import EICAR
from tests.core.documents import files
from tests.core.documents.test_kinds import HOSTILE as HOSTILE_KINDS

MEBIBYTE = 1 << 20
MOST_BYTES = 10 * MEBIBYTE
MOST_MEMORY_BYTES = 512 * MEBIBYTE
BESIDE_SECONDS = 0.05
SLOW_SECONDS, SLOW_SECONDS_SHORT = 40.0, 33.0
"""A body that comes a byte a second is ended after 30 seconds."""
_NAMES = {
    "a path": "../../../../etc/passwd.pdf",
    "a path of Windows": "..\\..\\evil.pdf",
    "NUL": "quote\x00.pdf",
    "direction marks": "quote\u202efdp.exe",
    "four thousand letters": "n" * 4_000 + ".pdf",
    "a header": "quote.pdf\r\nX-Evil: 1",
}
_FILES = "SELECT count(*) FROM documents WHERE name ~ '[/\\\\]|[[:cntrl:]]' OR length(name) > 200"


async def prove_uploads(proof: ProofInstallation) -> Sequence[Promise]:
    """Everything in turn, with somebody else's calls beside it."""
    refused = Promise("A file that means harm is refused, or kept where nobody gets it")
    kept = Promise("No file keeps a name with a path, a control character or no end")
    ended = Promise("A body that never ends, or comes a byte a second, is ended")
    beside = Promise("Others are answered meanwhile, and the api keeps to its memory")
    clean = Promise("No part of a file stays behind")
    await proof.renew_all()
    say(f"{len(_hostile())} files, {len(_NAMES)} names, and bodies without an end")
    before = _temporary(proof)
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(_beside(proof, beside, over))
        await _files(proof, refused)
        await _names(proof, kept)
        await _bodies(proof, ended)
        over.set()
    left = _temporary(proof) - before
    clean.holds(not left, f"left behind: {sorted(left)[:5]}")
    return [refused, kept, ended, beside, clean]


def _hostile() -> Mapping[str, tuple[str, bytes]]:
    """Files by what is wrong with them; those that only their reader can tell are read instead of stored."""
    large = files.PDF + b" " * (MOST_BYTES + 1 - len(files.PDF))
    return HOSTILE_KINDS | {
        "no byte at all": ("quote.pdf", b""),
        "ten megabytes and one byte": ("quote.pdf", large),
        "a virus": ("prices.csv", EICAR),
        "a program that calls itself a picture": ("photo.jpg", b"\x7fELF" + b"\0" * 500),
        "a page that calls itself csv": ("prices.csv", b"<html><script>alert(1)</script>\0"),
        "a picture that is a page": ("photo.png", b"<!DOCTYPE html><script>1</script>"),
    }


async def _files(proof: ProofInstallation, promise: Promise) -> None:
    vendors = cycle([vendor for team in proof.crew.teams for vendor in team.vendors])
    for why, (name, content) in _hostile().items():
        vendor = next(vendors)
        answer = await proof.calls.send_file(vendor.token, "/documents", name, content)
        promise.holds(
            await _is_harmless(proof, vendor.token, answer), f"{why}: {answer.status} {answer.text[:150]}"
        )
    for why, (kind, content, _, _) in HOSTILE_QUOTES.items():
        vendor = next(vendors)
        answer = await proof.calls.send_file(vendor.token, "/documents", f"quote.{kind}", content)
        if answer.status != 201:
            promise.holds(answer.status in (413, 415, 422), f"{why}: {answer.status} {answer.text[:150]}")
            continue
        read = await proof.calls.send(
            vendor.token,
            "POST",
            "/vendors/quote/read",
            {"rfq_id": answer.body["id"], "document_id": answer.body["id"]},
        )
        promise.holds(read.status < 500, f"{why}, read: {read.status} {read.text[:150]}")


async def _is_harmless(proof: ProofInstallation, token: str, answer: ProofAnswer) -> bool:
    """Refused; or taken and given to nobody."""
    if answer.status in (413, 415, 422):
        return True
    if answer.status != 201:
        return False
    got = await proof.calls.send(token, "GET", f"/documents/{answer.body['id']}")
    return got.status >= 400


async def _names(proof: ProofInstallation, promise: Promise) -> None:
    token = proof.crew.teams[0].vendors[1].token
    for why, name in _NAMES.items():
        answer = await proof.calls.send_file(token, "/documents", name, files.PDF)
        promise.holds(answer.status in (201, 415, 422), f"{why}: {answer.status} {answer.text[:150]}")
    promise.holds(await proof.value(_FILES) == 0, "such a name was stored")


# ---- bodies


async def _bodies(proof: ProofInstallation, promise: Promise) -> None:
    """An endless one, a slow one, and one that ends in the middle."""
    token = proof.crew.teams[0].vendors[2].token
    most = SLOW_SECONDS_SHORT if proof.short else SLOW_SECONDS
    endless, slow = await asyncio.gather(
        _sent(proof, token, _endless(), 20), _sent(proof, token, _a_byte_a_second(), most)
    )
    promise.holds(endless.startswith(("413", "closed")), f"endless: {endless}")
    promise.holds(not slow.startswith("still"), f"a byte a second: {slow} after {most:.0f} s")
    cut = await _sent(proof, token, _cut(), 20)
    promise.holds(cut.startswith(("4", "closed")), f"cut in the middle: {cut}")


_HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="quote.pdf"\r\n\r\n%PDF-1.7\n'


async def _endless() -> AsyncIterator[bytes]:
    yield _HEAD
    while True:
        yield b" " * 65_536


async def _a_byte_a_second() -> AsyncIterator[bytes]:
    yield _HEAD
    while True:
        await asyncio.sleep(1)
        yield b" "


async def _cut() -> AsyncIterator[bytes]:
    yield _HEAD
    yield b"\r\n--x"


async def _sent(proof: ProofInstallation, token: str, body: AsyncIterator[bytes], seconds: float) -> str:
    """The status, ``closed``, or ``still open`` when the time is over."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
    try:
        async with asyncio.timeout(seconds):
            url = f"{proof.installed.url('api')}/documents"
            async with proof.web.post(url, data=body, headers=headers) as answer:
                return str(answer.status)
    except TimeoutError:
        return "still open"
    except (aiohttp.ClientError, OSError) as error:
        return f"closed: {type(error).__name__}"


# ---- what goes on beside it


async def _beside(proof: ProofInstallation, promise: Promise, over: asyncio.Event) -> None:
    """Somebody else asks who they are, ten times a second; how much memory the api's processes have."""
    took, most = [], 0
    token, apis = proof.crew.teams[1].requester.token, proof.services.processes_of("api")
    while not over.is_set():
        began = time.monotonic()
        answer = await proof.calls.send(token, "GET", "/me")
        took.append(time.monotonic() - began)
        promise.holds(answer.status == 200, f"{answer.status} {answer.text[:100]}")
        most = max(most, *(_memory(proof.services.pid(name)) for name in apis))
        await asyncio.sleep(BESIDE_SECONDS)
    promise.holds(most < MOST_MEMORY_BYTES, f"the api had {most / MEBIBYTE:.0f} MB")
    took.sort()
    promise.note = f"p95 {took[len(took) * 95 // 100] * 1000:.0f} ms, most memory {most / MEBIBYTE:.0f} MB"


def _memory(root: int) -> int:
    """Bytes that a process and its children have in memory."""
    total = 0
    for pid in tree(root, process_table()):
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    return total


def _temporary(proof: ProofInstallation) -> set[str]:
    """Parts of files: the store writes each under a name that begins with a dot, and then gives it its own."""
    return {str(file) for file in proof.paths.files.rglob(".*")}

"""The relay's second clock: what operators watch, and what is kept outside the database beside the checkpoints.

One rule: it only looks. What it finds wrong stops nothing, and the next look is as good.
"""

import asyncio
import contextlib
import datetime as dt
import ssl
from urllib.parse import urlsplit

import aiohttp
import structlog
from cryptography import x509

from core.db.connection import DATABASE_ERRORS
from core.log.witnesses import FOLDER, Witness, read_latest
from core.monitoring.queries import vitals
from core.monitoring.service import verify_when_due
from workers import relay_metrics
from workers.disabled_people import note_disabled_people
from workers.keys import all_keys
from workers.runtime import Runtime
from workers.settings import RelaySettings

log = structlog.get_logger()

LOOK_SECONDS = 15.0
CERTIFICATE_INTERVAL = dt.timedelta(hours=1)
ANSWER_SECONDS = 5.0


class Observer:
    """Looks every few seconds until it is stopped, and verifies the log beside that."""

    def __init__(self, runtime: Runtime, settings: RelaySettings) -> None:
        self._runtime = runtime
        self._settings = settings
        self._certificate_looked_at: dt.datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            verifying = tasks.create_task(self._keep_verifying())
            while not stop.is_set():
                await self.look()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            verifying.cancel()

    async def _keep_verifying(self) -> None:
        """A large log takes minutes: the figures must not grow old meanwhile, and nobody waits for it at the end."""
        while True:
            await self.verify()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """All but the log once; a database that is away is told by figures that grow old."""
        try:
            async with self._runtime.engine.autocommit() as connection:
                now = self._runtime.clock.now()
                relay_metrics.tell(await vitals(connection, now), now)
                await note_disabled_people(connection, self._settings.checkpoint_folders)
        except DATABASE_ERRORS as error:
            log.warning("observer.database_away", why=type(error).__name__)
        await self._look_at_n8n()
        await self._look_at_certificate()

    async def verify(self) -> None:
        """Verify the whole log when that was last done too long ago."""
        if not self._settings.verify_hours:
            return
        every = dt.timedelta(hours=self._settings.verify_hours)
        try:
            witnesses = await asyncio.to_thread(_newest_checkpoint, self._settings)
            async with self._runtime.engine.begin() as connection:
                found = await verify_when_due(connection, witnesses, self._runtime.clock.now(), every)
        except DATABASE_ERRORS as error:
            log.warning("observer.not_verified", why=type(error).__name__)
            return
        if found is not None and not found.ok:
            log.error("log.broken", position=found.first_bad_position)

    async def _look_at_n8n(self) -> None:
        url = self._settings.n8n_url
        if not url:
            return
        answers = False
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            async with self._runtime.http.get(f"{url}/healthz", timeout=timeout) as answer:
                answers = answer.status == 200
        relay_metrics.N8N_READY.labels(url).set(answers)

    async def _look_at_certificate(self) -> None:
        now, address = self._runtime.clock.now(), urlsplit(self._settings.api_url)
        last = self._certificate_looked_at
        if address.scheme != "https" or (last is not None and now - last < CERTIFICATE_INTERVAL):
            return
        self._certificate_looked_at = now
        host = address.hostname or ""
        try:
            expires = await certificate_expiry(host, address.port or 443)
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("certificate.not_seen", why=type(error).__name__)
            return
        relay_metrics.CERTIFICATE_EXPIRES.labels(host).set(expires.timestamp())


async def certificate_expiry(host: str, port: int) -> dt.datetime:
    """When the certificate expires that a server shows; who signed it is not asked here."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    async with asyncio.timeout(ANSWER_SECONDS):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(shown).not_valid_after_utc


def _newest_checkpoint(settings: RelaySettings) -> tuple[Witness, ...]:
    keys = [key.public_key() for key in all_keys(settings.keys_dir)]
    return (read_latest(settings.checkpoints_dir, FOLDER, keys),)

"""An installation as deploy/compose.yaml describes it, run as processes: several of each, from a wheel.

    async with deployment(folder, wheel, {"api": 3, "worker": 3}) as deployed:
        await deployed.kill(deployed.of("api")[0])

One rule: a process gets the command, the variables and the check of its service, and nothing else. Only what a
container has of its own is put in: a folder for each volume, a port for each instance, and in front of the instances
of a service what stands for its name, as the container network and Caddy do.
"""

import asyncio
import contextlib
import itertools
import os
import signal
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import asyncpg

from stack.services import postgres
from stack.services import redis as embedded_redis
from stack.services.database import wait_until_ready
from stack.supervisor.launcher import die_with_parent
from tests.bots.bot_env import free_port
from tests.deployment.compose_file import FILE, ComposeService, compose_services

READY_SECONDS = 90.0
TRY_SECONDS = 5.0
"""As long as Caddy tries another instance when one does not answer."""
PUBLIC = "https://localhost"
OWN_PORTS = {"PARLEY_METRICS_PORT"}
"""A container has every port to itself."""
FIRST_START = "/docker-entrypoint-initdb.d"
"""Where PostgreSQL's image finds what it runs once the database is made."""
ORDER = ("api", "relay", "worker", "telegram", "slack")


@dataclass
class ServiceName:
    """Passes connections on to the instances of one service, in turn; one that cannot be reached is passed over."""

    port: int
    instances: list[int] = field(default_factory=list)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(TRY_SECONDS):
                behind = await self._connect()
            await asyncio.gather(_pipe(reader, behind[1]), _pipe(behind[0], writer))
        writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            if self.instances:
                port = self.instances[next(self._turn) % len(self.instances)]
                with contextlib.suppress(OSError):
                    return await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0.02)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass
class Instance:
    """One process of a service, and how often it was killed or rolled."""

    service: ComposeService
    number: int
    port: int | None
    environment: Mapping[str, str]
    health: Sequence[str]
    log: Path
    process: Process | None = None
    ended: int = 0

    @property
    def name(self) -> str:
        return f"{self.service.name}-{self.number}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Deployed:
    """The running installation."""

    folder: Path
    programs: Path
    """The folder with ``parley-api`` and its like."""
    given: Mapping[str, str]
    names: dict[str, ServiceName]
    database_port: int
    redis_port: int
    instances: list[Instance] = field(default_factory=list)

    def of(self, service: str) -> list[Instance]:
        return [each for each in self.instances if each.service.name == service]

    def url(self, service: str) -> str:
        """The name of a service, behind which its instances are."""
        return f"http://127.0.0.1:{self.names[service].port}"

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / "secrets" / name).read_text()

    # ---- what a container has

    def inside(self, service: ComposeService, text: str, instance: int) -> str:
        """A path or an address of the container, as it is here."""
        folders = {target: self.folder / source for target, source in service.folders.items()}
        folders["/tmp"] = self.folder / "tmp" / f"{service.name}-{instance}"
        for target, here in folders.items():
            if text == target or text.startswith(f"{target}/"):
                here.mkdir(parents=True, exist_ok=True)
                return str(here) + text[len(target) :]
        for name in self.names:
            text = text.replace(f"http://{name}:{_port_of(name)}", self.url(name))
            text = text.replace(f"{PUBLIC}/{name}/", f"{self.url(name)}/{name}/")
        text = text.replace(PUBLIC, self.url("api")).replace("0.0.0.0", "127.0.0.1")
        text = text.replace("postgres:5432", f"127.0.0.1:{self.database_port}")
        return text.replace("redis:6379", f"127.0.0.1:{self.redis_port}")

    def environment(self, service: ComposeService, instance: int, port: int | None) -> dict[str, str]:
        own = {
            name: str(port)
            if port and value == _port_of(service.name)
            else self.inside(service, value, instance)
            for name, value in service.environment(self.given).items()
        }
        for name in own.keys() & OWN_PORTS:
            own[name] = str(free_port())
        if service.name == "backup":  # its image has PostgreSQL's programs
            own["PARLEY_PG_BIN"] = str(postgres.find_binaries())
        return {"PATH": os.defpath} | own

    def program(self, service: ComposeService) -> list[str]:
        words = [self.inside(service, word, 0) for word in service.command[1:]]
        return [str(self.programs / service.command[0]), *words]

    # ---- processes

    async def run_once(self, name: str) -> str:
        """A service that ends by itself; what it said."""
        service = compose_services()[name]
        return await self.finish(self.program(service), self.environment(service, 0, None), name)

    async def parley(self, *words: str, service: str = "relay") -> str:
        """A command of the administrator, typed in the container of the relay or of another service."""
        environment = self.environment(compose_services()[service], 0, None)
        return await self.finish([str(self.programs / "parley"), *words], environment, f"parley {words[0]}")

    async def finish(self, args: Sequence[str], environment: Mapping[str, str], name: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *args,
            env=environment,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await asyncio.wait_for(process.communicate(), 180))[0].decode()
        assert process.returncode == 0, f"{name}: {said}"
        return said

    def add(self, name: str, count: int) -> None:
        service = compose_services()[name]
        for number in range(1, count + 1):
            port = free_port() if service.ports else None
            environment = self.environment(service, number, port)
            health = [self.inside(service, word, number) for word in service.health[1:]]
            if port:
                health = [word.replace(f":{_port_of(name)}/", f":{port}/") for word in health]
            log = self.folder / f"{name}-{number}.log"
            self.instances.append(Instance(service, number, port, environment, health, log))
            if port:
                self.names[name].instances.append(port)

    async def start(self, instance: Instance) -> None:
        with instance.log.open("ab") as log:
            instance.process = await asyncio.create_subprocess_exec(
                *self.program(instance.service),
                env=instance.environment,
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    async def healthy(self, instance: Instance) -> None:
        """Wait until the check of its service says so."""
        limit = time.monotonic() + READY_SECONDS
        while not await self.is_healthy(instance):
            assert time.monotonic() < limit, f"{instance.name}: {instance.log.read_text()[-2000:]}"
            await asyncio.sleep(0.25)

    async def is_healthy(self, instance: Instance) -> bool:
        process = await asyncio.create_subprocess_exec(
            str(self.programs / instance.health[0]),
            *instance.health[1:],
            env={"PATH": os.defpath},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return await process.wait() == 0

    async def kill(self, instance: Instance) -> None:
        """As when a machine is gone; ``restart: unless-stopped`` brings it back."""
        await self._end(instance, signal.SIGKILL)
        await self.start(instance)

    async def roll(self, instance: Instance) -> None:
        """As in an upgrade: it may finish what it does, within the time that the file gives it."""
        begun = time.monotonic()
        await self._end(instance, signal.SIGTERM)
        assert time.monotonic() - begun < instance.service.stop_seconds
        await self.start(instance)

    async def _end(self, instance: Instance, number: signal.Signals) -> None:
        assert instance.process is not None
        assert instance.process.returncode is None, f"{instance.name}: {instance.log.read_text()[-2000:]}"
        instance.process.send_signal(number)
        await instance.process.wait()
        instance.ended += 1


def _port_of(name: str) -> str:
    return compose_services()[name].ports[0]


@contextlib.asynccontextmanager
async def deployment(
    folder: Path,
    programs: Path,
    counts: Mapping[str, int],
    given: Mapping[str, str],
    *,
    ports: Mapping[str, int] = MappingProxyType({}),
) -> AsyncIterator[Deployed]:
    """So many of each service, ready; ``given`` is what somebody who deploys sets in the environment.

    ``ports`` are those of services' names that others have to know before.
    """
    names = {
        name: ServiceName(ports.get(name) or free_port()) for name in counts if compose_services()[name].ports
    }
    deployed = Deployed(folder, programs, given, names, free_port(), free_port())
    async with contextlib.AsyncExitStack() as stack:
        for entrance in names.values():
            server = await asyncio.start_server(entrance.take, "127.0.0.1", entrance.port)
            stack.callback(server.close)
        (folder / "secrets").mkdir(parents=True)
        await deployed.run_once("init")
        await _start_servers(deployed, stack)
        await deployed.run_once("migrate")
        stack.push_async_callback(_stop, deployed)
        for name in ORDER:
            deployed.add(name, counts.get(name, 0))
        for instance in deployed.instances:
            await deployed.start(instance)
        for instance in deployed.instances:
            await deployed.healthy(instance)
        yield deployed


async def _stop(deployed: Deployed) -> None:
    running = [
        each.process for each in deployed.instances if each.process and each.process.returncode is None
    ]
    for process in running:
        process.send_signal(signal.SIGKILL)
    for process in running:
        await process.wait()


async def _start_servers(deployed: Deployed, stack: contextlib.AsyncExitStack) -> None:
    """PostgreSQL with the flags of the file, and Redis with its words: both with the passwords that ``init`` made."""
    server = postgres.embedded_postgres(deployed.folder / "postgres")
    password = deployed.secret("POSTGRES_PASSWORD")
    await asyncio.to_thread(postgres.make_cluster, server, password, sync=False)
    flags = compose_services()["postgres"].command[1:]
    settings = dict(flag.split("=", 1) for flag in flags if flag != "-c")
    command = server.command(deployed.database_port, postgres.TEST_SETTINGS | settings)
    await _serve(deployed, stack, "postgres", command, signal.SIGINT, **server.run_as.options)
    service = compose_services()["redis"]
    (deployed.folder / "redis-data").mkdir()
    words = [deployed.inside(service, word, 0) for word in service.command[1:]]
    own = ["--port", str(deployed.redis_port), "--dir", str(deployed.folder / "redis-data")]
    program = str(embedded_redis.find_program())
    await _serve(deployed, stack, "redis", [program, *words, *own], signal.SIGTERM)
    admin = f"postgresql://{postgres.SUPERUSER}:{password}@127.0.0.1:{deployed.database_port}/postgres"
    await wait_until_ready(admin, 60)
    await _make_owner(admin, password)
    await _run_first_start(deployed, server, password)
    await embedded_redis.wait_until_ready(deployed.secret("REDIS_URL"), 60)


async def _make_owner(admin: str, password: str) -> None:
    """What the image's own start makes of POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB."""
    made = compose_services()["postgres"].variables
    connection = await asyncpg.connect(admin)
    await connection.execute(f"CREATE ROLE {made['POSTGRES_USER']} SUPERUSER LOGIN PASSWORD '{password}'")
    await connection.execute(f"CREATE DATABASE {made['POSTGRES_DB']} OWNER {made['POSTGRES_USER']}")
    await connection.close()


async def _run_first_start(deployed: Deployed, server: postgres.EmbeddedPostgres, password: str) -> None:
    """What the image runs next, which the file mounts."""
    service = compose_services()["postgres"]
    [script] = [source for target, source in service.folders.items() if target.startswith(FIRST_START)]
    here = deployed.folder / "first-start.sh"
    text = (FILE.parent / script).read_text(encoding="utf-8")
    here.write_text(text.replace("/run/secrets", deployed.inside(service, "/run/secrets", 0)))
    connection = {"PGHOST": "127.0.0.1", "PGPORT": str(deployed.database_port), "PGPASSWORD": password}
    environment = {**service.variables, **connection, "PGDATA": str(server.data)}
    path = f"{server.binaries}{os.pathsep}{os.defpath}"
    await deployed.finish(["/bin/sh", "-e", str(here)], environment | {"PATH": path}, "first start")
    await deployed.finish(
        ["psql", "-U", "parley_owner", "-d", "parley", "-c", "SELECT pg_reload_conf()"],
        environment | {"PATH": path},
        "reload",
    )


async def _serve(
    deployed: Deployed,
    stack: contextlib.AsyncExitStack,
    name: str,
    command: Sequence[str],
    stop: signal.Signals,
    **options: object,
) -> None:
    with (deployed.folder / f"{name}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(stop),
            **options,  # type: ignore[arg-type]
        )

    async def end() -> None:
        process.send_signal(stop)
        await process.wait()

    stack.push_async_callback(end)

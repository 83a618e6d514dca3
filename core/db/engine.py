"""Database engines: one per process, with limits that keep one stuck client from stopping the others."""

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def driver_url(url: str) -> str:
    """A plain postgresql:// address with the driver's name added."""
    scheme, separator, rest = url.partition("://")
    if not separator or not scheme.startswith("postgres"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/parley")
    return f"postgresql+asyncpg://{rest}"


def make_engine(url: str, *, size: int = 8, name: str = "parley") -> AsyncEngine:
    """An engine whose sessions limit locks to 2 s, statements to 10 s and idle transactions to 15 s."""
    return create_async_engine(
        driver_url(url),
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={
            "server_settings": {
                "application_name": name,
                "lock_timeout": "2000",
                "statement_timeout": "10000",
                "idle_in_transaction_session_timeout": "15000",
                "timezone": "UTC",
                "jit": "off",
            },
            "command_timeout": 20,
        },
    )

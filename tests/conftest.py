"""What every test may ask for: a real PostgreSQL and a real Redis of its own."""

pytest_plugins = ["tests.support.postgres", "tests.support.redis", "tests.support.api"]

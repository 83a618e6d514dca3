"""Every slice's tables in one MetaData, for migrations and for the test that models match the head."""

import core.db.idempotency
import core.identity.tables
import core.log.tables
import core.rates.tables
import core.vendors.tables
from core.db.base import metadata

__all__ = ["metadata"]

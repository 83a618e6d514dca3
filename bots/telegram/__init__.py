"""The Telegram bot. Every module of this package finds aiogram already imported.

One rule: whoever needs aiogram is in this package.
"""

from bots.telegram.deferred_models import import_aiogram

import_aiogram()

"""How many examples a property is tried on: a quarter by ``./parley test``, all of them by ``.ci/run``.

@given(text=texts)
@examples(600)
def test_no_text_raises(text: str) -> None: ...
"""

from typing import Any

from hypothesis import settings

THOROUGH = "thorough"
"""The profile (``HYPOTHESIS_PROFILE``) that tries all."""


def examples(count: int, **options: Any) -> settings:
    """Hypothesis' settings for so many examples, or a part of them, without a limit of time for one."""
    thorough = settings.get_current_profile_name() in (THOROUGH, "search")
    tried = count if thorough else max(count // 4, min(count, 20))
    return settings(max_examples=tried, deadline=None, **options)

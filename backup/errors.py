"""What goes wrong with a backup, in one sentence that says what to do."""


class BackupError(Exception):
    """Shown to the administrator as it is."""

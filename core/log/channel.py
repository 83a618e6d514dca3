"""The PostgreSQL channel on which the apis notify the relay of new events."""

NOTIFY_CHANNEL = "parley_log"

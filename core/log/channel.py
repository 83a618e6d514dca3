"""The PostgreSQL channel on which the apis tell the relay that the log has grown."""

NOTIFY_CHANNEL = "parley_log"

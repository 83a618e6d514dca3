"""A strict stand-in for the Slack platform."""

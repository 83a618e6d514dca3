"""OpenID Connect as the chat platforms offer it."""

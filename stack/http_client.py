"""HTTP calls to the services on this machine.

One rule: they never go through the user's proxy.
"""

import json
import urllib.request


def status_of(url: str, seconds: float = 3, method: str = "GET") -> int | None:
    """The status of a call, or None when nobody answers."""
    try:
        with _open(urllib.request.Request(url, method=method), seconds) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return None


def fetch(url: str, body: object | None = None, *, token: str = "", seconds: float = 5) -> object:
    """The JSON answer of an address to a GET, or to a POST of this JSON; OSError when there is none."""
    data = None if body is None else json.dumps(body).encode()
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | authorization)
    with _open(request, seconds) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def _open(request: urllib.request.Request, seconds: float):  # type: ignore[no-untyped-def]
    """Call an address without a proxy: our own services are never behind the user's."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=seconds)

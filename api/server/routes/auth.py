"""Authentication, and the caller's own account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as wire
from api.present import people as present
from api.server.deps.actor import TokensDep, correlation_of, trace_of
from api.server.deps.call import Call, CallDep, Services, services_of
from api.server.rate_limits import LOGIN, host_of
from api.server.routes.serve import serve
from api.server.settings import ApiSettings
from core.access.actor import Actor
from core.access.roles import Role
from core.accounts import sessions
from core.accounts.commands import ExchangeChat, Login, RefreshSession
from core.accounts.errors import SessionEnded
from core.kernel.errors import Unauthenticated
from core.people import queries
from core.web_sessions import queries as session_queries
from core.web_sessions import service as web_sessions
from core.web_sessions.commands import AnswerMatch, MakeTicket

router = APIRouter()


async def anonymous_call(request: Request, services: Annotated[Services, Depends(services_of)]) -> Call:
    """A caller who is not authenticated yet."""
    actor = Actor.anonymous().with_call(
        Actor.anonymous().channel, None, correlation_of(request), trace_of(request)
    )
    return Call(actor, services, request, None, b"")


AnonymousDep = Annotated[Call, Depends(anonymous_call)]


def settings_of(request: Request) -> ApiSettings:
    settings: ApiSettings = request.app.state.settings
    return settings


SettingsDep = Annotated[ApiSettings, Depends(settings_of)]


@serve(router, e.login, tag="auth", public=True)
async def login(call: AnonymousDep, body: wire.LoginIn, tokens: TokensDep) -> Response:
    """Log in with e-mail and password."""
    host = host_of(call.request.client)
    await call.services.shared_limits.check_login(host, body.email)
    answer = await call.run(
        sessions.login, Login(body.email, body.password), present.session(tokens, proved=True)
    )
    await call.services.shared_limits.logged_in(host, body.email)
    return answer


@serve(router, e.refresh, tag="auth", public=True)
async def refresh(call: AnonymousDep, body: wire.RefreshIn, tokens: TokensDep) -> Response:
    """Exchange a refresh token for the next pair; a second use ends the whole family."""
    answer = await call.run(sessions.refresh, RefreshSession(body.refresh_token), present.session(tokens))
    return _or_ended(answer)


def _or_ended(answer: Response) -> Response:
    """An ended family is committed first and refused afterwards."""
    if answer.status_code == 204:
        raise SessionEnded()
    return answer


@serve(router, e.logout, tag="auth", public=True)
async def logout(call: AnonymousDep, body: wire.RefreshIn) -> Response:
    """End the session of this refresh token."""
    return await call.run(sessions.logout, RefreshSession(body.refresh_token), lambda _: None)


@serve(router, e.service_token, tag="auth", public=True)
async def service(body: wire.ServiceIn, settings: SettingsDep, tokens: TokensDep) -> wire.ServiceTokenOut:
    """A bot's own token: for exchange, links, drafts and messages, and nothing else."""
    if not settings.is_bot_key(body.key):
        raise Unauthenticated()
    return wire.ServiceTokenOut(access_token=tokens.for_service(Role.service_bot), expires_in=tokens.seconds)


@serve(router, e.chat_token, tag="auth")
async def chat(call: CallDep, body: wire.ChatIn, tokens: TokensDep) -> Response:
    """A short-lived token of the person a linked chat belongs to."""
    command = ExchangeChat(body.platform, body.external_id)
    show = present.chat_session(tokens, body.platform)
    return await call.without_key().run(sessions.exchange_chat, command, show)


@serve(router, e.web_ticket, tag="auth")
async def web_ticket(call: CallDep, body: wire.WebTicketIn, settings: SettingsDep) -> Response:
    """A link that lets the caller into the browser, once, within two minutes; opening it changes nothing yet."""
    call.limit("web-ticket", LOGIN)
    make, shown = web_sessions.make_ticket, present.web_ticket(settings.public_url)
    return await call.without_key().run(make, MakeTicket(body.path), shown, 201)


@serve(router, e.my_web_login, tag="auth")
async def web_login(call: CallDep, query: Annotated[wire.WebLoginQuery, Query()]) -> Response:
    """What a browser that says it is the caller's asks right now; the number it shows is not told here."""
    return await call.read(session_queries.my_waiting_match, query.number, present.web_login_question)


@serve(router, e.answer_web_login, tag="auth")
async def answer_web_login(call: CallDep, id: UUID, body: wire.WebLoginAnswerIn) -> Response:
    """Say which number the browser shows, once; the right one lets it in, anything else keeps it out.

    The answer is itself a proof, so that no older token and no browser may give it: a chat's press may.
    """
    command = AnswerMatch(id, body.number)
    return await call.proved().run(web_sessions.answer_match, command, present.web_login_answered)


@serve(router, e.me, tag="people")
async def me(call: CallDep) -> Response:
    """Oneself: name, roles, rights, cost centres."""
    return await call.read_for_caller(queries.me, present.me)

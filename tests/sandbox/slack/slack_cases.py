"""The table: calls about messages, people, conversations, views, files and reactions, and all the others."""

from typing import Any

from tests.sandbox.slack.slack_block_cases import BLOCK_CASES
from tests.sandbox.slack.slack_case import (
    accepted,
    block_message,
    home,
    input_block,
    modal,
    open_view,
    plain,
    refused,
    section,
)

POST, UPDATE, HIDDEN = "chat.postMessage", "chat.update", "chat.postEphemeral"


def text_message(text: Any = "x", channel: str = "$im", **more: Any) -> dict[str, Any]:
    return {"channel": channel, "text": text, **more}


TOKENS = [
    accepted("who am I", "auth.test", {}, {"bot_id": "$bot_id", "user_id": "$bot", "team_id": "$team"}),
    refused("no token", "auth.test", {"$token": ""}, "not_authed"),
    refused("a token that is none", "auth.test", {"$token": "xoxb-none"}, "invalid_auth"),
    refused("a method that is none", "chat.shout", {}, "unknown_method"),
    accepted("the workspace", "team.info", {}, {"team": {"id": "$team"}}),
    refused("another workspace", "team.info", {"team": "T0ELSEWHERE"}, "team_not_found", source="memory"),
]
MESSAGES = [
    accepted("to a person", POST, text_message(channel="$rosa"), {"channel": "$im"}),
    accepted("in a channel", POST, text_message(channel="$room"), {"channel": "$room"}),
    accepted("in a thread", POST, text_message(thread_ts="$mine"), {"message": {"thread_ts": "$mine"}}),
    refused("to nobody", POST, text_message(channel="U0NOBODY"), "channel_not_found"),
    refused("in no channel", POST, text_message(channel="C0NONE"), "channel_not_found"),
    refused(
        "in a channel where it is not", POST, text_message(channel="$elsewhere"), "not_in_channel", live=False
    ),
    refused(
        "in a private one where it is not",
        POST,
        text_message(channel="$hidden"),
        "channel_not_found",
        live=False,
    ),
    refused("in an archived one", POST, text_message(channel="$archived"), "is_archived", live=False),
    refused("nothing", POST, {"channel": "$im"}, "no_text"),
    refused("an empty text", POST, text_message(""), "no_text"),
    refused("blocks that are no JSON", POST, text_message(blocks="[{"), "invalid_blocks_format"),
    refused(
        "blocks that are no list", POST, text_message(blocks='{"type": "divider"}'), "invalid_blocks_format"
    ),
    accepted(
        "a text that is cut",
        POST,
        text_message("x" * 40_001),
        {"message": {"text": "x" * 40_000}},
        live=False,
    ),
    accepted("blocks without a text", POST, {"channel": "$im", "blocks": [section()]}),
    accepted("to a deactivated person", POST, text_message(channel="$gone"), live=False, source="seen"),
    accepted("other words", UPDATE, text_message("y", ts="$mine"), {"ts": "$mine", "text": "y"}),
    accepted("the same words", UPDATE, text_message("Hello", ts="$mine")),
    accepted(
        "other blocks",
        UPDATE,
        block_message(section("z"), ts="$mine"),
        {"message": {"blocks": [{"type": "section"}]}},
    ),
    refused("words of another", UPDATE, text_message("y", ts="$theirs"), "cant_update_message"),
    refused("no such message", UPDATE, text_message("y", ts="1.000001"), "message_not_found"),
    refused("what only one sees", UPDATE, text_message("y", ts="$private"), "message_not_found"),
    refused("too many words", UPDATE, text_message("x" * 4001, ts="$mine"), "msg_too_long"),
    refused("no words", UPDATE, {"channel": "$im", "ts": "$mine"}, "no_text"),
    refused("bad blocks", UPDATE, block_message({"type": "sections"}, ts="$mine"), "invalid_blocks"),
    accepted("gone", "chat.delete", {"channel": "$im", "ts": "$mine"}, {"ts": "$mine"}),
    refused("another's", "chat.delete", {"channel": "$im", "ts": "$theirs"}, "cant_delete_message"),
    refused("none", "chat.delete", {"channel": "$im", "ts": "1.000001"}, "message_not_found"),
    accepted("for one person", HIDDEN, text_message(channel="$room", user="$rosa")),
    refused(
        "for one who is not there", HIDDEN, text_message(channel="$room", user="$mara"), "user_not_in_channel"
    ),
    refused("for nobody", HIDDEN, text_message(channel="$room", user="U0NOBODY"), "user_not_in_channel"),
    refused("nothing for one", HIDDEN, {"channel": "$room", "user": "$rosa"}, "no_text"),
    refused("too much for one", HIDDEN, text_message("x" * 40_001, user="$rosa"), "msg_too_long"),
    accepted(
        "where it is", "chat.getPermalink", {"channel": "$im", "message_ts": "$mine"}, {"channel": "$im"}
    ),
    refused(
        "where nothing is", "chat.getPermalink", {"channel": "$im", "message_ts": "1.1"}, "message_not_found"
    ),
    accepted("later", "chat.scheduleMessage", text_message(post_at="$in_an_hour"), {"channel": "$im"}),
    refused("in the past", "chat.scheduleMessage", text_message(post_at=1), "time_in_past"),
    refused("in a year", "chat.scheduleMessage", text_message(post_at="$in_a_year"), "time_too_far"),
    accepted("eyes", "reactions.add", {"channel": "$im", "timestamp": "$theirs", "name": "eyes"}),
    refused(
        "no message",
        "reactions.add",
        {"channel": "$im", "timestamp": "1.000001", "name": "eyes"},
        "message_not_found",
    ),
    refused(
        "no time", "reactions.add", {"channel": "$im", "timestamp": "x", "name": "eyes"}, "bad_timestamp"
    ),
    refused("on nothing", "reactions.add", {"name": "eyes"}, "no_item_specified"),
    refused(
        "none to take back",
        "reactions.remove",
        {"channel": "$im", "timestamp": "$theirs", "name": "eyes"},
        "no_reaction",
    ),
]
PEOPLE = [
    accepted("a person", "users.info", {"user": "$rosa"}, {"user": {"id": "$rosa", "is_bot": False}}),
    accepted(
        "with a locale",
        "users.info",
        {"user": "$rosa", "include_locale": True},
        {"user": {"locale": "en-US"}},
    ),
    accepted("the bot itself", "users.info", {"user": "$bot"}, {"user": {"is_bot": True}}),
    refused("nobody", "users.info", {"user": "U0NOBODY"}, "user_not_found"),
    accepted("everybody", "users.list", {}, {"members": ...}),
    refused("a page of nothing", "users.list", {"limit": 5000}, "invalid_limit", source="memory", live=False),
    refused("no such page", "users.list", {"cursor": "x"}, "invalid_cursor"),
    accepted("by e-mail", "users.lookupByEmail", {"email": "$email"}, {"user": {"id": "$rosa"}}),
    refused("by no e-mail", "users.lookupByEmail", {"email": "nobody@nowhere.example"}, "users_not_found"),
    accepted("direct messages", "conversations.open", {"users": "$rosa"}, {"channel": {"id": "$im"}}),
    refused("with nobody", "conversations.open", {}, "users_list_not_supplied"),
    refused("with somebody unknown", "conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    refused("with somebody gone", "conversations.open", {"users": "$gone"}, "user_disabled", live=False),
    accepted(
        "what it is", "conversations.info", {"channel": "$im"}, {"channel": {"is_im": True, "user": "$rosa"}}
    ),
    refused("what is not", "conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
    accepted("who is there", "conversations.members", {"channel": "$im"}, {"members": ...}),
    accepted("which there are", "conversations.list", {"types": "im"}, {"channels": ...}),
    refused("which kind", "conversations.list", {"types": "rooms"}, "invalid_types"),
    accepted("what was said", "conversations.history", {"channel": "$im"}, {"messages": ...}),
    refused(
        "said where it is not",
        "conversations.history",
        {"channel": "$elsewhere"},
        "not_in_channel",
        live=False,
    ),
    accepted("a thread", "conversations.replies", {"channel": "$im", "ts": "$mine"}, {"messages": ...}),
    refused("no thread", "conversations.replies", {"channel": "$im", "ts": "1.000001"}, "thread_not_found"),
]
VIEWS = [
    accepted(
        "a modal",
        "views.open",
        open_view(modal()),
        {"view": {"type": "modal", "previous_view_id": None}},
        live=False,
    ),
    accepted(
        "a modal that asks",
        "views.open",
        open_view(modal(input_block())),
        {"view": {"app_id": "$app"}},
        live=False,
    ),
    refused("no trigger", "views.open", open_view(modal(), "1.2.3"), "invalid_trigger_id"),
    refused("a used trigger", "views.open", open_view(modal(), "$used"), "exchanged_trigger_id", live=False),
    refused("a late trigger", "views.open", open_view(modal(), "$late"), "expired_trigger_id", live=False),
    refused("no view", "views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
    accepted("one more", "views.push", open_view(modal()), {"view": {"root_view_id": "$modal"}}, live=False),
    accepted(
        "other contents",
        "views.update",
        {"view_id": "$modal", "view": modal(title=plain("Sure?"))},
        live=False,
    ),
    accepted(
        "unchanged meanwhile",
        "views.update",
        {"view_id": "$modal", "hash": "$hash", "view": modal()},
        live=False,
    ),
    refused(
        "changed meanwhile",
        "views.update",
        {"view_id": "$modal", "hash": "1.abc", "view": modal()},
        "hash_conflict",
        live=False,
    ),
    refused("closed meanwhile", "views.update", {"view_id": "V0NONE", "view": modal()}, "not_found"),
    accepted("a home tab", "views.publish", {"user_id": "$rosa", "view": home()}, {"view": {"type": "home"}}),
    refused(
        "a home tab of nobody",
        "views.publish",
        {"user_id": "U0NOBODY", "view": home()},
        "user_not_found",
        source="memory",
    ),
]
FILES = [
    accepted(
        "where to send it", "files.getUploadURLExternal", {"filename": "a.pdf", "length": 5}, {"file_id": ...}
    ),
    refused(
        "nothing to send",
        "files.getUploadURLExternal",
        {"filename": "a.pdf", "length": 0},
        "missing_argument",
    ),
    accepted(
        "sent",
        "files.completeUploadExternal",
        {"files": [{"id": "$uploaded"}], "channel_id": "$im"},
        {"files": ...},
    ),
    refused(
        "not sent",
        "files.completeUploadExternal",
        {"files": [{"id": "$waiting"}]},
        "file_not_found",
        live=False,
    ),
    refused(
        "never heard of", "files.completeUploadExternal", {"files": [{"id": "F0NONE"}]}, "file_not_found"
    ),
    accepted("what it is", "files.info", {"file": "$file"}, {"file": {"name": "quote.pdf", "size": 8}}),
    refused("what is not", "files.info", {"file": "F0NONE"}, "file_not_found"),
]
CASES = [*TOKENS, *MESSAGES, *PEOPLE, *VIEWS, *FILES, *BLOCK_CASES]

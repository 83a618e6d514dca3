"""The table: calls about messages, people, conversations, views, files and reactions, and all the others."""

from typing import Any

from tests.sandbox.slack.calls_of_blocks import OF_BLOCKS
from tests.sandbox.slack.row import asks, home, modal, no, ok, opens, plain, post, section

POST, UPDATE, HIDDEN = "chat.postMessage", "chat.update", "chat.postEphemeral"


def say(text: Any = "x", channel: str = "$im", **more: Any) -> dict[str, Any]:
    return {"channel": channel, "text": text, **more}


TOKENS = [
    ok("who am I", "auth.test", {}, {"bot_id": "$bot_id", "user_id": "$bot", "team_id": "$team"}),
    no("no token", "auth.test", {"$token": ""}, "not_authed"),
    no("a token that is none", "auth.test", {"$token": "xoxb-none"}, "invalid_auth"),
    no("a method that is none", "chat.shout", {}, "unknown_method"),
    ok("the workspace", "team.info", {}, {"team": {"id": "$team"}}),
    no("another workspace", "team.info", {"team": "T0ELSEWHERE"}, "team_not_found", source="memory"),
]
MESSAGES = [
    ok("to a person", POST, say(channel="$rosa"), {"channel": "$im"}),
    ok("in a channel", POST, say(channel="$room"), {"channel": "$room"}),
    ok("in a thread", POST, say(thread_ts="$mine"), {"message": {"thread_ts": "$mine"}}),
    no("to nobody", POST, say(channel="U0NOBODY"), "channel_not_found"),
    no("in no channel", POST, say(channel="C0NONE"), "channel_not_found"),
    no("in a channel where it is not", POST, say(channel="$elsewhere"), "not_in_channel", live=False),
    no("in a private one where it is not", POST, say(channel="$hidden"), "channel_not_found", live=False),
    no("in an archived one", POST, say(channel="$archived"), "is_archived", live=False),
    no("nothing", POST, {"channel": "$im"}, "no_text"),
    no("an empty text", POST, say(""), "no_text"),
    no("blocks that are no JSON", POST, say(blocks="[{"), "invalid_blocks_format"),
    no("blocks that are no list", POST, say(blocks='{"type": "divider"}'), "invalid_blocks_format"),
    ok("a text that is cut", POST, say("x" * 40_001), {"message": {"text": "x" * 40_000}}, live=False),
    ok("blocks without a text", POST, {"channel": "$im", "blocks": [section()]}),
    ok("to a deactivated person", POST, say(channel="$gone"), live=False, source="seen"),
    ok("other words", UPDATE, say("y", ts="$mine"), {"ts": "$mine", "text": "y"}),
    ok("the same words", UPDATE, say("Hello", ts="$mine")),
    ok(
        "other blocks", UPDATE, post(section("z"), ts="$mine"), {"message": {"blocks": [{"type": "section"}]}}
    ),
    no("words of another", UPDATE, say("y", ts="$theirs"), "cant_update_message"),
    no("no such message", UPDATE, say("y", ts="1.000001"), "message_not_found"),
    no("what only one sees", UPDATE, say("y", ts="$private"), "message_not_found"),
    no("too many words", UPDATE, say("x" * 4001, ts="$mine"), "msg_too_long"),
    no("no words", UPDATE, {"channel": "$im", "ts": "$mine"}, "no_text"),
    no("bad blocks", UPDATE, post({"type": "sections"}, ts="$mine"), "invalid_blocks"),
    ok("gone", "chat.delete", {"channel": "$im", "ts": "$mine"}, {"ts": "$mine"}),
    no("another's", "chat.delete", {"channel": "$im", "ts": "$theirs"}, "cant_delete_message"),
    no("none", "chat.delete", {"channel": "$im", "ts": "1.000001"}, "message_not_found"),
    ok("for one person", HIDDEN, say(channel="$room", user="$rosa")),
    no("for one who is not there", HIDDEN, say(channel="$room", user="$mara"), "user_not_in_channel"),
    no("for nobody", HIDDEN, say(channel="$room", user="U0NOBODY"), "user_not_in_channel"),
    no("nothing for one", HIDDEN, {"channel": "$room", "user": "$rosa"}, "no_text"),
    no("too much for one", HIDDEN, say("x" * 40_001, user="$rosa"), "msg_too_long"),
    ok("where it is", "chat.getPermalink", {"channel": "$im", "message_ts": "$mine"}, {"channel": "$im"}),
    no("where nothing is", "chat.getPermalink", {"channel": "$im", "message_ts": "1.1"}, "message_not_found"),
    ok("later", "chat.scheduleMessage", say(post_at="$in_an_hour"), {"channel": "$im"}),
    no("in the past", "chat.scheduleMessage", say(post_at=1), "time_in_past"),
    no("in a year", "chat.scheduleMessage", say(post_at="$in_a_year"), "time_too_far"),
    ok("eyes", "reactions.add", {"channel": "$im", "timestamp": "$theirs", "name": "eyes"}),
    no(
        "no message",
        "reactions.add",
        {"channel": "$im", "timestamp": "1.000001", "name": "eyes"},
        "message_not_found",
    ),
    no("no time", "reactions.add", {"channel": "$im", "timestamp": "x", "name": "eyes"}, "bad_timestamp"),
    no("on nothing", "reactions.add", {"name": "eyes"}, "no_item_specified"),
    no(
        "none to take back",
        "reactions.remove",
        {"channel": "$im", "timestamp": "$theirs", "name": "eyes"},
        "no_reaction",
    ),
]
PEOPLE = [
    ok("a person", "users.info", {"user": "$rosa"}, {"user": {"id": "$rosa", "is_bot": False}}),
    ok(
        "with a locale",
        "users.info",
        {"user": "$rosa", "include_locale": True},
        {"user": {"locale": "en-US"}},
    ),
    ok("the bot itself", "users.info", {"user": "$bot"}, {"user": {"is_bot": True}}),
    no("nobody", "users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ok("everybody", "users.list", {}, {"members": ...}),
    no("a page of nothing", "users.list", {"limit": 5000}, "invalid_limit", source="memory", live=False),
    no("no such page", "users.list", {"cursor": "x"}, "invalid_cursor"),
    ok("by e-mail", "users.lookupByEmail", {"email": "$email"}, {"user": {"id": "$rosa"}}),
    no("by no e-mail", "users.lookupByEmail", {"email": "nobody@nowhere.example"}, "users_not_found"),
    ok("direct messages", "conversations.open", {"users": "$rosa"}, {"channel": {"id": "$im"}}),
    no("with nobody", "conversations.open", {}, "users_list_not_supplied"),
    no("with somebody unknown", "conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    no("with somebody gone", "conversations.open", {"users": "$gone"}, "user_disabled", live=False),
    ok("what it is", "conversations.info", {"channel": "$im"}, {"channel": {"is_im": True, "user": "$rosa"}}),
    no("what is not", "conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
    ok("who is there", "conversations.members", {"channel": "$im"}, {"members": ...}),
    ok("which there are", "conversations.list", {"types": "im"}, {"channels": ...}),
    no("which kind", "conversations.list", {"types": "rooms"}, "invalid_types"),
    ok("what was said", "conversations.history", {"channel": "$im"}, {"messages": ...}),
    no(
        "said where it is not",
        "conversations.history",
        {"channel": "$elsewhere"},
        "not_in_channel",
        live=False,
    ),
    ok("a thread", "conversations.replies", {"channel": "$im", "ts": "$mine"}, {"messages": ...}),
    no("no thread", "conversations.replies", {"channel": "$im", "ts": "1.000001"}, "thread_not_found"),
]
VIEWS = [
    ok(
        "a modal",
        "views.open",
        opens(modal()),
        {"view": {"type": "modal", "previous_view_id": None}},
        live=False,
    ),
    ok("a modal that asks", "views.open", opens(modal(asks())), {"view": {"app_id": "$app"}}, live=False),
    no("no trigger", "views.open", opens(modal(), "1.2.3"), "invalid_trigger_id"),
    no("a used trigger", "views.open", opens(modal(), "$used"), "exchanged_trigger_id", live=False),
    no("a late trigger", "views.open", opens(modal(), "$late"), "expired_trigger_id", live=False),
    no("no view", "views.open", {"trigger_id": "1.2.3"}, "invalid_arguments"),
    ok("one more", "views.push", opens(modal()), {"view": {"root_view_id": "$modal"}}, live=False),
    ok(
        "other contents",
        "views.update",
        {"view_id": "$modal", "view": modal(title=plain("Sure?"))},
        live=False,
    ),
    ok(
        "unchanged meanwhile",
        "views.update",
        {"view_id": "$modal", "hash": "$hash", "view": modal()},
        live=False,
    ),
    no(
        "changed meanwhile",
        "views.update",
        {"view_id": "$modal", "hash": "1.abc", "view": modal()},
        "hash_conflict",
        live=False,
    ),
    no("closed meanwhile", "views.update", {"view_id": "V0NONE", "view": modal()}, "not_found"),
    ok("a home tab", "views.publish", {"user_id": "$rosa", "view": home()}, {"view": {"type": "home"}}),
    no(
        "a home tab of nobody",
        "views.publish",
        {"user_id": "U0NOBODY", "view": home()},
        "user_not_found",
        source="memory",
    ),
]
FILES = [
    ok(
        "where to send it", "files.getUploadURLExternal", {"filename": "a.pdf", "length": 5}, {"file_id": ...}
    ),
    no(
        "nothing to send",
        "files.getUploadURLExternal",
        {"filename": "a.pdf", "length": 0},
        "missing_argument",
    ),
    ok(
        "sent",
        "files.completeUploadExternal",
        {"files": [{"id": "$uploaded"}], "channel_id": "$im"},
        {"files": ...},
    ),
    no(
        "not sent",
        "files.completeUploadExternal",
        {"files": [{"id": "$waiting"}]},
        "file_not_found",
        live=False,
    ),
    no("never heard of", "files.completeUploadExternal", {"files": [{"id": "F0NONE"}]}, "file_not_found"),
    ok("what it is", "files.info", {"file": "$file"}, {"file": {"name": "quote.pdf", "size": 8}}),
    no("what is not", "files.info", {"file": "F0NONE"}, "file_not_found"),
]
CALLS = [*TOKENS, *MESSAGES, *PEOPLE, *VIEWS, *FILES, *OF_BLOCKS]

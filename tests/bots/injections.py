"""Sixty things that somebody may call an item, a vendor or a note; both renderers must leave them inert."""

RIGHT_TO_LEFT, ISOLATE, POP = "\u202e", "\u2067", "\u2069"

INJECTIONS = (
    # calling people and groups
    "<!channel>", "<!here>", "<!everyone>", "<@U1001>", "<@W1001|boss>", "<#C1001|general>",
    "<!subteam^S1001|@buyers>", "<!date^1392734382^{date_num}|later>", "@channel", "@everyone",
    # links in Slack's mark-up
    "<https://evil.example|Approve>", "<https://evil.example>", "<mailto:a@evil.example|Write>",
    "<javascript:alert(1)|x>", "<tel:+49123|call>", "https://evil.example/?a=1&b=2",
    # HTML
    "<b>bold</b>", "<script>alert(1)</script>", "<a href=\"https://evil.example\">Approve</a>",
    "<a href='tg://user?id=1001'>boss</a>", "<img src=x onerror=alert(1)>", "</b></pre>", "<tg-spoiler>x</tg-spoiler>",
    "<blockquote expandable>", "&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&#60;!channel&#62;", "<<!channel>>",
    "<b", "a < b > c & d", "<!-- -->", "<![CDATA[x]]>",
    # Markdown
    "*bold*", "_italic_", "~gone~", "`code`", "```\nblock\n```", "> quoted", "[Approve](https://evil.example)",
    "![x](https://evil.example/x.png)", "# heading", "| a | b |", ":tada: :x:", "\\*not bold\\*",
    # reading direction and unseen signs
    f"{RIGHT_TO_LEFT}gnp.ecivni", f"PO-1{ISOLATE}00.9{POP}", "\u200e1\u200f2", "\u202aleft\u202c", "zero\u200bwidth",
    "\ufeffmark",
    # control characters
    "\x00nul", "bell\x07", "esc\x1b[31mred", "line\x0bbreak\x0c", "del\x7f", "tab\tand\r\nnew line", "lone \ud800 half",
    # sizes
    "x" * 5_000, "W" * 150 + "&<>" * 100, "😀" * 2_000, "a\n" * 2_500, " ", "\n\n\n", "¹²³ ½ ﷽ 𝔘𝔫𝔦",
    # what formats are made of
    "{n} {0} {person!r}", "%s %(x)s", "${HOME}", "'; DROP TABLE people; --", '{"type":"section"}',
)  # fmt: skip

assert len(set(INJECTIONS)) == len(INJECTIONS) == 69

"""The complete environment of each process.

One rule: a process knows only what is set here: bots get no database address, n8n none of our logins.

Only migrations get the owner's login.
"""

import hashlib
import os
from collections.abc import Mapping

from stack.demo import company
from stack.installation import HOST, LocalInstallation
from stack.services import page_scripts
from stack.supervisor.processes import MARK

# What any program may need from the machine; it contains no secret.
_MACHINE = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "PARLEY_LOG_LEVEL",
)  # fmt: skip
_COPY = "PARLEY_CHECKPOINTS_COPY_DIR"
_API_LIMITS = ("PARLEY_API_POOL", "PARLEY_WRITES_PER_MINUTE", "PARLEY_PROXIES", "PARLEY_SCAN_COMMAND")
_RELAY_CHOICES = ("PARLEY_VERIFY_HOURS",)
_MIGRATE_GUARD = ("PARLEY_MIGRATE_NEEDS_BACKUP_HOURS",)
_PLATFORMS = ("TELEGRAM", "SLACK")
_API_SIGN_IN = tuple(
    f"PARLEY_{platform}_SIGN_IN_{what}" for platform in _PLATFORMS for what in ("ID", "SECRET", "URL")
)
_OWN_SLACK = (
    "SLACK_APP_TOKEN", "SLACK_AUTHORIZE_URL", "SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET",
    "SLACK_MODE", "SLACK_PUBLIC_URL",
)  # fmt: skip
_OWN_MAIL = ("PARLEY_SMTP_URL", "PARLEY_MAIL_FROM")
_N8N_WAITS = {"PARLEY_NOTICE_WAIT_SECONDS": "15", "PARLEY_ROUTE_WAIT_SECONDS": "10"}


METRICS_PROCESSES = ("api", "relay", "worker", "telegram", "slack")


class ServiceEnvironments:
    """One method per process."""

    def __init__(self, installation: LocalInstallation) -> None:
        self.installation = installation

    def _base(self) -> dict[str, str]:
        machine = {name: os.environ[name] for name in _MACHINE if os.environ.get(name)}
        direct = ",".join(filter(None, ("127.0.0.1,localhost", os.environ.get("NO_PROXY"))))
        own = {
            MARK: str(self.installation.paths.var),
            "PYTHONUNBUFFERED": "1",
            "NO_PROXY": direct,
            "no_proxy": direct,
        }
        return machine | own | ({"PARLEY_DEMO": "1"} if self.installation.options.demo else {})

    def server(self) -> dict[str, str]:
        """PostgreSQL and Redis: the machine's environment and our mark."""
        return self._base()

    def _metrics(self, process: str, number: int = 1) -> dict[str, str]:
        """A port of its own per process, counted on from the one that was chosen; none without one.

        Further processes of the API, from ``number`` 2 on, come behind all others.
        """
        first = os.environ.get("PARLEY_METRICS_PORT", "")
        if not first.isdigit():
            return {}
        place = METRICS_PROCESSES.index(process) if number == 1 else len(METRICS_PROCESSES) + number - 2
        host = {name: value for name in ("PARLEY_METRICS_HOST",) if (value := os.environ.get(name))}
        return {"PARLEY_METRICS_PORT": str(int(first) + place), **host}

    def migrate(self) -> dict[str, str]:
        guard = {name: os.environ[name] for name in _MIGRATE_GUARD if os.environ.get(name)}
        return self._base() | guard | self.installation.databases.environment("owner")

    @property
    def public_url(self) -> str:
        """Where browsers find the pages: the address that a proxy has, else our own port. Bots always use the port."""
        return os.environ.get("PARLEY_API_URL") or self.installation.url("api")

    def _core(self, *logins: str) -> dict[str, str]:
        """What every process with access to core needs."""
        paths = self.installation.paths
        return (
            self._base()
            | self.installation.databases.environment(*logins)
            | {
                "REDIS_URL": self.installation.redis_url,
                "PARLEY_API_URL": self.public_url,
                "PARLEY_KEYS_DIR": str(paths.keys),
                "PARLEY_FILES_DIR": str(paths.files),
                "PARLEY_CHECKPOINTS_DIR": str(paths.checkpoints),
                "TELEGRAM_BOT_USERNAME": self.bot_username,
            }
            | ({_COPY: copy} if (copy := os.environ.get(_COPY)) else {})
            | (
                {"PARLEY_CHAT_LINK_BASE": self.installation.url("sandbox")}
                if self.installation.sandbox
                else {}
            )
        )

    @property
    def bot_username(self) -> str:
        return os.environ.get("TELEGRAM_BOT_USERNAME") or (
            "parley_demo_bot" if self.installation.sandbox else ""
        )

    def api(self, number: int = 1) -> dict[str, str]:
        limits = {name: os.environ[name] for name in (*_API_LIMITS, *_API_SIGN_IN) if os.environ.get(name)}
        return (
            self._core("app")
            | self._sandbox_sign_in()
            | limits
            | self._login_button()
            | self._metrics("api", number)
            | {
                "PARLEY_API_HOST": HOST,
                "PARLEY_API_PORT": str(self.installation.ports["api"]),
                "BOT_KEY": self.installation.secrets["BOT_KEY"],
                "N8N_HOOK_SECRET": self.installation.secrets["N8N_HOOK_SECRET"],
                "PARLEY_CALLBACK_SECRET": self.installation.secrets["PARLEY_CALLBACK_SECRET"],
                "PARLEY_CHAT_KEY": self.installation.secrets["PARLEY_CHAT_KEY"],
                "PARLEY_SCRIPTS_DIR": str(page_scripts.served_folder(self.installation.paths)),
            }
        )

    def _sandbox_sign_in(self) -> dict[str, str]:
        """Where the sandbox plays a platform, it also says who somebody is."""
        played = {"TELEGRAM": self.installation.sandbox, "SLACK": self.installation.slack == "sandbox"}
        return {
            f"PARLEY_{platform}_SIGN_IN_{what}": value
            for platform in _PLATFORMS
            if played[platform] and not os.environ.get(f"PARLEY_{platform}_SIGN_IN_ID")
            for what, value in (
                ("ID", "parley"),
                ("SECRET", self.installation.secrets["sign_in"]),
                ("URL", f"{self.installation.url('sandbox')}/sign-in/{platform.lower()}"),
            )
        }

    def _login_button(self) -> dict[str, str]:
        """With what the API checks who pressed a login button; the bot's token itself stays with the bot."""
        if not os.environ.get("TELEGRAM_LOGIN_URL"):
            return {}
        token = self.installation.secrets["TELEGRAM_BOT_TOKEN"]
        return {"PARLEY_TELEGRAM_LOGIN_KEY": hashlib.sha256(token.encode()).hexdigest()}

    def demo(self) -> dict[str, str]:
        """The demo company is created with the API's rights and sealed with the sealer's."""
        sealer = self.installation.databases.environment("sealer")
        return (
            self.api()
            | sealer
            | {"PARLEY_SANDBOX_URL": self.installation.url("sandbox") if self.installation.sandbox else ""}
            | {"PARLEY_SANDBOX_SLACK": "1" if self.installation.slack == "sandbox" else ""}
            | {"PARLEY_SANDBOX_BOT": self._sandbox_bot()}
        )

    def _sandbox_bot(self) -> str:
        """The number before the token's colon: our bot's id, for the groups that it is in."""
        return (
            self.installation.secrets["TELEGRAM_BOT_TOKEN"].partition(":")[0]
            if self.installation.sandbox
            else ""
        )

    def _n8n(self) -> dict[str, str]:
        """Our own n8n, or the one that ``N8N_URL`` names, which is assumed to be always there."""
        own = self.installation.options.n8n
        ready_file = {"PARLEY_N8N_READY_FILE": str(self.installation.paths.n8n_ready)} if own else {}
        waits = {name: os.environ.get(name, usual) for name, usual in _N8N_WAITS.items()}
        return (
            waits
            | ready_file
            | {
                "N8N_URL": self.installation.url("n8n") if own else os.environ.get("N8N_URL", ""),
                "N8N_HOOK_SECRET": self.installation.secrets["N8N_HOOK_SECRET"],
                "PARLEY_CALLBACK_SECRET": self.installation.secrets["PARLEY_CALLBACK_SECRET"],
            }
        )

    def relay(self) -> dict[str, str]:
        hours = {name: os.environ[name] for name in _RELAY_CHOICES if os.environ.get(name)}
        return self._core("app", "sealer") | self._n8n() | hours | self._metrics("relay")

    def worker(self) -> dict[str, str]:
        channels = self._telegram_api() | self._slack() | self._mail()
        return self._core("app") | self._n8n() | channels | self._metrics("worker")

    def _mail(self) -> dict[str, str]:
        """Somebody's own mail server, else the sandbox's mailbox, else nobody gets mails."""
        own = {name: os.environ[name] for name in _OWN_MAIL if os.environ.get(name)}
        if not self.installation.sandbox:
            return own
        return {"PARLEY_SMTP_URL": f"smtp://{HOST}:{self.installation.ports['smtp']}"} | own

    def _telegram_api(self) -> dict[str, str]:
        base = {"TELEGRAM_API_BASE": self.installation.telegram_api} if self.installation.telegram_api else {}
        names = {"TELEGRAM_BOT_USERNAME": self.bot_username}
        return base | names | {"TELEGRAM_BOT_TOKEN": self.installation.secrets["TELEGRAM_BOT_TOKEN"]}

    def telegram(self) -> dict[str, str]:
        """The Telegram bot: the API's address and the bot's key, and Telegram's settings; no database."""
        return (
            self._base()
            | self._telegram_api()
            | self._telegram_mode()
            | self._metrics("telegram")
            | ({"TELEGRAM_LOGIN_URL": login} if (login := os.environ.get("TELEGRAM_LOGIN_URL")) else {})
            | {
                "PARLEY_API_URL": self.installation.url("api"),
                "BOT_KEY": self.installation.secrets["BOT_KEY"],
                "REDIS_URL": self.installation.redis_url,
            }
        )

    def _telegram_mode(self) -> dict[str, str]:
        own_url = os.environ.get("TELEGRAM_WEBHOOK_URL")
        if not self.installation.sandbox and not own_url:
            return {"TELEGRAM_MODE": "polling"}
        return {
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_URL": own_url or f"{self.installation.url('telegram')}/telegram/webhook",
            "TELEGRAM_WEBHOOK_HOST": os.environ.get("TELEGRAM_WEBHOOK_HOST", HOST),
            "TELEGRAM_WEBHOOK_PORT": str(self.installation.ports["telegram"]),
            "TELEGRAM_WEBHOOK_SECRET": self.installation.secrets["TELEGRAM_WEBHOOK_SECRET"],
        }

    def _slack(self) -> dict[str, str]:
        """What workers need to send to Slack: the key that decrypts tokens, and the address of the Web API."""
        if not self.installation.slack:
            return {}
        return {
            "PARLEY_CHAT_KEY": self.installation.secrets["PARLEY_CHAT_KEY"],
            "SLACK_API_BASE": self.installation.slack_api,
        }

    def slack(self) -> dict[str, str]:
        """The Slack app: the API's address, the app's key, Slack's settings; no database, no key for tokens."""
        own = {name: os.environ[name] for name in _OWN_SLACK if os.environ.get(name)}
        sandbox_app = {"SLACK_BOT_TOKEN": self.installation.secrets["SLACK_BOT_TOKEN"]}
        return (
            self._base()
            | (own if self.installation.slack == "own" else sandbox_app)
            | self._metrics("slack")
            | {
                "SLACK_API_BASE": self.installation.slack_api,
                "SLACK_HOST": os.environ.get("SLACK_HOST", HOST),
                "SLACK_PORT": str(self.installation.ports["slack"]),
                "SLACK_SIGNING_SECRET": self.installation.secrets["SLACK_SIGNING_SECRET"],
                "PARLEY_API_URL": self.installation.url("api"),
                "BOT_KEY": self.installation.secrets["BOT_KEY"],
                "REDIS_URL": self.installation.redis_url,
            }
        )

    def sandbox(self) -> dict[str, str]:
        own = {
            "SANDBOX_HOST": HOST,
            "SANDBOX_PORT": str(self.installation.ports["sandbox"]),
            "SANDBOX_SMTP_PORT": str(self.installation.ports["smtp"]),
            "SANDBOX_STATE_FILE": str(self.installation.paths.var / "sandbox.json"),
        }
        own |= {
            "SANDBOX_SIGN_IN_FOR": self.public_url,
            "SANDBOX_SIGN_IN_SECRET": self.installation.secrets["sign_in"],
        }
        return self._base() | own | (self._inside_view() if self.installation.options.demo else {})

    def _inside_view(self) -> dict[str, str]:
        """The sandbox's page shows a demo's log, read through the API as the demo's auditor."""
        auditor = next(one for one in company.PEOPLE if "auditor" in one.roles)
        read = {
            "SANDBOX_INSIDE_URL": self.installation.url("api"),
            "SANDBOX_INSIDE_EMAIL": auditor.email,
            "SANDBOX_INSIDE_PASSWORD_FILE": str(self.installation.paths.keys / "demo-password"),
        }
        runs = {"SANDBOX_INSIDE_N8N_DATABASE": str(self.installation.paths.n8n_database)}
        return read | (runs if self.installation.options.n8n else {})

    def page_scripts(self) -> dict[str, str]:
        """npm needs the environment of the person's own shell, without our secrets and addresses."""
        ours = (
            "DATABASE_URL",
            "REDIS_URL",
            "BOT_KEY",
            "TELEGRAM_",
            "PARLEY_DB_",
            "PARLEY_CALLBACK_SECRET",
            "PARLEY_CHAT_KEY",
            "SLACK_",
        )
        shell = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return shell | {
            MARK: str(self.installation.paths.var),
            "PYTHONUNBUFFERED": "1",
            "PARLEY_VAR": str(self.installation.paths.var),
        }

    def n8n_setup(self) -> dict[str, str]:
        """The same, and what n8n's flows need."""
        return self.page_scripts() | {
            "PARLEY_API_URL": self.installation.url("api"),
            "N8N_URL": self.installation.url("n8n"),
            "N8N_HOOK_SECRET": self.installation.secrets["N8N_HOOK_SECRET"],
        }

    def with_mark(self, env: Mapping[str, str]) -> dict[str, str]:
        """The environment of a foreign program, with the mark by which the next ``up`` finds orphans."""
        return dict(env) | {MARK: str(self.installation.paths.var)}

"""The arguments of ``backup`` and ``restore``, for both command lines; light, so that ``--help`` answers at once."""

import argparse
from pathlib import Path


def add_backup_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--full", action="store_true", help="not only what changed since the last one")
    parser.add_argument(
        "--keep-days", type=int, metavar="DAYS", help="delete backups that only serve an older day"
    )
    _add_folder(parser)


def add_restore_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("backup", nargs="?", help="its id; the newest when none is given")
    step = parser.add_mutually_exclusive_group()
    step.add_argument("--into", type=Path, metavar="DIR", help="your own PostgreSQL: make its data folder")
    step.add_argument(
        "--mark", action="store_true", help="your own PostgreSQL: it runs on that folder, do the rest"
    )
    parser.add_argument("--wal", type=Path, metavar="DIR", help="go on with what pg_receivewal wrote there")
    _add_folder(parser)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where backups are (PARLEY_BACKUP_DIR)")

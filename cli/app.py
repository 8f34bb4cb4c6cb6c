"""The commands put together, and the one place where an error becomes a sentence and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import typer

from ..ontology.catalogue import ToldError
from .language import language, say

#: Exit codes; 1 is for findings of severity fout, and the commands that find them return it.
FINE, WRONG_CALL, OUTSIDE = 0, 2, 3

#: The module and the function of every command, in the order of the help.
COMMANDS: Final = {
    "check": ("building", "check"),
    "build": ("building", "build"),
    "diff": ("changing", "diff"),
    "match": ("matching", "match"),
    "log": ("logging", "log"),
    "status": ("status", "status"),
    "explain": ("inspecting", "explain"),
    "offers": ("offering", "offers"),
    "route": ("routing", "route"),
    "long-routes": ("detouring", "long_routes"),
    "short-lines": ("linking", "short_lines"),
    "bottlenecks": ("waiting", "bottlenecks"),
    "gaps": ("lacking", "gaps"),
    "direct-routes": ("proposing", "direct_routes"),
    "what-if": ("supposing", "what_if"),
    "trend": ("comparing", "trend"),
    "brokers": ("connecting", "brokers"),
    "indicators": ("measuring", "indicators"),
    "experienced": ("experiencing", "experienced"),
    "answers": ("collecting", "answers"),
    "query": ("querying", "query"),
    "export": ("querying", "export"),
    "validate": ("validating", "validate"),
    "report": ("reporting", "report"),
    "advise": ("advising", "advise"),
    "map": ("showing", "map_"),
    "demo": ("showing", "demo"),
    "template": ("showing", "template"),
}
#: Commands of commands: what is asked of one kind of thing.
GROUPS: Final = {"neo4j": {"push": ("serving", "push"), "import-files": ("serving", "import_files")}}
#: What can be called without any word more.
_COMPLETE: Final = ("map", "demo", "template")


def _version(*, value: bool) -> None:
    if value:
        from .. import __version__

        typer.echo(f"routekaart {__version__}")
        raise typer.Exit


def _options(
    lang: str = typer.Option(language(), "--lang", metavar="nl|en", help=say("cli.options.lang")),
    version: bool = typer.Option(
        False, "--version", callback=lambda value: _version(value=value), is_eager=True, help=say("cli.options.version")
    ),
) -> None:
    """Take the options that hold for every command; the language was looked up before."""


def app(*names: str) -> typer.Typer:
    """The command line with the commands named, or all: what nobody calls is not read."""
    made = typer.Typer(
        name="routekaart",
        help=say("cli.help"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    made.callback()(_options)
    for name in names or (*COMMANDS, *GROUPS):
        if name in GROUPS:
            group = typer.Typer(help=say(f"cli.commands.{name}"), no_args_is_help=True, rich_markup_mode=None)
            for below, place in GROUPS[name].items():
                _add(group, below, f"{name}-{below}", place)
            made.add_typer(group, name=name)
        else:
            _add(made, name, name, COMMANDS[name])
    return made


def _add(to: typer.Typer, name: str, key: str, place: tuple[str, str]) -> None:
    """Add the command ``name``, whose help is the sentence ``key``."""
    module, function = place
    told = say(f"cli.commands.{key}")
    command = getattr(import_module(f".{module}", __package__), function)
    to.command(name, help=told, short_help=told, no_args_is_help=name not in _COMPLETE)(command)


def patient() -> None:
    """Look for garbage in circles less often.

    A command makes millions of small things, keeps nearly all of them to its end, and soon ends: looking through them
    all again and again took a third of the time of a nation.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 20)


def main() -> None:
    """Run the command line; always ends with SystemExit."""
    patient()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    code = run(sys.argv[1:])
    # what is left is given back to the machine as a whole: Python would look through all of it for circles once more
    gc.freeze()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one call and return its exit code: 0 fine, 1 findings, 2 wrong call, 3 something outside failed."""
    try:
        code = app(*_called(arguments))(arguments, standalone_mode=False)
    except typer.Abort:
        return WRONG_CALL
    except typer.TyperException as error:
        return _stop(_usage(error), WRONG_CALL)
    except BrokenPipeError:
        # the reader (head, less) has seen enough
        sys.stderr.close()
        return FINE
    except OSError as error:
        where = error.filename or ""
        return _stop(say("errors.disk", why=error.strerror or str(error), path=where), OUTSIDE)
    except ToldError as error:
        return _stop(error.told(language()), OUTSIDE if error.outside else WRONG_CALL)
    return code if isinstance(code, int) else FINE


def _called(arguments: Sequence[str]) -> Sequence[str]:
    """The command that is called; none where that is not one of ours (all of them are named then)."""
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            next(words, None)
        elif not word.startswith("-"):
            return [word] if word in COMMANDS or word in GROUPS else []
    return []


def _usage(error: typer.TyperException) -> str:
    """A wrong call in the reader's language; what we have no sentence for keeps typer's own."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return str(error)
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        more = f" {say('errors.perhaps', name=near[0])}" if near else ""
        return say("errors.no-option", name=getattr(error, "option_name", "")) + more
    if isinstance(error, typer.BadParameter):
        name = str(getattr(error.param, "human_readable_name", ""))
        if kind == "MissingParameter":
            return say("errors.missing-parameter", name=name)
        return say("errors.bad-parameter", name=name, why=error.message)
    return say("errors.usage", why=str(error))


def _stop(sentence: str, code: int) -> int:
    typer.echo(sentence, err=True)
    return code

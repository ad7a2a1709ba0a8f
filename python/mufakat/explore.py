"""The explorer as a widget: one page on which a reader moves a slider and sees who gains, in Jupyter and marimo.

The page is that of `mufakat serve` and `mufakat page`; the engine behind it is the one of this process, on a thread of its own. Nothing is asked for
from the network. It needs anywidget: `pip install 'mufakat[explore]'`.
"""

import asyncio
import html
import json
import threading
from collections.abc import Mapping
from typing import Any

from mufakat import _native, errors

try:
    import anywidget
    import traitlets
except ModuleNotFoundError as error:
    if error.name not in {"anywidget", "traitlets"}:
        raise
    raise ImportError(f"an explorer needs {error.name}: pip install 'mufakat[explore]'", name=error.name) from error

__all__ = ["Explorer"]

# Seconds after which what waits looks whether the interpreter is about to end.
_LOOK = 0.2

_FIRST_VIEW = {"reader": "adviser", "state": None, "figure": "members", "world": None}


class Explorer(anywidget.AnyWidget):
    """A scenario whose settings a reader moves.

    `setting` is what is set: `arm`, `reference`, `others`, `sets` (values by path, as TOML text), `seed` and `worlds`; `view` is what is looked at:
    `reader`, `state`, `figure` and `world`. Both are traits: they follow the page, the page follows them, and `observe` tells of each change. What is
    left out when one is set is as the scenario has it.
    """

    _esm = _native.explorer_module()

    setting = traitlets.Dict(help="What is set.").tag(sync=True)
    view = traitlets.Dict(help="What is looked at.").tag(sync=True)
    height = traitlets.Int(760, min=200, help="Pixels; what is higher scrolls within.").tag(sync=True)
    # The link that the page opens with, until it has.
    _link = traitlets.Unicode().tag(sync=True)
    # The page as it was last seen, for notebooks that are opened without a kernel.
    _picture = traitlets.Unicode().tag(sync=True)
    # Who moved the setting last, and for which time: pages follow each other and Python, not themselves.
    _by = traitlets.Unicode("python 0").tag(sync=True)

    def __init__(self, name: str, text: str, link: str = "", *, height: int = 760, threads: int | None = None) -> None:
        """Opens the scenario `name`, a TOML `text` that extends no file.

        `link` is the address of an explorer, or what follows its `#`: the setting that it opens with. `threads` play worlds; without, one for each
        core. Raises `ScenarioError` for a text that is no scenario.
        """
        try:
            self._native = _native.Explorer(name, text, threads)
        except ValueError as error:
            raise _refused(error) from None
        opened = json.loads(self._native.opened)
        self._title = opened["title"]
        self._first = {key: opened[key] for key in ("arm", "reference", "seed", "worlds")} | {"others": [], "sets": {}}
        self._delivering: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._followed, self._moves = False, 0
        super().__init__(setting=self._first, view=_FIRST_VIEW, height=height, _link=link)
        self.on_msg(self._asked)

    def scenario(self) -> str:
        """The present setting as a scenario of its own, as TOML: `mufakat.scenario(w.scenario()).run()` has the numbers of the page.

        Raises `ScenarioError` for a setting that cannot be played.
        """
        request = {"setting": self.setting, "view": self.view, "worlds": self.setting["worlds"], "what": "scenario"}
        try:
            exported = json.loads(self._native.call("export", json.dumps(request).encode()))
        except ValueError as error:
            raise _refused(error) from None
        return str(exported["text"])

    def close(self) -> None:
        """Ends what is played and takes the widget away."""
        self._native.leave()
        super().close()

    # What is set.

    @traitlets.validate("setting")
    def _whole(self, proposal: Any) -> dict[str, Any]:
        given = dict(proposal["value"])
        unknown = given.keys() - self._first.keys()
        if unknown:
            raise traitlets.TraitError(f"a setting has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(self._first))}")
        whole = self._first | given
        if not isinstance(whole["sets"], Mapping):
            raise traitlets.TraitError("sets are values by their paths")
        return whole | {"sets": {path: _toml(value) for path, value in whole["sets"].items()}}

    @traitlets.validate("view")
    def _whole_view(self, proposal: Any) -> dict[str, Any]:
        unknown = proposal["value"].keys() - _FIRST_VIEW.keys()
        if unknown:
            raise traitlets.TraitError(f"a view has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(_FIRST_VIEW))}")
        return _FIRST_VIEW | proposal["value"]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Follows a page."""
        self._followed = True
        try:
            super().set_state(sync_data)
        finally:
            self._followed = False

    @traitlets.observe("setting", "view")
    def _moved(self, _: Any) -> None:
        if not self._followed:
            self._moves += 1
            self._by = f"python {self._moves}"

    # What pages ask and are answered.

    def _asked(self, _: Any, message: Any, __: Any) -> None:
        """Takes a message of a page; nothing is played here."""
        view, id = message.get("view"), message.get("id")
        if message.get("gone"):
            self._native.leave(view)
        elif "cancel" in message:
            self._native.cancel(f"{view}/{message['cancel']}")
        elif "call" in message:
            self.send({"view": view, "id": id, "got": True})
            self._native.ask(f"{view}/{id}", message["call"], message["body"].encode(), view)
            self._deliver()

    def _deliver(self) -> None:
        """Sees to it that what is said reaches the page."""
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        with self._lock:
            if self._delivering is None:
                # It ends by itself; an interpreter that ends waits for it, so that none ends under it.
                self._delivering = threading.Thread(target=self._work, name="mufakat-explorer", daemon=False)
                self._delivering.start()

    def _work(self) -> None:
        """Hands over what is said until nothing more is to come, or the interpreter ends."""
        while True:
            if self._native.wait(_LOOK):
                self._hand_over()
            ending = not threading.main_thread().is_alive()
            if ending:
                self._native.leave()
            with self._lock:
                if ending or not self._native.busy:
                    self._delivering = None
                    return

    def _hand_over(self) -> None:
        """Sends what was said, on the thread of whoever asked where it has a loop: messages of a notebook belong there."""
        loop = self._loop
        if loop is None or loop.is_closed():
            self._send_said()
            return
        sent = threading.Event()

        def send() -> None:
            try:
                self._send_said()
            finally:
                sent.set()

        try:
            loop.call_soon_threadsafe(send)
        except RuntimeError:
            # It was closed in the meantime.
            return
        while not sent.wait(_LOOK) and threading.main_thread().is_alive() and not loop.is_closed():
            pass

    def _send_said(self) -> None:
        for name, message, last in self._native.said(0):
            view, _, id = name.rpartition("/")
            self.send({"view": view, "id": int(id), "message": message.decode(), "last": last})

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for viewers that show none a line that says what stands here."""
        bundle = super()._repr_mimebundle_(**options)
        if not bundle:
            return bundle
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        line = f"Explorer of {self._title}. It needs a kernel: run the cell that makes it."
        return data | {"text/plain": line, "text/html": f"<p>{html.escape(line)}</p>"}, metadata


def _toml(value: Any) -> str:
    """A value of a setting as TOML; text is TOML already."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(json.dumps(one) if isinstance(one, str) else _toml(one) for one in value)}]"
    raise traitlets.TraitError(f"{value!r} is no value of a setting; numbers, booleans, lists and TOML text are")


def _refused(error: ValueError) -> BaseException:
    """What the engine refuses, in words."""
    refusal = json.loads(str(error))["error"]
    return errors.of(3, refusal["message"], [errors.Finding(one["message"], one.get("path")) for one in refusal["findings"]])

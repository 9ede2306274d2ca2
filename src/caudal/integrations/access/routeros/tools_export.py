"""Getting a router's configuration as text: the API answers `/export` with nothing but `!done`.

Routers of version 7 run it as a script and hand back its output. Older ones write a file, whose
contents the API shows up to a size; a longer one is read in pieces where the router can do that,
else asked for over SSH.
"""

from collections.abc import Callable, Sequence

from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.routeros import values
from caudal.integrations.access.routeros.wire import Reply, Sentence, command, decode_text
from caudal.integrations.ssh import SshConnection

NAME = "caudal-export"
FILE = f"{NAME}.rsc"
PIECE = 32_768
"""The longest piece of a file that `/file/read` hands over."""

Talk = Callable[[Sequence[Sentence]], list[Reply]]


def export(talk: Talk) -> str:
    """Raises AccessError."""
    (reply,) = talk([command("/execute", {"script": "/export", "as-string": ""})])
    if reply.lost:
        raise reply.lost
    if reply.ok and reply.ret.lstrip().startswith("#"):
        return _lines(reply.ret)
    return _lines(_through_a_file(talk))


def over_ssh(console: SshConnection) -> str:
    """Raises AccessError, with SSH_FAILED for whatever keeps SSH from it."""
    try:
        for words in ("/export hide-sensitive", "/export"):
            text = decode_text(console.run(words).printed.encode("utf-8", "surrogateescape"))
            if text.lstrip().startswith("#"):
                return _lines(text)
    except AccessError as error:
        detail = f"{error.fault}: {error.detail}" if error.detail else str(error.fault)
        raise AccessError(AccessFault.SSH_FAILED, permanent=True, detail=detail) from error
    raise AccessError(AccessFault.SSH_FAILED, permanent=True, detail=text.strip()[:200])


def _through_a_file(talk: Talk) -> str:
    _write(talk)
    try:
        return _read(talk)
    finally:
        talk([command("/file/remove", {".id": FILE})])


def _write(talk: Talk) -> None:
    """Version 6 shows secrets unless told otherwise; version 7 knows no such word."""
    (reply,) = talk([command("/export", {"file": NAME, "hide-sensitive": ""})])
    if reply.trap and "hide-sensitive" in reply.trap:
        (reply,) = talk([command("/export", {"file": NAME})])
    _require(reply)


def _read(talk: Talk) -> str:
    (reply,) = talk([command("/file/print", {".proplist": "name,size,contents"}, f"?name={FILE}")])
    _require(reply)
    if not reply.rows:
        raise AccessError(AccessFault.UNABLE, detail="the router did not write the file")
    row = reply.rows[0]
    contents, size = row.get("contents", ""), values.count(row.get("size", ""))
    if contents and len(contents.encode()) >= size:
        return contents
    return _in_pieces(talk, size)


def _in_pieces(talk: Talk, size: int) -> str:
    found = ""
    while len(found.encode()) < size:
        asked = {"file": FILE, "offset": str(len(found.encode())), "chunk-size": str(PIECE)}
        (reply,) = talk([command("/file/read", asked)])
        _require(reply, too_long=True)
        piece = reply.rows[0].get("data", "") if reply.rows else ""
        if not piece:
            raise AccessError(AccessFault.UNABLE, detail="the file ended early")
        found += piece
    return found


def _require(reply: Reply, *, too_long: bool = False) -> None:
    if reply.lost:
        raise reply.lost
    if reply.trap is None:
        return
    if too_long and reply.trap.startswith("no such command"):
        raise AccessError(AccessFault.TOO_LONG, permanent=True, detail="export")
    denied = "not enough permissions" in reply.trap
    fault = AccessFault.NOT_PERMITTED if denied else AccessFault.REFUSED
    raise AccessError(fault, permanent=denied, detail=reply.trap)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip() + "\n"

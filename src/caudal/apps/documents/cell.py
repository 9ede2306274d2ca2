"""A program that compiles Typst source which we do not trust, and can open nothing while it does.

It is started by sandbox.py, reads jobs as JSON lines and answers them as JSON lines. Once its
fonts are read it gives up the right to open files and connections, and it lives with a limit of
memory; who started it ends it when it takes too long. It knows neither Django nor the database.
"""

import json
import os
import resource
import sys
import tempfile
from base64 import b64encode
from typing import Any

import typst

GIGABYTE = 1 << 30
MOST_MEMORY = 2 * GIGABYTE
"""Of address space, most of which is never touched; one page takes some 60 MB of real memory."""
PICTURE_PPI = 110
NOWHERE = "http://127.0.0.1:9"

_EVERY_FONT = """
#for weight in (300, 400, 500, 600, 700) {
  for style in ("normal", "italic") {
    for font in ("Inter", "Noto Emoji", "Libertinus Serif", "DejaVu Sans Mono") {
      text(font: font, weight: weight, style: style)[a ñ 1 ✔ #emoji.face ש ع]
    }
  }
}
$ x $
"""


def compiler(folders: list[str]) -> typst.Compiler:
    """A compiler with our fonts, an empty folder for its root and no packages."""
    empty = tempfile.mkdtemp(prefix="caudal-paper-")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders)
    )
    return typst.Compiler(
        root=empty,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=empty,
        package_cache_path=empty,
    )


def compiled(engine: typst.Compiler, source: str, data: str, pictures: bool = False) -> list[bytes]:
    """One PDF, or a PNG of each page. Raises typst.TypstError."""
    made: Any = engine.compile(
        input=source.encode(),
        format="png" if pictures else "pdf",
        ppi=PICTURE_PPI,
        sys_inputs={"data": data},
    )
    return list(made) if isinstance(made, list) else [made]


def lock_up() -> None:
    """From here on this process opens no file and no connection, and its memory has an end."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))  # 0, 1, 2 are taken: no other can be had
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(engine: typst.Compiler, job: dict[str, Any]) -> dict[str, Any]:
    try:
        pages = compiled(engine, job["source"], job["data"], job["pictures"])
    except typst.TypstError as error:
        return {"error": error.message, "diagnostic": error.diagnostic, "hints": error.hints}
    except MemoryError:
        return {"error": "memory", "diagnostic": "", "hints": []}
    return {"pages": [b64encode(page).decode() for page in pages]}


def main() -> None:
    os.environ["HTTPS_PROXY"] = os.environ["HTTP_PROXY"] = NOWHERE
    engine = compiler(json.loads(sys.stdin.readline()))
    compiled(engine, _EVERY_FONT, "{}")
    lock_up()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(engine, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

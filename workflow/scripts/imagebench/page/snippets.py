"""How to write and to read a format with nothing of this project: code that a reader can copy.

It is put together from the modules of ``recipes``, of which each definition that is needed is
taken, and what that needs in turn: other definitions, constants and imports.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RECIPES = Path(__file__).parent / "recipes"

READ = """
images = Images("STORE")
image, label = images[0]
# torch.utils.data.DataLoader(images, batch_size=64, shuffle=True) gives shuffled batches.
"""

DECODED = """
class Images(Blobs):
    def __getitem__(self, number):
        blob, label = super().__getitem__(number)
        return decode(blob), label

"""


@dataclass(frozen=True)
class Snippets:
    """Code that writes a store, None where nothing is to be written, and code that reads it."""

    write: str | None
    read: str


def of(name: str) -> Snippets | None:
    """Give the snippets of a backend, by its name; None if there are none for it."""
    parts = name.split("+")
    if len(parts) == 1:
        return of_backend(name)
    kind, _, size = parts[1].partition("@")
    container, codec = RECIPES / f"container_{parts[0]}.py", RECIPES / f"codec_{kind}.py"
    if not (container.exists() and codec.exists()):
        return None
    ending = definitions(codec)["ENDING"][0].partition(" = ")[2]
    codec = codec.with_stem(f"{codec.stem}_sized") if size else codec
    given = "files" if kind == "original" else "images"
    call = f'\nwrite("STORE", map(encode, {given}), labels, {ending})\n'
    found = [
        joined([(codec, "encode"), (container, "write")]) + call,
        joined([(codec, "decode"), (container, "Blobs")]) + DECODED + READ,
    ]
    return Snippets(*(text.replace("SIZE = 256", f"SIZE = {size}") for text in found))


def of_backend(name: str) -> Snippets | None:
    """Give those of a format of one file."""
    file = RECIPES / f"backend_{name}.py"
    if not file.exists():
        return None
    write = None
    if "write" in definitions(file):
        write = joined([(file, "write")]) + '\nwrite("STORE", images, labels)\n'
    return Snippets(write, joined([(file, "Images")]) + READ)


def joined(wanted: list[tuple[Path, str]]) -> str:
    """Take definitions out of their modules, with all that they need, in an order that runs."""
    imports: dict[str, None] = {}
    parts: dict[str, None] = {}
    for file, name in wanted:
        collect(file, name, imports, parts)
    plain = sorted(imports, key=lambda line: (line.startswith("from"), line))
    return "\n".join(plain) + "\n\n" + "\n\n".join(parts) + "\n"


def collect(file: Path, name: str, imports: dict[str, None], parts: dict[str, None]) -> None:
    """Add one definition of a module, after what it needs."""
    source, node = definitions(file)[name]
    if isinstance(node, ast.ImportFrom) and node.level:
        collect(file.with_name(f"{node.module}.py"), name, imports, parts)
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        imports[source] = None
        return
    used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - {name}
    for other in definitions(file):
        if other in used:
            collect(file, other, imports, parts)
    parts[source] = None


@cache
def definitions(file: Path) -> dict[str, tuple[str, ast.stmt]]:
    """Give the source of what a module defines at its top, and of its imports, by their names."""
    text = file.read_text(encoding="utf-8")
    found: dict[str, tuple[str, ast.stmt]] = {}
    for node in ast.parse(text).body:
        source = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.Import | ast.ImportFrom):
            kind = f"from {node.module} import" if isinstance(node, ast.ImportFrom) else "import"
            for alias in node.names:
                shown = alias.name + (f" as {alias.asname}" if alias.asname else "")
                found[(alias.asname or alias.name).partition(".")[0]] = f"{kind} {shown}", node
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = source.replace("  # noqa: N801", ""), node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = source, node
    return found

"""Vietnamese is the language of the source; English has to say all of it, and nothing may bypass the catalogue."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "app" / "templates"
ENGLISH = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYS = ("-k", "_l", "-k", "lazy_gettext")
KEYWORDS = ("_", "_l", "gettext", "lazy_gettext", "ngettext")

# Letters that English, French names and the like do not have.
VIETNAMESE = re.compile("[ăâđêôơưĩũạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
# hoà, khoẻ, thuỷ beside the hòa, khỏe, thủy of the directory of agencies and of the laws.
OTHER_TONE_PLACE = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%.")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code says today, as the command that translators use finds it."""
    found = tmp_path_factory.mktemp("extracted") / "messages.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            ["pybabel", "-q", "extract", "-F", "babel.cfg", *KEYS, "-o", str(found), "."]
        )
    with found.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue, with what is obsolete in it."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en", ignore_obsolete=False)


def strings(of: Message) -> tuple[list[str], list[str]]:
    """The source strings of a message and its translations: one of each, or singular and plural."""
    ids = [of.id] if isinstance(of.id, str) else list(of.id)
    said = [of.string] if isinstance(of.string, str) else list(of.string or ())
    return ids, said


def messages(catalogue: Catalog) -> list[Message]:
    """All but the header."""
    return [message for message in catalogue if message.id]


def test_every_string_has_its_english(source: Catalog, english: Catalog) -> None:
    assert len(messages(source)) > 500, "the extraction found too little"
    without = [
        message.id
        for message in messages(source)
        if (found := english.get(message.id)) is None or not all(strings(found)[1])
    ]
    assert not without


def test_catalogue_keeps_nothing_stale_or_doubtful(source: Catalog, english: Catalog) -> None:
    assert not english.obsolete
    assert not [message.id for message in messages(english) if message.fuzzy]
    assert not [message.id for message in messages(english) if source.get(message.id) is None]


def test_translations_have_the_placeholders_of_their_source(english: Catalog) -> None:
    for message in messages(english):
        ids, said = strings(message)
        wanted = {each for text in ids for each in PLACEHOLDER.findall(text)}
        for number, text in enumerate(said):
            there = set(PLACEHOLDER.findall(text))
            # "1 working day" may say the number in words.
            assert there == wanted or (len(said) > 1 and number == 0 and there <= wanted), message.id


def test_english_is_not_vietnamese(english: Catalog) -> None:
    assert not [
        text for message in messages(english) for text in strings(message)[1] if VIETNAMESE.search(text)
    ]


def test_tone_marks_stand_in_one_place(source: Catalog) -> None:
    texts = [text for message in messages(source) for text in strings(message)[0]]
    texts += [path.read_text("utf-8") for path in (TEMPLATES / "mail").glob("*.vi.txt")]
    texts += [path.read_text("utf-8") for path in (ROOT / "workflows").glob("*.toml")]
    assert not [found[0] for text in texts for found in OTHER_TONE_PLACE.finditer(text)]
    assert not [text for text in texts if unicodedata.normalize("NFC", text) != text]


def in_template(name: str) -> Iterator[str]:
    """Vietnamese that a template shows without asking the catalogue."""
    tree = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).parse(
        (TEMPLATES / name).read_text("utf-8")
    )
    asked = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS
        for constant in call.find_all(nodes.Const)
    }
    for data in tree.find_all(nodes.TemplateData):
        yield data.data
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and id(constant) not in asked:
            yield constant.value


@pytest.mark.parametrize("name", sorted(str(p.relative_to(TEMPLATES)) for p in TEMPLATES.rglob("*.html")))
def test_template_says_nothing_vietnamese_on_its_own(name: str) -> None:
    # The name of the language itself is the same in every language.
    written = [text.replace(">Tiếng Việt<", "><") for text in in_template(name)]
    assert not [text for text in written if VIETNAMESE.search(text)]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "app" / "web").rglob("*.py")), ids=lambda path: str(path.name)
)
def test_view_says_nothing_vietnamese_on_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    asked = {
        id(constant)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
        for constant in ast.walk(call)
    }
    written = [
        constant.value
        for constant in ast.walk(tree)
        if isinstance(constant, ast.Constant)
        and isinstance(constant.value, str)
        and id(constant) not in asked
    ]
    assert not [text for text in written if VIETNAMESE.search(text)]

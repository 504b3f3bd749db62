"""The door for XML: parsed without network, without entities and without boundless trees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from openhlh.errors import WrongInput

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Entities that stand for pictures (NDATA) are harmless, and some publishers declare them.
_ENTITY = re.compile(rb"<!ENTITY\s[^>]*>")
_PROLOG = 256 * 1024


def parse_xml(data: bytes, path: Path) -> Element:
    """Return the root of an XML file; WrongInput where it is broken or declares entities of its own."""
    from lxml import etree

    if _declares(data[:_PROLOG]):
        raise _own_entities(path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise WrongInput(
            f"the XML is broken at line {error.lineno or 1}: {error.msg or 'no element was found'}",
            where=f"file {path}",
            why="it ends too early or is not well formed, so parts of it would be lost",
            remedy="fetch the file again",
        ) from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and (any(True for _ in declared.iterentities()) and _declares(data)):
        raise _own_entities(path)
    return root


def _declares(data: bytes) -> bool:
    """True where entities are declared that stand for more than a picture."""
    return any(b" NDATA " not in one for one in _ENTITY.findall(data.replace(b"\0", b"")))


def _own_entities(path: Path) -> WrongInput:
    return WrongInput(
        "the XML declares entities of its own",
        where=f"file {path}",
        why="they can blow up a file or pull in others; an article needs none",
        remedy="fetch the article again from its publisher, without a DOCTYPE that declares entities",
    )


def local(node: Element) -> str:
    """Return the name of an element without its namespace, "" for what is no element."""
    tag = node.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def plain_words(node: Element) -> str:
    """Return all words in an element with single spaces between them."""
    return " ".join("".join(node.itertext()).split())

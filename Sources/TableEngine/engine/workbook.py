"""The first sheet of an XLSX file as rows of texts, read as a stream: only for tracing, which trusts no leaked file."""

import re
import zipfile
from xml.etree import ElementTree

from refusal import refuse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BYTES_MOST = 4 << 30
SHARED_MOST = 256 << 20
COLUMNS_MOST = 16_384


def rows_of_workbook(path):
    with zipfile.ZipFile(path) as book:
        sheets = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        if not sheets or book.getinfo(sheets[0]).file_size > BYTES_MOST:
            refuse("format", "The file is no workbook that can be read.", "文件不是可读取的工作簿。")
        shared = _shared_texts(book)
        with book.open(sheets[0]) as sheet:
            for _, row in _elements(sheet, "row"):
                yield _cells(row, shared)


def _shared_texts(book):
    path = "xl/sharedStrings.xml"
    if path not in book.namelist():
        return []
    if book.getinfo(path).file_size > SHARED_MOST:
        refuse("limit", "The workbook's texts are too many.", "工作簿中的文本过多。")
    with book.open(path) as file:
        return [_text(item) for _, item in _elements(file, "si")]


def _elements(file, tag):
    """Each element once it is whole; those before it are forgotten."""
    reader = ElementTree.iterparse(file, events=("start", "end"))
    _, root = next(reader)
    parent = root
    for event, element in reader:
        if event == "start" and element.tag == MAIN + "sheetData":
            parent = element
        if event == "end" and element.tag == MAIN + tag:
            yield event, element
            parent.clear()


def _text(node):
    return "".join(part.text or "" for part in node.iter(MAIN + "t"))


def _cells(row, shared):
    cells = []
    for cell in row:
        column = _column(cell.get("r", "")) if cell.get("r") else len(cells)
        if column < COLUMNS_MOST:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _value(cell, shared)
    return cells


def _column(reference):
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell, shared):
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(MAIN + "v") or ""
    if cell.get("t") == "s":
        return shared[int(value)]
    return value

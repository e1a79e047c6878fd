"""Text files on their way to DuckDB: inflated, decoded as a stream, and searched for the lines of bad records."""

import codecs
import csv
import gzip
import re
import zlib

from refusal import refuse

PIECE = 1 << 20
# Those that a government table is likely to come in, asked in this order when a file is not UTF-8.
LIKELY = ["euc-kr", "gb18030", "big5", "big5-hkscs", "windows-1252"]
# Python's narrow tables lack letters that Windows and today's standards write under the same name.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "cp950", "iso8859-1": "cp1252"}
# By which table, and between which first bytes, the letters of daily use stand.
DAILY = {
    "gb18030": ("gb2312", 0xA1, 0xD7),
    "big5": ("cp950", 0xA1, 0xC6),
    "big5-hkscs": ("cp950", 0xA1, 0xC6),
    "euc-kr": ("euc-kr", 0xA1, 0xC8),
}
MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]

csv.field_size_limit(1 << 30)


class ReadableText:
    """A file as UTF-8: itself where it is that already, else a copy."""

    def __init__(self, file, copy, bytes_most, forbidden="\0"):
        self.name = file["name"]
        self.source = file["path"]
        self.is_gzip = file.get("compression") == "gzip" or _starts(file["path"], b"\x1f\x8b")
        self.encoding, self._codec = self._find_codec(file.get("charset"))
        self.bytes = 0
        self.has_quotes = False
        self._forbidden = forbidden
        is_copied = self.is_gzip or self._codec not in ("utf-8", "utf-8-sig")
        self.path = copy if is_copied else self.source
        self._read(open(copy, "w", encoding="utf-8", newline="") if is_copied else None, bytes_most)

    def _find_codec(self, stated):
        with self._open() as source:
            start = self._first(source)
        mark = next((codec for mark, codec in MARKS if start.startswith(mark)), None)
        if stated is None:
            codec = mark or "utf-8"
        else:
            try:
                codec = codecs.lookup(stated).name
                "".encode(codec)
            except (LookupError, ValueError):
                refuse(
                    "charset",
                    f"The charset '{stated[:40]}' is not known.",
                    f"不认识字符编码“{stated[:40]}”。",
                    file=self.name,
                )
            codec = mark if mark and mark[:6] == codec[:6] else WIDER.get(codec, codec)
        return (stated.lower() if stated else codec.removesuffix("-sig")), codec

    def _first(self, source):
        try:
            return source.read(4)
        except (EOFError, OSError, zlib.error):
            return b""

    def _open(self):
        return gzip.open(self.source) if self.is_gzip else open(self.source, "rb")

    def _read(self, copy, bytes_most):
        decoder = codecs.getincrementaldecoder(self._codec)("strict")
        lines = 0
        with self._open() as source:
            while True:
                piece = self._piece(source, lines)
                self.bytes += len(piece)
                if self.bytes > bytes_most:
                    refuse(
                        "limit",
                        f"The file holds more than {bytes_most} bytes once it is inflated.",
                        f"文件解压后超过 {bytes_most} 字节。",
                        file=self.name,
                    )
                try:
                    text = decoder.decode(piece, final=not piece)
                except UnicodeDecodeError as error:
                    self._refuse_charset(error, lines, source)
                for letter in self._forbidden:
                    if letter in text:
                        self._refuse_letter(letter, lines + text[: text.index(letter)].count("\n") + 1)
                if copy:
                    copy.write(text)
                lines += text.count("\n")
                self.has_quotes = self.has_quotes or '"' in text
                if not piece:
                    break
        if copy:
            copy.close()
        self.lines = lines

    def _refuse_letter(self, letter, line):
        hint = (" If the file is UTF-16, state it.", "如果文件是 UTF-16，请注明。") if letter == "\0" else ("", "")
        refuse(
            "charset",
            f"Line {line} holds the control character U+{ord(letter):04X}.{hint[0]}",
            f"第 {line} 行含有控制字符 U+{ord(letter):04X}。{hint[1]}",
            file=self.name,
            line=line,
        )

    def _piece(self, source, lines):
        try:
            return source.read(PIECE)
        except (EOFError, OSError, zlib.error):
            refuse(
                "format",
                f"The gzip file is broken or cut off after line {lines}.",
                f"gzip 文件在第 {lines} 行之后损坏或不完整。",
                file=self.name,
            )

    def _refuse_charset(self, error, lines, source):
        good = error.object[: error.start].decode(self._codec.removesuffix("-sig"), "ignore")
        line = lines + good.count("\n") + 1
        if self._codec not in ("utf-8", "utf-8-sig"):
            en = f"Line {line} is not {self.encoding}: the file is in another charset, or damaged."
            zh = f"第 {line} 行不是 {self.encoding}：文件用的是其他字符编码，或已损坏。"
        else:
            likely = likely_charsets(error.object[error.start :] + source.read(1 << 16))
            en = f"Line {line} is not UTF-8." + (
                f" It reads as {', '.join(likely)}; state the charset of the file." if likely else ""
            )
            zh = f"第 {line} 行不是 UTF-8。" + (
                f"按 {'、'.join(likely)} 可以读出；请注明文件的字符编码。" if likely else ""
            )
        refuse("charset", en, zh, file=self.name, line=line)


def _starts(path, mark):
    with open(path, "rb") as file:
        return file.read(len(mark)) == mark


def likely_charsets(sample):
    """Those in which the bytes are text, the likeliest first: what is decoded wrongly gives rare letters."""
    scored = []
    for place, charset in enumerate(LIKELY):
        codec = codecs.getincrementaldecoder(WIDER.get(charset, charset))("strict")
        try:
            text = codec.decode(sample, final=False)
        except UnicodeDecodeError:
            continue
        scored.append((-_plausibility(text, charset), place, charset))
    best = -min(scored)[0] if scored else 0
    return [charset for score, _, charset in sorted(scored) if -score >= best / 2]


def _plausibility(text, charset):
    letters = [letter for letter in text if letter > "\x7f"]
    if not letters:
        return 0
    if charset == "windows-1252":
        # A foreign letter of a Latin text stands among plain ones.
        alone = len(re.findall(r"(?<![\x80-\uffff])[À-ÿ‘’“”–°²³€](?![\x80-\uffff])", text))
        return alone / len(letters)
    # The letters of daily use come first in these tables. Korean uses only Hangul, fewer rows than the Chinese.
    table, first, last = DAILY[charset]
    common = 0
    for letter in letters:
        try:
            common += first <= letter.encode(table)[0] <= last
        except UnicodeEncodeError:
            pass
    return common / len(letters) if charset != "euc-kr" or common / len(letters) > 0.97 else 0


def csv_records(path, delimiter, width):
    """Each record as (physical line where it starts, cells); cells are None where the quotation marks are wrong.
    Empty lines are no records, except in a table of one column."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        while True:
            try:
                cells = next(reader)
                if cells or width == 1:
                    yield line, cells
            except StopIteration:
                return
            except csv.Error:
                yield line, None
            line = reader.line_num + 1

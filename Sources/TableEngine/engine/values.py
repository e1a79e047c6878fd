"""The types of cells: which texts are of one, and as what they are stored. All as SQL on a column of texts."""

STORED = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    # With a zone, because Delta's `timestamp` is an instant.
    "datetime": "TIMESTAMPTZ",
    "text": "VARCHAR",
}
DELTA = {
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "text": "string",
}
STORED_BY_DELTA = {DELTA[kind]: stored for kind, stored in STORED.items()}

# As Unicode's White_Space, which Swift's `isWhitespace` follows.
BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"

_NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
_CLOCK = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
_ZONE = r"(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
YEAR = r"[0-9]{4}"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"
_TRUE = "('true', 'yes', '1', '是')"
_FALSE = "('false', 'no', '0', '否')"


def held(cell, kind):
    """As a cell is held: blank ones as null, and those of other types than text without blanks around them. Most cells
    begin with a plain letter, which tells fast that they are not blank."""
    value = cell if kind == "text" else trimmed(cell)
    is_plain = f"{cell} >= '!' AND {cell} < chr(127)"
    return f"CASE WHEN {is_plain} THEN {value} WHEN trim({cell}, '{BLANKS}') <> '' THEN {value} END"


def trimmed(cell):
    """Trimming takes longer than seeing that there is nothing to trim."""
    is_bare = f"{cell} >= '!' AND NOT suffix({cell}, ' ') AND NOT suffix({cell}, '\t')"
    return f"CASE WHEN {is_bare} THEN {cell} ELSE trim({cell}, ' \t') END"


def matches(cell, pattern):
    return f"regexp_full_match({cell}, '{pattern}')"


def typed(value, kind):
    """A text as it is stored, without blanks around it; null where it is not of the type."""
    if kind == "text":
        return value
    if kind == "integer":
        return f"CASE WHEN {matches(value, '[+-]?[0-9]+')} THEN TRY_CAST({value} AS BIGINT) END"
    if kind == "number":
        number = f"TRY_CAST({value} AS DOUBLE)"
        return f"CASE WHEN {matches(value, _NUMBER)} AND isfinite({number}) THEN {number} END"
    if kind == "boolean":
        return f"CASE WHEN lower({value}) IN {_TRUE} THEN true WHEN lower({value}) IN {_FALSE} THEN false END"
    if kind == "date":
        midnight = _DAY + r"[T ]00:00(:00([.]0+)?)?"
        return (
            f"CASE WHEN {value} < '0001' THEN NULL WHEN {matches(value, _DAY)} THEN TRY_CAST({value} AS DATE) "
            f"WHEN {matches(value, '[0-9]{8}')} THEN TRY_CAST({_hyphened(value)} AS DATE) "
            f"WHEN {matches(value, midnight)} THEN TRY_CAST(left({value}, 10) AS DATE) END"
        )
    return (
        f"CASE WHEN {value} < '0001' THEN NULL WHEN {matches(value, f'{_DAY}({_CLOCK}{_ZONE}?)?')} "
        f"THEN TRY_CAST({value} AS TIMESTAMPTZ) "
        f"WHEN {matches(value, '[0-9]{8}')} THEN TRY_CAST({_hyphened(value)} AS TIMESTAMPTZ) END"
    )


def place(value, kind):
    """Where a value stands among those of its type, as ColumnType.swift says: a double; null where it is none."""
    if kind == "integer":
        number = f"TRY_CAST({value} AS DOUBLE)"
        return f"CASE WHEN {matches(value, '[+-]?[0-9]+')} AND isfinite({number}) THEN {number} END"
    if kind == "number":
        return typed(value, "number")
    if kind == "boolean":
        return f"CASE WHEN lower({value}) IN {_TRUE} THEN 1.0 WHEN lower({value}) IN {_FALSE} THEN 0.0 END"
    return (
        f"epoch(CASE WHEN {value} < '0001' THEN NULL "
        f"WHEN {matches(value, YEAR)} THEN TRY_CAST({value} || '-01-01' AS TIMESTAMPTZ) "
        f"WHEN {matches(value, MONTH)} THEN TRY_CAST({value} || '-01' AS TIMESTAMPTZ) "
        f"WHEN {matches(value, _DAY + _ZONE)} THEN TRY_CAST(left({value}, 10) AS TIMESTAMPTZ) "
        f"ELSE {typed(value, 'datetime')} END)"
    )


def _hyphened(value):
    return f"(left({value}, 4) || '-' || substr({value}, 5, 2) || '-' || right({value}, 2))"


def written(value, stored):
    """A stored value as text: ISO 8601, whole numbers without a point."""
    if stored == "DOUBLE":
        return (
            f"CASE WHEN {value} = trunc({value}) AND abs({value}) < 1e15 THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({value} AS VARCHAR) END"
        )
    if stored == "TIMESTAMPTZ":
        moment = f"CAST({value} AS TIMESTAMP)"
        return (
            f"CASE WHEN microsecond({moment}) % 1000000 = 0 THEN strftime({moment}, '%Y-%m-%dT%H:%M:%SZ') "
            f"ELSE strftime({moment}, '%Y-%m-%dT%H:%M:%S.%fZ') END"
        )
    return f"CAST({value} AS VARCHAR)"


def cell_of(value, stored):
    """A value of a Parquet file as the text that is checked. Whole numbers often come as doubles, for their nulls."""
    alike = {"FLOAT": "DOUBLE", "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    return written(value, alike.get(stored, stored))

"""The job `rows`: a few rows of a revision, by a condition that a buyer states in SQL's words.

The condition is parsed by DuckDB and written anew from what is allowed of it; what the buyer wrote is never run.
"""

import json
import threading

import duckdb

from database import name, text, text_list
from refusal import Refused
from values import STORED_BY_DELTA, written

LIMIT_MOST = 10_000
OPEN = {}
OPEN_MOST = 4
# Beyond, a JSON reader that holds numbers as doubles would change them.
EXACT = 2**53
BEFORE = "SELECT 1 WHERE (\n"
DEEPEST = 100

COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}
OPERATORS = {
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
    "~~": "LIKE",
    "!~~": "NOT LIKE",
    "~~*": "ILIKE",
    "!~~*": "NOT ILIKE",
}
TYPES = {
    "integer": "BIGINT", "int": "BIGINT", "bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN",
    "bool": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ",
    "timestamp with time zone": "TIMESTAMPTZ", "varchar": "VARCHAR", "text": "VARCHAR",
}  # fmt: skip


def rows(job, limits):
    types = {column["name"]: STORED_BY_DELTA[column["type"]] for column in job["columns"]}
    selected = job.get("select") or list(types)
    for column in selected:
        if column not in types:
            _refuse("select", f"There is no column '{column[:80]}'.", f"没有列“{column[:80]}”。")
    order = ", ".join(_order(column, types) for column in job.get("order") or [])
    limit, offset = _counts(job)
    database = _database(limits, job["parts"])
    condition = Condition(types).read(database, job.get("where"))
    fields = ", ".join(f"{_shown(column, types[column])} AS {name(column)}" for column in selected)
    source, standing = _reading(job["parts"], order, types)
    found = _within(
        job.get("milliseconds", 2000),
        database,
        f"SELECT {fields} FROM " f"(SELECT * FROM {source} WHERE {condition} {standing} LIMIT {limit} OFFSET {offset})",
    )
    return {"header": selected, "rows": [[_json(value) for value in row] for row in found], "count": len(found)}


def _database(limits, parts):
    """Making one takes longer than most reads, and what it may read is settled then: so the last ones are kept."""
    known = tuple(parts)
    database = OPEN.pop(known, None) or limits.connect(parts)
    OPEN[known] = database
    while len(OPEN) > OPEN_MOST:
        OPEN.pop(next(iter(OPEN))).close()
    return database


def _reading(parts, order, types):
    """- Returns: where to read, and the order. Without one the rows come as they stand, and reading ends at the limit;
    with one, equal rows stay as they stand, so that pages fit together."""
    if not order:
        return f"read_parquet({text_list(parts)})", ""
    if {"file_row_number", "#file"} & set(types):
        return f"read_parquet({text_list(parts)})", f"ORDER BY {order}"
    standing = f'list_position({text_list(parts)}, "#file"), file_row_number'
    return (
        f"read_parquet({text_list(parts)}, file_row_number = true, filename = '#file')",
        f"ORDER BY {order}, {standing}",
    )


def _refuse(field, en, zh):
    raise Refused({"field": field, "en": en, "zh": zh})


def _order(column, types):
    plain = column.removeprefix("-")
    if column in types:
        return f"{name(column)} ASC NULLS LAST"
    if plain not in types:
        _refuse("order", f"There is no column '{plain[:80]}'.", f"没有列“{plain[:80]}”。")
    return f"{name(plain)} DESC NULLS LAST"


def _counts(job):
    limit, offset = job.get("limit", 100), job.get("offset", 0)
    for number, most in ((limit, LIMIT_MOST), (offset, 2**53)):
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
            _refuse(
                "limit",
                f"The limit is from 0 to {LIMIT_MOST}, the offset not less than 0.",
                f"limit 须为 0 至 {LIMIT_MOST}，offset 不得小于 0。",
            )
    return limit, offset


def _shown(column, stored):
    return written(name(column), stored) if stored in ("DATE", "TIMESTAMPTZ") else name(column)


def _json(value):
    return str(value) if isinstance(value, int) and abs(value) > EXACT else value


def _within(milliseconds, database, sql):
    is_done = threading.Event()
    threading.Thread(target=_interrupt, args=(database, milliseconds / 1000, is_done), daemon=True).start()
    try:
        return database.execute(sql).fetchall()
    except duckdb.InterruptException:
        _refuse(
            "where",
            f"The rows were not found within {milliseconds} ms: narrow the condition, or download the table.",
            f"未能在 {milliseconds} 毫秒内找到：请缩小条件，或下载整表。",
        )
    except (
        duckdb.ConversionException,
        duckdb.OutOfRangeException,
        duckdb.BinderException,
        duckdb.InvalidInputException,
    ) as error:
        reason = _reason(error)
        _refuse("where", f"The condition cannot be computed: {reason}", f"条件无法计算：{reason}")
    finally:
        is_done.set()


def _interrupt(database, seconds, is_done):
    """More than once: while a query is still being planned, DuckDB may not hear it."""
    while not is_done.wait(seconds):
        database.interrupt()
        seconds = 0.05


def _reason(error):
    return str(error).split("\n")[0].split(": ", 1)[-1][:200]


class Condition:
    """What a buyer may ask, written anew."""

    def __init__(self, types):
        self.types = types
        self.folded = {column.lower(): column for column in types}
        self.stated = ""
        self.depth = 0

    def read(self, database, stated):
        if stated is None or not stated.strip():
            return "true"
        self.stated = stated
        # Alone too: in brackets `a) OR (b` would be a condition.
        self._parsed(database, "SELECT 1 WHERE" + " " * (len(BEFORE) - 14) + stated)
        tree = self._parsed(database, BEFORE + stated + "\n)")
        node, *others = [statement["node"] for statement in tree["statements"]]
        if others or not self._is_plain(node):
            self._refuse("more than a condition", "条件以外的内容", {})
        return self.write(node["where_clause"])

    def _parsed(self, database, sql):
        try:
            (tree,) = database.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
        except duckdb.Error as error:
            _refuse("where", f"The condition cannot be read: {_reason(error)}", f"条件无法读取：{_reason(error)}")
        try:
            tree = json.loads(tree)
        except RecursionError:
            self._refuse("such deep nesting", "如此深的嵌套", {})
        if tree["error"]:
            self._refuse_syntax(tree)
        return tree

    def _is_plain(self, node):
        """Only the selection that the condition was put into."""
        return (
            node["type"] == "SELECT_NODE"
            and not node["modifiers"]
            and not node["cte_map"]["map"]
            and len(node["select_list"]) == 1
            and node["select_list"][0]["class"] == "CONSTANT"
            and node["from_table"]["type"] == "EMPTY"
            and not node["group_expressions"]
            and not node["group_sets"]
            and all(node[part] is None for part in ("having", "sample", "qualify"))
            and node["where_clause"] is not None
        )

    def write(self, node):
        self.depth += 1
        writers = {
            "COLUMN_REF": self._column,
            "CONSTANT": self._constant,
            "COMPARISON": self._comparison,
            "CONJUNCTION": self._conjunction,
            "OPERATOR": self._operator,
            "BETWEEN": self._between,
            "FUNCTION": self._function,
            "CAST": self._cast,
        }
        writer = writers.get(node["class"])
        if writer is None or self.depth > DEEPEST:
            words = node["class"].lower().replace("_", " ")
            self._refuse(f"a {words}" if writer is None else "more than 100 levels", words, node)
        written = f"({writer(node)})"
        self.depth -= 1
        return written

    def _column(self, node):
        names = node["column_names"]
        column = names[0] if names[0] in self.types else self.folded.get(names[0].lower())
        if len(names) != 1 or column is None:
            self._refuse(f"no column '{'.'.join(names)[:80]}'", f"列“{'.'.join(names)[:80]}”", node, is_unknown=True)
        return name(column)

    def _constant(self, node):
        literal = node.get("literal") or {}
        kind, value = literal.get("kind"), str(literal.get("text", ""))
        if kind in ("INTEGER", "NUMERIC") and value and all(letter in "0123456789+-.eE" for letter in value):
            return value
        if kind == "STRING":
            return text(value)
        if kind == "BOOLEAN" and value.lower() in ("true", "false"):
            return value
        if kind == "NULL":
            return "NULL"
        return self._refuse("such a constant", "这样的常量", node)

    def _comparison(self, node):
        if node["type"] not in COMPARISONS:
            self._refuse("such a comparison", "这样的比较", node)
        return f"{self.write(node['left'])} {COMPARISONS[node['type']]} {self.write(node['right'])}"

    def _conjunction(self, node):
        word = {"CONJUNCTION_AND": " AND ", "CONJUNCTION_OR": " OR "}[node["type"]]
        return word.join(self.write(child) for child in node["children"])

    def _operator(self, node):
        children = node["children"]
        if node["type"] == "OPERATOR_NOT":
            return f"NOT {self.write(children[0])}"
        if node["type"] in ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"):
            return f"{self.write(children[0])} {node['type'][9:].replace('_', ' ')}"
        if node["type"] in ("COMPARE_IN", "COMPARE_NOT_IN"):
            listed = ", ".join(self.write(child) for child in children[1:])
            return f"{self.write(children[0])} {'NOT ' if node['type'] == 'COMPARE_NOT_IN' else ''}IN ({listed})"
        return self._refuse(node["type"].removeprefix("OPERATOR_").lower().replace("_", " "), "该运算", node)

    def _between(self, node):
        return f"{self.write(node['input'])} BETWEEN {self.write(node['lower'])} AND {self.write(node['upper'])}"

    def _function(self, node):
        operator = OPERATORS.get(node["function_name"]) if node.get("is_operator") else None
        children = [argument["expression"] for argument in node["arguments"]]
        plain = not node["schema"] and not node["filter"] and not node["distinct"] and not node["order_bys"]["orders"]
        if operator is None or not plain or len(children) not in (1, 2):
            self._refuse(f"the function '{node['function_name'][:40]}'", f"函数“{node['function_name'][:40]}”", node)
        if len(children) == 1:
            if operator not in ("+", "-"):
                self._refuse("such an operator", "该运算", node)
            return f"{operator}{self.write(children[0])}"
        return f"{self.write(children[0])} {operator} {self.write(children[1])}"

    def _cast(self, node):
        kind = node["type_expr"]
        simple = TYPES.get(kind.get("type_name", "").lower())
        if simple is None or kind.get("children") or kind.get("schema"):
            self._refuse(
                f"a cast to '{kind.get('type_name', '')[:40]}'", f"转换为“{kind.get('type_name', '')[:40]}”", node
            )
        return f"{'TRY_CAST' if node['try_cast'] else 'CAST'}({self.write(node['child'])} AS {simple})"

    def _position(self, node):
        """In letters of what was stated, from 1; DuckDB counts bytes."""
        place = node.get("query_location", -1) - len(BEFORE)
        stated = self.stated.encode()
        return len(stated[:place].decode("utf-8", "ignore")) + 1 if 0 <= place <= len(stated) else None

    def _refuse(self, en, zh, node, is_unknown=False):
        position = self._position(node)
        where_en, where_zh = (f" (at letter {position})", f"（第 {position} 个字符处）") if position else ("", "")
        if is_unknown:
            _refuse("where", f"There is {en}{where_en}.", f"没有{zh}{where_zh}。")
        _refuse("where", f"The condition may not hold {en}{where_en}.", f"条件中不允许使用{zh}{where_zh}。")

    def _refuse_syntax(self, tree):
        position = self._position({"query_location": int(tree.get("position") or -1)})
        where_en, where_zh = (f" (at letter {position})", f"（第 {position} 个字符处）") if position else ("", "")
        reason = tree.get("error_message", "").split("\n")[0][:200]
        _refuse("where", f"The condition cannot be read: {reason}{where_en}.", f"条件无法读取：{reason}{where_zh}。")

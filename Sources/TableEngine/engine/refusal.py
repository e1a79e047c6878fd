"""What keeps a table from being taken, said in Chinese and English with the place where it stands."""

SHOWN = 80


class Refused(Exception):
    """The input is at fault, not the engine. Carries what the answer says under "refused"."""

    def __init__(self, answer):
        super().__init__(str(answer)[:200])
        self.answer = answer


class Problems:
    """The first problems found, and how many there are in all."""

    def __init__(self, most):
        self.most = most
        self.count = 0
        self.named = []

    def add(self, rule, en, zh, file=None, line=None, row=None, column=None, value=None):
        self.count += 1
        if len(self.named) < self.most:
            self.named.append(problem(rule, en, zh, file, line, row, column, value))

    def add_unnamed(self, count):
        self.count += count

    def refuse_if_any(self):
        if self.count:
            raise Refused({"count": self.count, "problems": self.named})


def problem(rule, en, zh, file=None, line=None, row=None, column=None, value=None):
    value = None if value is None else shortened(value)
    return {"file": file, "line": line, "row": row, "column": column, "value": value, "rule": rule, "zh": zh, "en": en}


def refuse(rule, en, zh, **place):
    problems = Problems(1)
    problems.add(rule, en, zh, **place)
    problems.refuse_if_any()


def shortened(text, most=SHOWN):
    text = str(text).replace("\0", "\ufffd")
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(names, most=20):
    """Names for a sentence: there may be thousands."""
    shown = ", ".join(f"'{shortened(name, 40)}'" for name in names[:most])
    return shown + (f", … ({len(names)})" if len(names) > most else "")

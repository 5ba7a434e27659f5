"""Parameters as TypeScript, for papermill: it has no translator of its own, and finds this one by an entry point."""

import json
import math
import re

from papermill.engines import NBClientEngine as Engine  # what the entry point has to name
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

DECLARATION = re.compile(
    r"^\s*(?:export\s+)?(?:const|let|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?)\s*;?\s*(?://\s*(.*))?$"
)


class TypeScriptTranslator(Translator):
    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "NaN"
        if math.isinf(val):
            return "Infinity" if val > 0 else "-Infinity"
        return repr(val)

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val)

    @classmethod
    def translate_escaped_str(cls, str_val):
        return json.dumps(str(str_val))

    @classmethod
    def translate_dict(cls, val):
        return "{ " + ", ".join(f"{json.dumps(str(k))}: {cls.translate(v)}" for k, v in val.items()) + " }"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(map(cls.translate, val)) + "]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        # Any name may be declared anew by a later cell, a constant too.
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = map(DECLARATION.match, parameters_cell["source"].splitlines())
        return [
            Parameter(name=m[1], inferred_type_name=m[2] or "None", default=m[3], help=m[4] or "")
            for m in found
            if m
        ]


for name in ("gradbook", "typescript", "javascript"):
    papermill_translators.register(name, TypeScriptTranslator)

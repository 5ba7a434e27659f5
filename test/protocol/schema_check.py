"""Which of the messages on stdin jupyter_kernel_test's own schemas accept: true, false, or null for no schema."""

import json
import sys

from jsonschema import ValidationError
from jupyter_kernel_test import msgspec_v5

HEADER = {"msg_id": "k", "username": "u", "session": "s", "date": "", "version": "5.5"}


def verdict(msg_type, content):
    if msg_type not in msgspec_v5.schema_fragments:
        return None
    message = {
        "header": {**HEADER, "msg_type": msg_type},
        "parent_header": {},
        "metadata": {},
        "content": content,
    }
    try:
        msgspec_v5.validate_message(message, msg_type)
        return True
    except ValidationError:
        return False


print(json.dumps([verdict(*message) for message in json.load(sys.stdin)]))

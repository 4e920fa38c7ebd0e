"""Grades notebooks: student code runs in a sandbox, the tests run where it cannot reach them."""

import sys

# Importing nbformat makes jsonschema compile a grammar of web addresses: a second of CPU for a check that
# no notebook needs. Without this module jsonschema leaves that one format unchecked.
sys.modules.setdefault("rfc3987_syntax", None)

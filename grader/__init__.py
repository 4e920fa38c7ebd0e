"""Grades notebooks: student code runs in a sandbox, the tests run where it cannot reach them."""

import sys

# Importing nbformat makes jsonschema prepare checks of web addresses and durations, for more than a second
# of CPU; no notebook needs them. Without these modules jsonschema leaves those formats unchecked.
for _name in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
    sys.modules.setdefault(_name, None)

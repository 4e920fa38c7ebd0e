"""In place of the module of this name, whose grammars take seconds to build; jsonschema does without it."""

raise ImportError("the tests do without it")

"""Grades notebooks: student code runs in a sandbox, the tests run where it cannot reach them."""

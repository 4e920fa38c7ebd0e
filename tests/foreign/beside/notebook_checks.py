"""Checks by name, which look into the notebook for what they check."""

import inspect

RIGHT = {"area": 49}


class Notebook:
    def __init__(self, names=None):
        self.names = names

    def check(self, name):
        names = self.names or inspect.currentframe().f_back.f_globals
        assert names.get(name) == RIGHT[name], f"{name} is wrong"
        print(name, "passed")

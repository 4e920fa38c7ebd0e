"""What to ask where an answer ends like a slip. It is true of all that give these numbers."""

from __future__ import annotations

COMES_OUT = "Your result is what comes out when "  # how each of them begins

FACTOR = (
    "Your result is what comes out when one factor or divisor is left out."
    " Which one is missing, and what does it stand for?"
)
WITHOUT = (
    "Your result is what comes out when `{}` is left out at one place."
    " Where should it come in, and as what: a term, a factor?"
)
TURNED = (
    "Your result is what comes out when there is a product in the place of a quotient, or the reverse."
    " Which of the two is asked for, and where?"
)
PLUS = (
    "Your result is what comes out when a sum stands where a product belongs."
    " What does the formula say there?"
)
POWER = "Your result is what comes out when a square or a root is left out. Where does the formula have one?"
AXIS = (
    "Your result is what comes out when a sum, mean or maximum goes along the wrong axis."
    " Which axis should disappear, and which stay?"
)
WHOLE = (
    "Your result is what comes out when one sum, mean or maximum is taken over everything at once."
    " For what should there be one each?"
)
TRANSPOSE = (
    "Your result is what comes out when a transpose is missing."
    " What do rows and columns of each factor count?"
)
RESHAPED = (
    "Your result is what comes out when a `reshape` stands for a transpose."
    " Which numbers stand in the first row of the one, and which in that of the other?"
)
REVERSED = (
    "Your result is what comes out when one comparison is turned round."
    " On which side of it does each case belong?"
)
ONE_OFF = (
    "Your result is what comes out when a loop, a slice or an index is one place off."
    " Which is the first one that counts, and which the last?"
)
FIXED = (
    "Your result is what comes out when one index stands still, at the first place, while `{}` goes on."
    " Which of your lines should look at another place in each round?"
)
TURNED_ROUND = (
    "Your result is what comes out when the first two axes of `{}` have changed places."
    " What do they count, and in which order do you go along them?"
)
SKIPPED = (
    "Your result is what comes out when one function is not applied at one place: `{}`."
    " What should go through it, and what does?"
)
FUNCTION = (
    "Your result is what comes out when one step of the formula is not applied: {}. Where does it belong?"
)
CONFUSED = (
    "Your result is what comes out when `{}` stands once where `{}` belongs."
    " Which of your lines mixes them up?"
)
STALE = (
    "Your result is what comes out when one variable stands where another one belongs."
    " Does each line go on with what the line above has made?"
)
TOO_SOON = (
    "Your result is what comes out when a loop ends after its first round. How far is your `return` indented?"
)
LEFT_OUT = (
    "Your result is what comes out when one step is left out."
    " Go through the docstring's steps: which one does your function not make, or not keep?"
)
BRANCH = (
    "Your result is what comes out when one of two cases is always taken."
    " What decides between them, and is it asked each time?"
)
OPPOSITE = (
    "Your result is what comes out when the two cases have changed places. Which one is meant for which?"
)
BOTH = (
    "Your result is what comes out when `and` stands for `or`, or the reverse, or a `not` is missing."
    " When should the condition hold?"
)
RESULTS = (
    "Your result is what comes out when two results have changed places."
    " In which order does the docstring name them?"
)
ARGUMENTS = (
    "Your result is what comes out when two arguments of one call have changed places."
    " In which order does the `def` line of that function name them?"
)
KEY = (
    "Your result is what comes out when one thing is taken from a dict under another one's name."
    " Which of your lines reaches for the wrong key?"
)
TWICE = "Your result is what comes out when one step is made twice. Which of your lines runs once too often?"
SIGN = (
    "Your result is what comes out when one sign is turned, a plus for a minus or the reverse."
    " Go through your formula: which one is it?"
)
SWAPPED = (
    "Your result is what comes out when the two sides of one difference, quotient or product"
    " have changed places."
    " Which one comes first?"
)
TERM = (
    "Your result is what comes out when one term of a sum is left out."
    " Hold your formula beside the docstring's: which term is missing?"
)
MEAN = (
    "Your result is what comes out when a mean stands where a sum belongs, or the reverse."
    " Which of the two does the docstring ask for?"
)
LARGER = (
    "Your result is what comes out when the larger one is taken where the smaller one belongs,"
    " or the reverse."
    " Which one is asked for?"
)
LIMIT = (
    "Your result is what comes out when an equal counts to the wrong side of one comparison."
    " What should happen exactly on the border?"
)
NUMBER = (
    "Your result is what comes out when a number of the formula is another one."
    " Compare yours, one by one, with those of the docstring."
)
LAST_ONLY = (
    "Your result is what comes out when each round of a loop replaces what the rounds before have made."
    " What should be gathered, and how?"
)
TIMES = (
    "Your result is what comes out when a product stands where a sum belongs."
    " What does the formula say there?"
)
KIN = (
    "Your result is what comes out when `{}` stands at one place for `{}`, or what does the same."
    " Which of the two does the docstring ask for?"
)
ONE_LIMIT = (
    "Your result is what comes out when there is a limit on one side alone."
    " What happens to what lies beyond the other one?"
)
SLICE = (
    "Your result is what comes out when all of something is taken where a part of it belongs."
    " Which part does the docstring mean?"
)
DIRECTION = (
    "Your result is what comes out when things are sorted the other way round. Which one should come first?"
)
EARLY = (
    "Your result is what comes out when a function is applied too early, before all that it needs is in."
    " What should stand inside its brackets?"
)
LATE = (
    "Your result is what comes out when a function is applied too late, to more than it should get."
    " What should stand inside its brackets?"
)
NESTED = (
    "Your result is what comes out when two functions are applied in the other order. Which one comes first?"
)
LINES = (
    "Your result is what comes out when two steps are made in the other order."
    " Go through the docstring's: which one comes first?"
)
LOOPS = (
    "Your result is what comes out when two loops are nested the other way round."
    " Which of the two goes through all its rounds within one of the other's?"
)
ONCE = (
    "Your result is what comes out when something is made once, before the loop."
    " What has to be made anew in each round?"
)
ANEW = (
    "Your result is what comes out when something starts anew in each round of a loop."
    " What should a round keep of the one before?"
)
FACTOR_TWICE = (
    "Your result is what comes out when one factor or divisor comes in twice."
    " Which one is it: does a line take it in that a line above has taken in already?"
)
WEIGHT = (
    "Your result is what comes out when one term counts twice, or half."
    " Which one has a factor too many, or too few?"
)
SQUARED = (
    "Your result is what comes out when `{}` is squared at one place."
    " Where is it once too often in a product?"
)
SIZE = (
    "Your result is what comes out when the sign of `{}` is lost at one place."
    " Which of your lines treats what is negative like what is positive?"
)
SIGN_OF_ALL = (
    "Your result is what comes out when one of the results has the other sign."
    " Which minus is missing, or one too many?"
)
HALF = (
    "Your result is what comes out when one of the results is doubled, or halved."
    " Where does a 2 come from in your formula, and where in the docstring's?"
)
LENGTH = (
    "Your result is what comes out when one of the results is divided by the length of `{}` once too often,"
    " or not at all."
    " Is a sum asked for or a mean?"
)
OF_ONE_FORM = {TERM, WEIGHT, FACTOR_TWICE, TOO_SOON, LAST_ONLY, LEFT_OUT}
"""What is true of one way to write an answer, and may make no sense to who wrote another."""

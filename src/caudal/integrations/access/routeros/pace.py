"""How many commands may be under way at once: more while the router keeps up, fewer when not."""

import math

START = 48  # enough to hide a round trip; a burst beyond it is for routers that show they can
MOST = 256
KEEPS_UP = 3  # answers no slower than this many times the quickest
OVERLOADED = 10


class Pace:
    """One connection's window. A round is as many answers as the window is wide."""

    def __init__(self) -> None:
        self.window = START
        self.begin()

    def begin(self) -> None:
        """Nothing is under way: the first answers tell anew how quick the router is by itself."""
        self._quickest = math.inf
        self._slowest = 0.0
        self._answers = 0

    def answered(self, seconds: float) -> None:
        """A command was answered after so long; at the end of a round the window is set anew."""
        self._quickest = min(self._quickest, seconds)
        self._slowest = max(self._slowest, seconds)
        self._answers += 1
        if self._answers >= self.window:
            self.window = self._next()
            self._slowest, self._answers = 0.0, 0

    def _next(self) -> int:
        if self._slowest <= KEEPS_UP * self._quickest:
            return min(self.window * 2, MOST)
        if self._slowest > OVERLOADED * self._quickest:
            return max(self.window // 2, START)
        return self.window

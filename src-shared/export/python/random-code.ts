/** The numbers of util/random.ts in Python. */

/** Defines the class `Random`. */
export const randomCode = `class Random:
    """sfc32 (Chris Doty-Humphrey): the same keys give the same numbers as in Layerloom."""

    def __init__(self, *keys):
        state = 0x9E3779B9
        for key in keys:
            state = self.mix(state ^ self.mix(key + len(keys)))
        self.a, self.b, self.c = state, self.mix(state + 1), self.mix(state + 2)
        self.counter = 1
        for _ in range(15):
            self.next()

    @staticmethod
    def mix(key):
        key &= 0xFFFFFFFF
        key = ((key ^ key >> 16) * 0x85EBCA6B) & 0xFFFFFFFF
        key = ((key ^ key >> 13) * 0xC2B2AE35) & 0xFFFFFFFF
        return key ^ key >> 16

    def next(self):
        """From 0 to 2^32 - 1."""
        result = (self.a + self.b + self.counter) & 0xFFFFFFFF
        self.counter = (self.counter + 1) & 0xFFFFFFFF
        self.a = self.b ^ self.b >> 9
        self.b = (self.c + (self.c << 3)) & 0xFFFFFFFF
        turned = (self.c << 21 | self.c >> 11) & 0xFFFFFFFF
        self.c = (turned + result) & 0xFFFFFFFF
        return result

    def below(self, limit):
        """From 0 to limit - 1, all equally likely."""
        complete = 2**32 - 2**32 % limit
        value = self.next()
        while value >= complete:
            value = self.next()
        return value % limit

    def permutation(self, length):
        """The numbers from 0 to length - 1 in random order."""
        order = [0] * length
        for index in range(1, length):
            other = self.below(index + 1)
            order[index] = order[other]
            order[other] = index
        return order`;

/** Images that stand for what a file takes where that is no image of known sizes. */

/** Put in the place of sizes that the file leaves open. */
export const OPEN_SIZE = 224;

/** Height, width and channels from the sizes that the file says; a vector becomes one channel. */
export function imageFor(known: readonly number[]): readonly number[] {
  const [first = OPEN_SIZE, second = OPEN_SIZE, third] = known;
  if (known.length === 1) {
    const side = Math.sqrt(first);
    return Number.isInteger(side) ? [side, side, 1] : [1, first, 1];
  }
  return [first, second, third ?? (known.length === 2 ? 1 : 3)];
}

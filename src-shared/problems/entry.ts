/** The shape of one entry of the problem catalogue. */
import type { Text } from '../texts/text';

export interface ProblemText {
  /** What came, with the received values, and what was expected. */
  readonly message: Text;
  /** How to mend it. */
  readonly hint: Text;
}

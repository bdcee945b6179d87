/** A user's mistake as data: a code, a place and the values; the words stand in the catalogue. */
import type { Command } from '../document/commands';
import type { TextArguments } from '../texts/text';
import type { ProblemCode } from './catalogue';
import type { FixCode } from './fixes';

export type { ProblemCode };

/** A way to mend a problem with one press: commands for the document, labelled by a catalogue code. */
export interface Fix {
  readonly code: FixCode;
  readonly args: TextArguments;
  readonly commands: readonly Command[];
}

export interface Problem {
  readonly code: ProblemCode;
  /** An error stops training; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** Id of the node where it shows, if there is one. */
  readonly node?: string;
  /** Port of that node, such as `in` or `in1`. */
  readonly port?: string;
  /** Parameter of that node, or training setting when there is no node. */
  readonly param?: string;
  /** Where inside a block, if the node is one: `conv1`, or `residual1/conv1` in a block inside it. */
  readonly part?: string;
  /** What came and what was expected, for the message. */
  readonly args: TextArguments;
  readonly fixes?: readonly Fix[];
}

/** Where and with which values; `problem` adds the severity. */
export type ProblemPlace = Omit<Problem, 'code' | 'severity' | 'args'>;

/** An error of the given code. */
export function problem(code: ProblemCode, args: TextArguments = {}, place: ProblemPlace = {}): Problem {
  return { code, severity: 'error', args, ...place };
}

/** A warning of the given code: shown, but training may start. */
export function warning(code: ProblemCode, args: TextArguments = {}, place: ProblemPlace = {}): Problem {
  return { ...problem(code, args, place), severity: 'warning' };
}

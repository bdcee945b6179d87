/** What a command of the command line is. */
import type { Arguments, Syntax } from './arguments';
import type { Context } from './context';
import type { ExitCode } from './outcome';

export interface Command {
  readonly syntax: Syntax;
  /** Runs it; a Refusal thrown from it is reported and becomes the exit code. */
  readonly run: (context: Context, args: Arguments) => ExitCode | Promise<ExitCode>;
}

/** What every command gets: language, places, and where to write. */
import { formatProblem } from '@shared/problems/format';
import { type Problem, problem } from '@shared/problems/problem';
import { usageTexts } from '@shared/texts/cli';
import { formatText } from '@shared/texts/format';
import type { Locale, Text, TextArguments } from '@shared/texts/text';
import { Refusal } from './outcome';

export interface ContextOptions {
  readonly locale: Locale;
  /** Absolute path of the built engine entry. */
  readonly engineEntry: string;
  /** Folder of the programs that time tfjs-layers, Keras and PyTorch; not there in the packaged app. */
  readonly peerPrograms: string;
  readonly version: string;
  writeOut(text: string): void;
  writeError(text: string): void;
}

export class Context {
  constructor(readonly options: ContextOptions) {}

  get locale(): Locale {
    return this.options.locale;
  }

  text(text: Text, args?: TextArguments): string {
    return formatText(text, this.locale, args);
  }

  /** A line of the result. */
  print(line = ''): void {
    this.options.writeOut(`${line}\n`);
  }

  /** One object of the result, as one line of JSON. */
  printJson(value: unknown): void {
    this.options.writeOut(`${JSON.stringify(value)}\n`);
  }

  /** A message beside the result. */
  say(line: string): void {
    this.options.writeError(`${line}\n`);
  }

  report(found: Problem): void {
    const { message, hint } = formatProblem(found, this.locale);
    this.say(`layerloom: ${message} ${hint}`);
  }

  /** A mistake in the request, in the user's words. */
  misuse(key: keyof typeof usageTexts, args?: TextArguments): Refusal {
    return new Refusal([problem('cli/bad-usage', { reason: this.text(usageTexts[key], args) })]);
  }
}

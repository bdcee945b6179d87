/** Help texts, made from the commands' own syntax. */
import { commandDetails, commandTexts, optionTexts, outputTexts } from '@shared/texts/cli';
import type { OptionName, OptionSpec } from './arguments';
import type { Command } from './command';
import type { Context } from './context';
import { formatTable } from './table';

/** The list of commands. */
export function printOverview(context: Context, commands: readonly Command[]): void {
  context.print(`${context.text(outputTexts.usage)} layerloom COMMAND [ARGUMENTS]`);
  context.print();
  context.print(context.text(outputTexts.commands));
  const rows = commands.map((command) => [`  ${command.syntax.command}`, summary(context, command)]);
  for (const line of formatTable(rows, ['left', 'left'])) context.print(line);
  context.print();
  context.print(context.text(outputTexts.moreHelp));
  context.print(context.text(outputTexts.exitCodes));
}

/** Usage, purpose and options of one command. */
export function printHelp(context: Context, command: Command): void {
  const { command: name, positionals, repeatsLast, options } = command.syntax;
  const words = positionals.map((word, i) =>
    repeatsLast && i === positionals.length - 1 ? `${word}...` : word,
  );
  context.print([context.text(outputTexts.usage), 'layerloom', name, ...words, '[OPTIONS]'].join(' '));
  context.print();
  context.print(summary(context, command));
  const details = commandDetails[name];
  if (details) context.print(context.text(details));
  context.print();
  context.print(context.text(outputTexts.options));
  const rows = Object.entries(options).map(([option, spec]) => optionRow(context, option, spec));
  const further = (command.syntax.further ?? []).map((option) => [
    `  --${option.name} ${option.value}`,
    context.text(option.text),
  ]);
  for (const line of formatTable([...rows, ...further], ['left', 'left'])) context.print(line);
}

function summary(context: Context, { syntax }: Command): string {
  return context.text(commandTexts[syntax.command]);
}

function optionRow(context: Context, name: string, { short, value }: OptionSpec): string[] {
  const flags = [...(short === undefined ? [] : [`-${short}`]), `--${name}`].join(', ');
  return [
    `  ${flags}${value === undefined ? '' : ` ${value}`}`,
    context.text(optionTexts[name as OptionName]),
  ];
}

/** `layerloom new`: a template as a file. */
import { writeFile } from 'node:fs/promises';
import { templateProblems } from '@shared/compile/template-problems';
import { serialiseDocument } from '@shared/document/serialise';
import type { Shape } from '@shared/ir/types';
import { problem } from '@shared/problems/problem';
import { type Preset, type Template, templateOf, type TemplateOptions, templates } from '@shared/templates';
import { outputTexts } from '@shared/texts/cli';
import type { Arguments } from '../arguments';
import type { Command } from '../command';
import type { Context } from '../context';
import { systemReason } from '../document-file';
import { type ExitCode, Refusal } from '../outcome';

export const newCommand: Command = {
  syntax: {
    command: 'new',
    options: {
      output: { value: 'FILE.loom', short: 'o' },
      input: { value: 'HxWxC' },
      classes: { value: 'N' },
      'width-divisor': { value: 'N' },
      preset: { value: 'PRESET' },
      force: {},
      help: { short: 'h' },
    },
    positionals: ['TEMPLATE'],
  },
  run: async (context, args): Promise<ExitCode> => {
    const name = args.positionals[0] ?? '';
    const template = templateOf(name);
    if (!template) {
      const known = templates.map(({ id }) => id).join(', ');
      throw context.misuse('unknownTemplate', { template: name, known });
    }
    const path = args.required('output');
    const input = readShape(context, args);
    const classes = args.count('classes', 2);
    const preset = readPreset(context, args, template);
    const widthDivisor = readDivisor(context, args, template);
    const options: TemplateOptions = {
      ...(input === undefined ? {} : { input }),
      ...(classes === undefined ? {} : { classes }),
      ...(preset === undefined ? {} : { preset }),
      ...(widthDivisor === undefined ? {} : { widthDivisor }),
    };
    const mistakes = templateProblems(template, options);
    if (mistakes.length > 0) throw new Refusal(mistakes, 2);
    await write(context, path, serialiseDocument(template.create(options)), args.has('force'));
    context.say(context.text(outputTexts.wrote, { path }));
    return 0;
  },
};

/** One of those that the template has: the textbook does not train every network. */
function readPreset(context: Context, args: Arguments, { presets }: Template): Preset | undefined {
  const value = args.text('preset');
  if (value === undefined) return undefined;
  const preset = presets.find((each) => each === value);
  if (preset === undefined)
    throw context.misuse('notChoice', { option: '--preset', value, choices: presets.join(', ') });
  return preset;
}

function readDivisor(context: Context, args: Arguments, { id, hasWidths }: Template): number | undefined {
  const divisor = args.count('width-divisor');
  if (divisor !== undefined && !hasWidths)
    throw context.misuse('noWidths', { template: id, option: '--width-divisor' });
  return divisor;
}

function readShape(context: Context, args: Arguments): Shape | undefined {
  const value = args.text('input');
  if (value === undefined) return undefined;
  const sizes = /^(\d+)[x×](\d+)[x×](\d+)$/i.exec(value)?.slice(1).map(Number);
  if (!sizes) throw context.misuse('notShape', { option: '--input', value });
  return sizes;
}

async function write(context: Context, path: string, text: string, isForced: boolean): Promise<void> {
  try {
    // `wx` refuses an existing file in the same step as it creates one.
    await writeFile(path, text, { flag: isForced ? 'w' : 'wx' });
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'EEXIST') throw context.misuse('fileExists', { path });
    if (reason === undefined) throw error;
    throw new Refusal([problem('file/cannot-write', { path, reason })]);
  }
}

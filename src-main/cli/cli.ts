/** Entry of the command line: finds the command, runs it, and turns its outcome into an exit code. */
import { join } from 'node:path';
import { pickLocale } from '@shared/texts/locale';
import { version } from '../../package.json';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { benchCommand } from './commands/bench';
import { doctorCommand } from './commands/doctor';
import { evaluateCommand } from './commands/evaluate';
import { exportCommand } from './commands/export';
import { importCommand } from './commands/import';
import { inspectCommand } from './commands/inspect';
import { newCommand } from './commands/new';
import { predictCommand } from './commands/predict';
import { templatesCommand } from './commands/templates';
import { trainCommand } from './commands/train';
import { Context } from './context';
import { printHelp, printOverview } from './help';
import { type ExitCode, Refusal } from './outcome';

const commands: readonly Command[] = [
  templatesCommand,
  newCommand,
  inspectCommand,
  trainCommand,
  evaluateCommand,
  predictCommand,
  exportCommand,
  importCommand,
  benchCommand,
  doctorCommand,
];

const context = new Context({
  locale: pickLocale([
    process.env['LAYERLOOM_LOCALE'] ||
      process.env['LC_ALL'] ||
      process.env['LC_MESSAGES'] ||
      process.env['LANG'] ||
      '',
  ]),
  engineEntry: join(import.meta.dirname, 'engine.js'),
  peerPrograms: join(import.meta.dirname, '..', '..', 'scripts', 'bench', 'peers'),
  version,
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
});

// `layerloom inspect | head`: a reader that has gone is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await run(process.argv.slice(2));

/** Reports what the command was refused for. */
async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    return await runCommand(argv);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const found of error.problems) context.report(found);
    return error.exitCode;
  }
}

async function runCommand([name, ...rest]: readonly string[]): Promise<ExitCode> {
  if (name === '--help' || name === '-h' || name === 'help') {
    printOverview(context, commands);
    return 0;
  }
  if (name === '--version') {
    context.print(version);
    return 0;
  }
  const command = findCommand(name);
  const args = parseArguments(context, command.syntax, rest);
  if (args.has('help')) {
    printHelp(context, command);
    return 0;
  }
  return command.run(context, args);
}

function findCommand(name: string | undefined): Command {
  if (name === undefined) throw context.misuse('noCommand');
  const found = commands.find(({ syntax }) => syntax.command === name);
  if (found) return found;
  const known = commands.map(({ syntax }) => syntax.command).join(', ');
  throw context.misuse('unknownCommand', { command: name, known });
}

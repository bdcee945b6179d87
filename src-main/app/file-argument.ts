/** The file that a command line names. */
import { resolve } from 'node:path';

/** Switches of Electron that take the next argument as their value. */
const switchesWithValue = new Set(['-r', '--require']);

/**
 * The first argument that is neither a switch nor the app itself, as an absolute path; undefined where there is none.
 * `argv` is `process.argv`: the program first, and in an unpackaged run the app's folder after it.
 */
export function fileArgument(
  argv: readonly string[],
  workingDirectory: string,
  appPath: string,
): string | undefined {
  const args = argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? '';
    if (switchesWithValue.has(argument)) i++;
    else if (argument !== '' && !argument.startsWith('-')) {
      const path = resolve(workingDirectory, argument);
      if (path !== resolve(appPath)) return path;
    }
  }
  return undefined;
}

// Display libraries of the operating system that Electron needs: missing ones are named, never installed.
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findElectron } from './electron.mjs';
import { run } from './process.mjs';

/** Debian's package of each library that Electron's binary asks for. */
const PACKAGE_OF = {
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libgbm.so.1': 'libgbm1',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
};

/** @param {string} program */
export function isOnPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Names of the libraries that the linker does not find. @param {string} output of ldd */
export const missingLibraries = (output) =>
  [...output.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1] ?? '');

/** @param {string} library */
const packageOf = (library) => Object.entries(PACKAGE_OF).find(([name]) => name === library)?.[1] ?? library;

/** Since 2024 some of Debian's and Ubuntu's packages end in t64. @param {string} name */
async function currentName(name) {
  const { code, output } = await run('apt-cache', ['show', `${name}t64`], { timeoutMs: 10_000 });
  return code === 0 && output.includes('Package:') ? `${name}t64` : name;
}

/** @returns {Promise<string | undefined>} what is missing, as a sentence */
export async function missingSystemPackages() {
  const runtime = findElectron();
  if (process.platform !== 'linux' || !runtime) return undefined;
  // The runtime brings some libraries of its own (libffmpeg), which lie beside the executable.
  const { output } = await run('ldd', [runtime.executable], {
    env: { LD_LIBRARY_PATH: dirname(runtime.executable) },
  });
  const wanted = missingLibraries(output).map(packageOf);
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'] && !isOnPath('xvfb-run'))
    wanted.push('xvfb');
  if (wanted.length === 0) return undefined;
  const names = await Promise.all([...new Set(wanted)].sort().map(currentName));
  return `Electron needs system packages that are missing: run "sudo apt-get install ${names.join(' ')}" (or your system's equivalent).`;
}

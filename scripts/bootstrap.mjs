// Everything that an installation needs, made ready; safe to run at any time.
import { pathToFileURL } from 'node:url';
import { say } from './bootstrap/process.mjs';

/**
 * Runs every part in turn. The parts are imported one by one because they use npm packages that the first brings.
 * @returns {Promise<{missing: string[], fatal: boolean}>} sentences, and whether the app cannot work without them
 */
export async function bootstrap() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return {
      missing: [`Node ${process.versions.node} is too old: install Node 20.19 or newer.`],
      fatal: true,
    };
  }
  const { bootstrapPackages } = await import('./bootstrap/packages.mjs');
  const packages = await bootstrapPackages();
  if (packages) return { missing: [packages], fatal: true };
  const { bootstrapTensorflow, bootstrapTensorflowGpu } = await import('./bootstrap/tensorflow.mjs');
  const { bootstrapElectron } = await import('./bootstrap/electron.mjs');
  const { bootstrapDatasets } = await import('./bootstrap/datasets.mjs');
  const { missingSystemPackages } = await import('./bootstrap/system.mjs');
  const needed = [await bootstrapTensorflow(), await bootstrapElectron()].filter(
    (text) => text !== undefined,
  );
  const wished = [
    await bootstrapTensorflowGpu(),
    ...(await bootstrapDatasets()),
    await missingSystemPackages(),
  ];
  return {
    missing: [...needed, ...wished.filter((text) => text !== undefined)],
    fatal: needed.length > 0,
  };
}

/** Runs the bootstrap and prints the outcome in one clear sentence per missing thing.
 * @returns {Promise<boolean>} whether the app can work */
export async function bootstrapOrExplain() {
  const { missing, fatal } = await bootstrap();
  if (missing.length === 0) say('everything is there');
  for (const sentence of missing) say(sentence);
  return !fatal;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await bootstrapOrExplain()) ? 0 : 1;
}

// What the machine has to compute with.
import { existsSync } from 'node:fs';
import { run } from './process.mjs';

/** Whether an NVIDIA device is present (its driver answers). */
export async function hasNvidia() {
  if (process.platform === 'darwin') return false;
  if (
    process.platform === 'linux' &&
    !existsSync('/proc/driver/nvidia/version') &&
    !existsSync('/dev/nvidiactl')
  ) {
    return false;
  }
  const { code, output } = await run('nvidia-smi', ['-L'], { timeoutMs: 10_000 });
  return code === 0 && output.includes('GPU');
}

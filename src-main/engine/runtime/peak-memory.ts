/** The most memory that this process has held. */
import { readFileSync } from 'node:fs';

/** In bytes. Linux counts the parent's memory before exec in what `resourceUsage` says, so its own file is read there. */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return highWaterMark(readFileSync('/proc/self/status', 'utf8'));
}

/** `VmHWM` of a status file, in bytes. */
export function highWaterMark(status: string): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('/proc/self/status has no line VmHWM');
  return Number(kibibytes) * 1024;
}

/** What the processor can multiply by itself. */
import { readFileSync } from 'node:fs';

/** Linux names the instructions of x86 (`flags`) and ARM (`Features`); elsewhere none are known. */
export function processorInstructions(): string {
  return process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : '';
}

/** Whether a list of a processor's instructions has those that multiply bf16. */
export function hasBf16(cpuinfo: string): boolean {
  return /\b(avx512_bf16|amx_bf16|bf16)\b/.test(cpuinfo);
}

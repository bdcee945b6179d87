/** Whether this process may run: Chromium's sandbox is given up for root only, and never silently. */
import { nativeDialogTexts } from '@shared/texts/menu';
import type { Text } from '@shared/texts/text';

export interface SandboxVerdict {
  readonly mayRun: boolean;
  /** For standard error. */
  readonly message?: Text;
}

/** `userId` is undefined on Windows, where there is no root. */
export function judgeSandbox(hasNoSandboxSwitch: boolean, userId: number | undefined): SandboxVerdict {
  if (!hasNoSandboxSwitch) return { mayRun: true };
  if (userId === 0) return { mayRun: true, message: nativeDialogTexts.noSandboxAsRoot };
  return { mayRun: false, message: nativeDialogTexts.noSandboxRefused };
}

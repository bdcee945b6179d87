/** Whether the page still runs its own code. */
import type { WebContents } from 'electron';

const PATIENCE_MS = 3000;

/** False when the page has crashed, or does not answer within three seconds. */
export async function isPageAlive(contents: WebContents): Promise<boolean> {
  if (contents.isDestroyed() || contents.isCrashed()) return false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const answer = contents.executeJavaScript('true').then(
    () => true,
    () => false,
  );
  const isAlive = await Promise.race([answer, tooLate]);
  clearTimeout(timer);
  return isAlive;
}

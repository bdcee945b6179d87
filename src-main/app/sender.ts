/** Who may call the main process: the top frame of our own window, showing our own page. */
import { HOST, SCHEME } from './assets';

export interface Sender {
  /** Whether the message comes from the web contents of the app's window. */
  readonly isOwnWindow: boolean;
  /** False for frames inside the page; there are none, so nothing in one may speak. */
  readonly isMainFrame: boolean;
  readonly url: string;
}

/** `devServer` is the address of the development server, never given in a packaged app. */
export function isTrustedSender(sender: Sender, devServer?: string): boolean {
  return sender.isOwnWindow && sender.isMainFrame && isOwnPage(sender.url, devServer);
}

/** Whether `url` is a page of the app: scheme and host (and port of the development server) must agree. */
export function isOwnPage(url: string, devServer?: string): boolean {
  const address = parse(url);
  if (!address) return false;
  if (address.protocol === `${SCHEME}:` && address.host === HOST) return true;
  const dev = devServer === undefined ? null : parse(devServer);
  return dev !== null && address.protocol === dev.protocol && address.host === dev.host;
}

function parse(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

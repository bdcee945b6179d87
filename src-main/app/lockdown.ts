/** What a page may never do: go elsewhere, open windows, embed pages, ask for permissions. */
import type { Session, WebContents } from 'electron';
import { isOwnPage } from './sender';

/**
 * Applies to every web contents that is created. `devServer` is the development server's address, whose page reloads
 * itself by navigating; a packaged app gives none.
 */
export function lockWebContents(contents: WebContents, devServer?: string): void {
  const refuse = (event: { preventDefault(): void; readonly url: string }): void => {
    if (devServer === undefined || !isOwnPage(event.url, devServer)) event.preventDefault();
  };
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Denies every permission and device, asked for or looked up. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

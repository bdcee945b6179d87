/** The app's window: sandboxed, without Node, in the colours of the theme from the first frame. */
import { BrowserWindow, nativeTheme } from 'electron';
import type { Theme } from '@shared/ipc/app.contract';
import { START_PAGE } from './assets';

// The page's own background in each theme, so that nothing flashes before it has drawn.
const backgrounds = { light: '#f6f7f9', dark: '#0f1216' } as const;

export interface WindowOptions {
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly theme: Theme;
  readonly devServer: string | undefined;
}

/** Creates the window and begins to load its page; it shows itself as soon as there is something to see. */
export function openWindow({ preload, theme, devServer }: WindowOptions): BrowserWindow {
  applyTheme(theme);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Layerloom',
    backgroundColor: themeBackground(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  // A window may be closed before it was ever ready.
  window.once('ready-to-show', () => {
    if (!window.isDestroyed()) window.show();
  });
  // The page names the document in its own title; the window's title is set by the document state alone.
  window.on('page-title-updated', (event) => event.preventDefault());
  void window.loadURL(devServer ?? START_PAGE);
  return window;
}

/** Makes the page's `prefers-color-scheme` follow the preference. */
export function applyTheme(theme: Theme, window?: BrowserWindow): void {
  nativeTheme.themeSource = theme;
  window?.setBackgroundColor(themeBackground());
}

function themeBackground(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light;
}

/** Title bar: name of the document, and a mark while it has changes. */
export function showDocumentState(window: BrowserWindow, name: string, isDirty: boolean): void {
  window.setTitle(name === '' ? 'Layerloom' : `${isDirty ? '• ' : ''}${name} – Layerloom`);
  window.setDocumentEdited(isDirty);
}

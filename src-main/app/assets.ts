/** Which file answers a request of the page, and with which headers. */
import { extname, join, normalize, sep } from 'node:path';
import { contentSecurityPolicy } from './csp';

export const SCHEME = 'app';
export const HOST = 'bundle';
export const START_PAGE = `${SCHEME}://${HOST}/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file below `root` that `url` asks for, or null where it names another host or leads out of `root`. */
export function resolveAsset(root: string, url: string): string | null {
  const path = decodedPath(url);
  if (path === null) return null;
  const folder = normalize(root).replace(/[\\/]+$/, '') + sep;
  const file = normalize(join(folder, path));
  return file.startsWith(folder) && file !== folder ? file : null;
}

function decodedPath(url: string): string | null {
  try {
    const { protocol, host, pathname } = new URL(url);
    if (protocol !== `${SCHEME}:` || host !== HOST) return null;
    const path = decodeURIComponent(pathname);
    return path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

/** Headers of every answer; isolation headers give the page high-resolution clocks and shared memory. */
export function assetHeaders(file: string): Record<string, string> {
  return {
    'Content-Type': contentTypes[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Content-Security-Policy': contentSecurityPolicy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** Serves the built page under `app://bundle/`, so that it has an origin of its own and real headers. */
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { assetHeaders, resolveAsset, SCHEME } from './assets';

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Answers requests from the files below `root`; what is not there, or not below it, is 404. */
export function serveAssets(root: string): void {
  protocol.handle(SCHEME, async (request) => {
    const file = resolveAsset(root, request.url);
    const bytes = file === null ? null : await readFile(file).catch(() => null);
    if (file === null || bytes === null) {
      return new Response('Not found', { status: 404, headers: assetHeaders('.txt') });
    }
    return new Response(new Uint8Array(bytes), { headers: assetHeaders(file) });
  });
}

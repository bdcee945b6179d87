/** Where this user's cache folder lies; docs/bootstrap.md lists what is in it. */

export interface UserPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
}

/** `LAYERLOOM_CACHE`, else the platform's folder for caches; scripts/bootstrap/paths.mjs computes the same. */
export function userCacheFolder({ environment, platform, home }: UserPlace): string {
  const named = environment['LAYERLOOM_CACHE'];
  if (named) return named;
  if (platform === 'darwin') return `${home}/Library/Caches/layerloom`;
  if (platform === 'win32') {
    return `${environment['LOCALAPPDATA'] || `${home}\\AppData\\Local`}\\layerloom\\Cache`;
  }
  return `${environment['XDG_CACHE_HOME'] || `${home}/.cache`}/layerloom`;
}

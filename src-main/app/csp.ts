/** The Content-Security-Policy of every page that the app serves: nothing from anywhere but the app itself. */

// `style-src-attr`: Svelte and Svelte Flow write static `style="..."` attributes; style elements stay forbidden.
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

// The pictures of the README: a Playwright run of its own, since it writes into docs/images.
import base from './playwright.config';

export default {
  ...base,
  testDir: 'tests/screenshots',
  timeout: 180_000,
  outputDir: 'test-results/screenshots',
};

// npm run build: the npm packages are enough for it, so it does not bootstrap.
import { build } from './tools.mjs';

process.exitCode = (await build()) ? 0 : 1;

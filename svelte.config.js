// Svelte's options, shared by Vite, Vitest, ESLint and svelte-check.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess() };

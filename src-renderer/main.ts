/** The page's entry: puts the state together, mounts the window, and says so when something of ours breaks. */
import { mount } from 'svelte';
import './zod-without-eval';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { AppState } from './state/app.svelte';
import { engineOpener } from './training/engine-link';

const app = new AppState(window.layerloom, engineOpener(window.layerloom));

function report(reason: unknown): void {
  app.interface.crash = reason instanceof Error ? reason.message : String(reason);
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element #app');

await app.start();
mount(App, { target, props: { app } });
// The device is named in the top bar and the first run starts at once; the window comes first.
requestIdleCallback(() => void app.run.warmUp(), { timeout: 2000 });

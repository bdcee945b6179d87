/** Hands the canvas's gestures to its wires, which Svelte Flow makes. */
import { createContext } from 'svelte';
import type { CanvasGestures } from './canvas-gestures.svelte';

const [getWireContext, setWireContext] = createContext<Pick<CanvasGestures, 'hoveredWire'>>();
export { getWireContext, setWireContext };

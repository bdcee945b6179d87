/** What the pointer does on the canvas: dragging, connecting, reconnecting and dropping, each one step of the history. */
import type { Connection } from '@xyflow/svelte';
import { OUTPUT_PORT } from '@shared/document/ports';
import type { Endpoint, Position } from '@shared/document/types';
import { definitionOf } from '@shared/nodes/resolve';
import { DRAGGED_TYPE, readDragged } from '../components/dragged';
import { canConnect, fitsOnWire, typeOf, wiredPorts } from '../editing/connections';
import type { AppState } from '../state/app.svelte';
import type { FlowEdge, FlowNode } from './flow-items';
import type { FlowProjection } from './projection.svelte';

type Ends = Pick<Connection, 'source' | 'target'> & {
  sourceHandle?: string | null | undefined;
  targetHandle?: string | null | undefined;
};

/** The ports of a connection as the document names them. */
export function endpoints({ source, sourceHandle, target, targetHandle }: Ends): {
  from: Endpoint;
  to: Endpoint;
} {
  return { from: [source, sourceHandle ?? OUTPUT_PORT], to: [target, targetHandle ?? 'in'] };
}

export class CanvasGestures {
  readonly #app: AppState;
  readonly #projection: FlowProjection;
  /** Key of the wire that a dragged node would be put into. */
  dropWire = $state.raw<string | undefined>(undefined);
  /** The wire whose ends can be taken: the one that the pointer was on last. */
  hoveredWire = $state.raw<string | undefined>(undefined);
  isDragging = false;
  /** Key of the wire of which an end is being dragged. */
  liftedWire = $state.raw<string | undefined>(undefined);

  constructor(app: AppState, projection: FlowProjection) {
    this.#app = app;
    this.#projection = projection;
  }

  isValid(connection: Ends): boolean {
    const { from, to } = endpoints(connection);
    return canConnect(this.#app.documents.document, from, to);
  }

  connect(connection: Ends): void {
    const { from, to } = endpoints(connection);
    this.#app.editor.connect(from, to);
  }

  startReconnect(edge: FlowEdge): void {
    this.liftedWire = edge.id;
  }

  reconnect(edge: FlowEdge, connection: Ends): void {
    const { from, to } = endpoints(connection);
    this.#app.editor.reconnect(endpoints(edge).to, from, to);
  }

  /** The end of a wire that is let go over nothing is taken off. */
  endReconnect(edge: FlowEdge, isOverPort: boolean): void {
    this.liftedWire = undefined;
    if (!isOverPort) this.#app.editor.disconnect(endpoints(edge).to);
  }

  /** A wire dropped into empty space asks which node belongs there. */
  endConnect(node: string, port: string | null, isSource: boolean, position: Position): void {
    if (this.liftedWire !== undefined) return;
    const target = isSource
      ? ({ kind: 'after', from: [node, port ?? OUTPUT_PORT], position } as const)
      : ({ kind: 'before', to: [node, port ?? 'in'], position } as const);
    this.#app.interface.open({ kind: 'nodes', target });
  }

  startDrag(): void {
    this.isDragging = true;
    this.#projection.isDragAbandoned = false;
  }

  drag(nodes: readonly FlowNode[], x: number, y: number): void {
    const [only] = nodes;
    const canDrop = nodes.length === 1 && only !== undefined && this.#isLoose(only.id);
    this.dropWire = canDrop ? wireAt(x, y) : undefined;
  }

  /** Escape while dragging: everything goes back to where it was. */
  abandonDrag(): boolean {
    if (!this.isDragging) return false;
    this.#projection.abandonDrag();
    this.dropWire = undefined;
    return true;
  }

  endDrag(nodes: readonly FlowNode[]): void {
    this.isDragging = false;
    const wire = this.dropWire;
    this.dropWire = undefined;
    if (this.#projection.isDragAbandoned) {
      this.#projection.isDragAbandoned = false;
      return;
    }
    const gesture = this.#app.documents.startGesture();
    const round = ({ x, y }: Position) => ({ x: Math.round(x), y: Math.round(y) });
    this.#app.editor.moveTo(Object.fromEntries(nodes.map(({ id, position }) => [id, round(position)])));
    const target = wire === undefined ? undefined : this.#app.documents.document.wires[wire]?.to;
    const [only] = nodes;
    if (target !== undefined && only !== undefined) this.#app.editor.moveOntoWire(only.id, target);
    gesture.squash();
  }

  dragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes(DRAGGED_TYPE)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.dropWire = wireAt(event.clientX, event.clientY);
  }

  drop(event: DragEvent, position: Position): void {
    const { document } = this.#app.documents;
    const kind = readDragged(event.dataTransfer?.getData(DRAGGED_TYPE) ?? '');
    const definition = kind && definitionOf(document, kind);
    const wire = document.wires[this.dropWire ?? ''];
    this.dropWire = undefined;
    if (kind === undefined || definition === undefined) return;
    event.preventDefault();
    if (wire !== undefined && fitsOnWire(definition)) {
      this.#app.editor.addNode(kind, { kind: 'wire', to: wire.to, position });
    } else this.#app.editor.addNode(kind, { kind: 'free', position });
  }

  /** Without any wire, and of a type that fits into one. */
  #isLoose(node: string): boolean {
    const { document } = this.#app.documents;
    const definition = typeOf(document, node);
    const feeds = Object.values(document.wires).some(({ from }) => from[0] === node);
    return (
      definition !== undefined && fitsOnWire(definition) && !feeds && wiredPorts(document, node).length === 0
    );
  }
}

/** The wire under the pointer, nodes in between or not. */
function wireAt(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const wire = element.closest<SVGGElement>('.svelte-flow__edge');
    if (wire !== null) return wire.dataset['id'];
  }
  return undefined;
}

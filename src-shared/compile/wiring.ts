/** Which input ports of a node must have a wire, and what is wrong where they have none. */
import type { InferIssue, NodeDefinition } from '../nodes/define';

/** Ports that must have a wire: all of a variadic node's that have one, and at least its minimum. */
export function portsToWire({ inputs }: NodeDefinition, wired: number): readonly string[] {
  if (inputs.kind === 'none') return [];
  if (inputs.kind === 'single') return ['in'];
  if (inputs.kind === 'named') return inputs.ports;
  return Array.from({ length: Math.max(inputs.min, wired) }, (_, i) => `in${i}`);
}

/** Ports of the node called `name` that lack a wire, and wires to ports that it does not have. */
export function wiringIssues(
  name: string,
  definition: NodeDefinition,
  wired: ReadonlySet<string>,
): readonly InferIssue[] {
  const ports = portsToWire(definition, wired.size);
  const missing = ports
    .filter((port) => !wired.has(port))
    .map((port): InferIssue => ({ code: 'graph/input-missing', args: { port, name }, port }));
  const unknown = [...wired]
    .filter((port) => !ports.includes(port))
    .map((port): InferIssue => ({ code: 'graph/unknown-port', args: { port, name }, port }));
  return [...missing, ...unknown];
}

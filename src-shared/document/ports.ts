/** Numbered input ports `in0`, `in1`, ...: their order is data and they have no gaps. */

/** The port by which a node with one input takes it. */
export const INPUT_PORT = 'in';
export const OUTPUT_PORT = 'out';

/** `in07` is no port of ours: two spellings of one port would be two wires on it. */
const NUMBERED_PORT = /^in(0|[1-9]\d{0,8})$/;

/** The number of a variadic port, or undefined where the port is another kind. */
export function portNumber(port: string): number | undefined {
  const digits = NUMBERED_PORT.exec(port)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function numberedPort(index: number): string {
  return `${INPUT_PORT}${index}`;
}

/** From each numbered port to the one that it becomes once gaps are closed; other ports are left out. */
export function closedPorts(ports: Iterable<string>): ReadonlyMap<string, string> {
  const numbered = [...ports].flatMap((port) => {
    const number = portNumber(port);
    return number === undefined ? [] : [{ port, number }];
  });
  numbered.sort((a, b) => a.number - b.number);
  return new Map(numbered.map(({ port }, index) => [port, numberedPort(index)]));
}

/** A strict little reader of XML, so that a broken SVG is noticed: elements, attributes and texts, nothing else. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const tag = /^<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)\s*(\/?)>/;

/** The root element; throws for anything that is not well-formed. */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let at = 0;
  while (at < text.length) {
    const top = open.at(-1);
    if (top === undefined) throw new Error('more elements end than begin');
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      top.text += decode(text.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? text.length : end;
      continue;
    }
    const match = tag.exec(text.slice(at));
    if (match === null) throw new Error(`no tag at ${text.slice(at, at + 80)}`);
    const [whole, ending, name = '', attributes = '', empty] = match;
    at += whole.length;
    if (ending !== '') {
      if (top.name !== name) throw new Error(`${name} ends where ${top.name} is open`);
      open.pop();
      continue;
    }
    const element: XmlElement = { name, attributes: attributesOf(attributes), children: [], text: '' };
    top.children.push(element);
    if (empty === '') open.push(element);
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || only === undefined || others.length > 0) throw new Error('not one whole element');
  return only;
}

/** The element and all inside it. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(elementsOf)];
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(text.matchAll(/([\w:-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, decode(value)]),
  );
}

function decode(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare ampersand in ${text.slice(0, 80)}`);
  // eslint would be right to forbid these in our texts; here they are looked for.
  if ([...text].some((character) => character < ' ' && !'\n\t'.includes(character))) {
    throw new Error('a control character');
  }
  return text.replace(/&#(\d+);/g, (_all, point: string) => String.fromCodePoint(Number(point)));
}

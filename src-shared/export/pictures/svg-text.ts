/** Pieces of SVG: numbers, texts that are cut where they would leave their place, and the picture around them. */
import { xmlText } from '../literals';
import { sans } from './theme';

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** At most two digits: coordinates in pixels need no more. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Attributes in order; those that are undefined are left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [` ${name}="${typeof value === 'number' ? number(value) : value}"`],
    )
    .join('');
}

export function element(
  name: string,
  values: Readonly<Record<string, string | number | undefined>>,
  content = '',
): string {
  return content === ''
    ? `<${name}${attributes(values)}/>`
    : `<${name}${attributes(values)}>${content}</${name}>`;
}

interface TextOptions {
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  readonly family?: string;
  /** In pixels; a longer text ends in an ellipsis, and is whole in the element's title. */
  readonly room?: number;
  /** Drawn around the letters, so that they can be read over lines. */
  readonly halo?: string;
}

/** `y` is the baseline. */
export function text(x: number, y: number, content: string, options: TextOptions): string {
  const { size, fill, anchor, weight, family, room = Infinity, halo } = options;
  const shown = fitted(content, room / size, weight !== undefined && weight >= 600);
  const title = shown === content ? '' : `<title>${xmlText(content)}</title>`;
  const style = {
    ...{ x, y, fill, 'font-size': size, 'font-weight': weight, 'font-family': family },
    'text-anchor': anchor === 'start' ? undefined : anchor,
    ...(halo !== undefined && { stroke: halo, 'stroke-width': 4, 'paint-order': 'stroke' }),
  };
  return element('text', style, `${title}${xmlText(shown)}`);
}

/** Width in pixels, about: there is nothing here that could measure it. */
export function textWidth(content: string, size: number, isBold = false): number {
  return [...content].reduce((sum, character) => sum + widthOf(character), 0) * size * (isBold ? 1.07 : 1);
}

/** In units of the font's size, a little on the wide side of common sans-serif fonts. */
function widthOf(character: string): number {
  if (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(character))
    return 1;
  if (/\p{Extended_Pictographic}/u.test(character)) return 1.2;
  if (/[iIljt.,:;'|!()[\]\s·fr]/.test(character)) return 0.37;
  if (/[mwMW@%]/.test(character)) return 0.9;
  if (/[A-Z×]/.test(character)) return 0.68;
  return 0.6;
}

function fitted(content: string, ems: number, isBold: boolean): string {
  if (textWidth(content, 1, isBold) <= ems) return content;
  const characters = [...content];
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, 1, isBold) > ems) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  /** For readers that do not see it. */
  readonly title: string;
  /** Absent for a transparent one. */
  readonly background?: string;
}

/** One whole SVG file. */
export function picture({ width, height, title, background }: Frame, content: readonly string[]): Picture {
  const ground = background === undefined ? [] : [element('rect', { width, height, fill: background })];
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...{ width, height, viewBox: `0 0 ${number(width)} ${number(height)}`, role: 'img' },
      'font-family': sans,
    },
    ['', `<title>${xmlText(title)}</title>`, ...ground, ...content, ''].join('\n'),
  );
  return { svg: `${svg}\n`, width, height };
}

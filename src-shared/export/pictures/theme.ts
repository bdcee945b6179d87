/** Colours and fonts of pictures: those of the window, as literals, for an SVG stands alone. */
import type { Category } from '../../nodes/define';
import { choice } from '../../params/fields';

export interface PictureTheme {
  readonly background: string;
  readonly box: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
  readonly wire: string;
  readonly bad: string;
  readonly train: string;
  readonly test: string;
  readonly categories: Readonly<Record<Category, string>>;
}

/** tests/shared/export/pictures.test.ts compares them with the window's. */
export const pictureThemes = {
  light: {
    background: '#f6f7f9',
    box: '#ffffff',
    line: '#dde2e9',
    lineStrong: '#7d8998',
    text: '#1a212b',
    dim: '#4b586d',
    faint: '#5c687d',
    wire: '#8895a7',
    bad: '#c02b2b',
    train: '#1768d6',
    test: '#b25400',
    categories: {
      'input-output': '#56637a',
      convolution: '#1768d6',
      pooling: '#c25a1a',
      dense: '#c02e72',
      normalization: '#7a4fd0',
      activation: '#16855a',
      regularization: '#0e8295',
      merge: '#9a7400',
      shape: '#6b5b4a',
      blocks: '#5f7a12',
    },
  },
  dark: {
    background: '#0f1216',
    box: '#1d222a',
    line: '#2a313b',
    lineStrong: '#6b7889',
    text: '#e6e9ee',
    dim: '#a3afbf',
    faint: '#8f9cad',
    wire: '#66758a',
    bad: '#ff7b7b',
    train: '#5aa9ff',
    test: '#f0b455',
    categories: {
      'input-output': '#93a0b1',
      convolution: '#5aa9ff',
      pooling: '#f2915a',
      dense: '#ff7eb6',
      normalization: '#b48cff',
      activation: '#4cc38a',
      regularization: '#4fc3d6',
      merge: '#f0c14b',
      shape: '#c2ab90',
      blocks: '#b5d14a',
    },
  },
} as const satisfies Record<string, PictureTheme>;

export const themeField = choice({
  default: 'light',
  choices: [
    { value: 'light', label: { en: 'Light', 'zh-CN': '浅色' } },
    { value: 'dark', label: { en: 'Dark', 'zh-CN': '深色' } },
  ],
  label: { en: 'Theme', 'zh-CN': '主题' },
  doc: { en: 'Colours of the picture.', 'zh-CN': '图片的配色。' },
});

/** Attribute values: without double quotes. */
export const sans =
  "Inter, system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Zen Hei', sans-serif";
export const mono =
  "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace";

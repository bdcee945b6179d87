/** What is chosen in the dialog for a new network, and what it would be. */
import { createAnalyser } from '@shared/compile/analyse';
import type { Analysis } from '@shared/compile/analysis';
import { templateProblems } from '@shared/compile/template-problems';
import type { ImageFolder } from '@shared/datasets/image-folder';
import { emptyDocument } from '@shared/document/create';
import { type Preset, templateOf, templates, type TemplateOptions } from '@shared/templates';
import type { Problem } from '@shared/problems/problem';

export const EMPTY = 'empty';

type Size = number | null | undefined;

export class NewNetwork {
  readonly #analyse = createAnalyser();
  /** Id of the template. */
  chosen = $state(templates[0]?.id ?? EMPTY);
  height = $state<Size>(undefined);
  width = $state<Size>(undefined);
  channels = $state<Size>(undefined);
  classes = $state<Size>(undefined);
  widthDivisor = $state<Size>(1);
  preset = $state<Preset>('own');
  usesFolder = $state(false);
  readonly template = $derived(templateOf(this.chosen));
  /** Undefined where a field holds no whole number that it may hold. */
  readonly options: TemplateOptions | undefined = $derived.by(() => {
    const { height, width, channels, classes, widthDivisor, preset } = this;
    const sizes = [height, width, channels, widthDivisor];
    const isSize = (size: Size, min: number): size is number => Number.isInteger(size) && Number(size) >= min;
    if (!sizes.every((size) => isSize(size, 1)) || !isSize(classes, 2)) return undefined;
    const input = [height, width, channels].map(Number);
    return {
      input,
      classes,
      preset,
      ...(this.template?.hasWidths && { widthDivisor: Number(widthDivisor) }),
    };
  });
  readonly analysis: Analysis | undefined = $derived.by(() => {
    if (this.options === undefined) return undefined;
    return this.#analyse(this.template?.create(this.options) ?? emptyDocument());
  });
  /** Why the network would not work with these options. */
  readonly problem: Problem | undefined = $derived(
    this.template && this.options && templateProblems(this.template, this.options, this.#analyse)[0],
  );

  /** `folder` is the image folder of the open document, for which the new network is made too unless told otherwise. */
  constructor(readonly folder?: ImageFolder) {
    this.usesFolder = folder !== undefined;
    this.choose(this.chosen);
  }

  /** What the new network learns from; undefined leaves it to the template. */
  get dataset(): string | undefined {
    return this.usesFolder ? this.folder?.id : undefined;
  }

  /** With the folder comes an output for each of its classes. */
  useFolder(isUsed: boolean): void {
    this.usesFolder = isUsed;
    this.#chooseClasses();
  }

  /** Options go back to those of the template. */
  choose(id: string): void {
    const { input = [] } = templateOf(id) ?? {};
    this.chosen = id;
    [this.height, this.width, this.channels] = input;
    this.#chooseClasses();
    this.widthDivisor = 1;
    this.preset = 'own';
  }

  #chooseClasses(): void {
    const ofFolder = this.usesFolder ? this.folder?.classNames.length : undefined;
    this.classes = ofFolder ?? this.template?.classes;
  }

  /** The textbook's settings go with a width of its own. */
  choosePreset(preset: Preset): void {
    this.preset = preset;
    this.widthDivisor = (preset === 'textbook' ? this.template?.textbookDivisor : undefined) ?? 1;
  }
}

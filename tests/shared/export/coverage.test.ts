/** Which node goes into which target: docs/exports.md; `npx vitest run --project shared export/coverage -u` writes it anew. */
import { describe, expect, it, test } from 'vitest';
import { allTargets, exportTargets } from '@shared/export';
import type { ExportInput } from '@shared/export/model';
import { type ExportedFile, type AnyTarget, isDrawing, supportProblems } from '@shared/export/target';
import { elementsPerSample } from '@shared/ir/shape';
import { nodeList } from '@shared/nodes';
import { defaultParams } from '@shared/params/fields';
import type { ParamSchema, ParamsOf } from '@shared/params/field';
import { formatProblem } from '@shared/problems/format';
import type { Problem } from '@shared/problems/problem';
import { locales } from '@shared/texts/text';
import { checkedTargets } from '../../../src-main/engine/export-checks';
import { exampleModels } from './examples';

const defaults = (target: AnyTarget): ParamsOf<ParamSchema> => defaultParams(target.options);

/** For each example of the node type, why the node itself cannot be exported. */
function issuesOf(target: AnyTarget, type: string): readonly (readonly Problem[])[] {
  return exampleModels
    .filter(({ definition }) => definition.type === type)
    .map(({ node, model }) =>
      supportProblems(target, model, defaults(target)).filter((issue) => issue.node === node.id),
    );
}

function cell(target: AnyTarget, type: string): string {
  const refused = issuesOf(target, type).filter((issues) => issues.length > 0).length;
  const all = issuesOf(target, type).length;
  return refused === 0 ? 'yes' : refused === all ? 'no' : 'partly';
}

/** Targets that refuse something somewhere, with the reasons. */
const reasons = (target: AnyTarget): readonly string[] => [
  ...new Set(
    nodeList.flatMap(({ type }) =>
      issuesOf(target, type)
        .flat()
        .map(
          (issue) =>
            `- \`${target.id}\`, ${type}: ${formatProblem(issue, 'en').message.replace(/^\S+: /, '')}`,
        ),
    ),
  ),
];

const introduction = `# Exports

\`layerloom export RUN --format FORMAT -o PATH [--check]\`, or File > Export... in the window. What a format cannot express
is said before anything is written, for each node.

## Formats

`;

test('docs/exports.md says which node goes into which format', async () => {
  const formats = allTargets.flatMap(({ id, title, doc, check }) => [
    `- \`${id}\`: ${title.en}. ${doc.en}${check === undefined ? '' : ` Check: ${check.en}`}`,
  ]);
  const header = ['node', ...allTargets.map(({ id }) => `\`${id}\``)];
  const rows = nodeList.map(({ type }) => [type, ...allTargets.map((target) => cell(target, type))]);
  const table = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const missing = allTargets.flatMap(reasons);
  const page = [
    introduction + formats.join('\n'),
    '## Nodes\n\nWith the default options, over the examples of each node; blocks are asked layer by layer.',
    table.join('\n'),
    ...(missing.length === 0 ? [] : ['## What is missing', missing.join('\n')]),
  ].join('\n\n');
  await expect(`${page}\n`).toMatchFileSnapshot('../../../docs/exports.md');
});

describe.each(allTargets)('$id', (target) => {
  it('says what it does in both languages, and which check it has', () => {
    for (const locale of locales) {
      expect(target.title[locale]).not.toBe('');
      expect(target.doc[locale]).toMatch(/[.。]$/);
    }
    expect(checkedTargets.includes(target.id)).toBe(target.check !== undefined);
  });

  it('has options whose names mean the same in other targets', () => {
    for (const [param, field] of Object.entries(target.options)) {
      for (const other of allTargets) {
        const same = other.options[param];
        if (same !== undefined) expect(same.control.kind).toBe(field.control.kind);
      }
    }
  });
});

function contents({ parts }: ExportedFile): string {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))).toString(
    'base64',
  );
}

function inputFor({ model, document }: (typeof exampleModels)[number], target: AnyTarget): ExportInput {
  const weights = model.layers.flatMap((layer) =>
    layer.weights.map(({ name, dims }) => {
      const values = Float32Array.from({ length: elementsPerSample(dims) }, (_, i) => Math.sin(i));
      return [name, { dims, values }] as const;
    }),
  );
  return {
    ...{ model, document, weights: new Map(weights), layerloomVersion: '0.0.0', locale: 'en' },
    origin: { kind: 'run', epochs: 1, steps: 2, history: [], stepHistory: [] },
    fileName: `model${target.output.kind === 'file' ? target.output.extension : ''}`,
  };
}

test.each(allTargets.filter(isDrawing))(
  '$id draws every example, blocks as blocks, the same bytes each time',
  (target) => {
    for (const { document, definition } of exampleModels) {
      const input = {
        document,
        name: 'net',
        fileName: 'net.svg',
        locale: 'en',
        layerloomVersion: '0.0.0',
      } as const;
      const drawn = () => {
        const made = target.draw(input, defaults(target));
        return JSON.stringify(made.ok ? made.value.files : made.error);
      };
      expect(drawn(), definition.type).toContain(definition.title.en);
      expect(drawn()).toBe(drawn());
    }
  },
);

test.each(exportTargets)('$id exports every example that it supports, the same bytes each time', (target) => {
  for (const example of exampleModels) {
    if (supportProblems(target, example.model, defaults(target)).length > 0) continue;
    const made = () => {
      const exported = target.export(inputFor(example, target), defaults(target));
      if (!exported.ok) throw new Error(`${example.definition.type}: ${JSON.stringify(exported.error)}`);
      return exported.value.files.map((file) => [file.path, contents(file)]);
    };
    expect(made(), example.definition.type).toEqual(made());
  }
});

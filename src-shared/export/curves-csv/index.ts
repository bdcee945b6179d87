/** The figures of a run as CSV. */
import { choice } from '../../params/fields';
import { invariant } from '../../util/assert';
import { success } from '../../util/result';
import { defineTarget } from '../target';

type Row = Readonly<Record<string, unknown>>;

export default defineTarget({
  id: 'curves-csv',
  group: 'picture',
  title: { en: 'Curves as CSV', 'zh-CN': '曲线（CSV）' },
  doc: {
    en: 'The figures of the run, one row for each step or epoch: for spreadsheets and scripts.',
    'zh-CN': '运行的数值，每步或每轮一行：用于电子表格和脚本。',
  },
  output: { kind: 'file', extension: '.csv' },
  options: {
    rows: choice({
      default: 'steps',
      choices: [
        { value: 'steps', label: { en: 'Steps', 'zh-CN': '每步' } },
        { value: 'epochs', label: { en: 'Epochs', 'zh-CN': '每轮' } },
      ],
      label: { en: 'Rows', 'zh-CN': '行' },
      doc: {
        en: 'Steps have the figures of their batch, epochs also those over the test images.',
        'zh-CN': '每步为其批量的数值，每轮还包括测试图像上的数值。',
      },
    }),
  },
  needsWeights: false,
  needsRun: true,
  support: () => undefined,
  export({ origin, fileName }, { rows }) {
    invariant(origin.kind === 'run', 'curves are written without a run');
    const { stepHistory = [], history } = origin;
    const steps = stepHistory.map(({ step, epoch, loss, accuracy, topK }): Row => ({
      step,
      epoch,
      loss,
      accuracy,
      topK,
    }));
    const epochs = history.map((record): Row => ({ ...record }));
    return success({ files: [{ path: fileName, parts: [table(rows === 'steps' ? steps : epochs, rows)] }] });
  },
});

const alwaysThere = {
  steps: ['step', 'epoch', 'loss', 'accuracy'],
  epochs: ['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds', 'samplesPerSecond'],
} as const;

/** Columns that no row has are left out; figures that are no numbers are empty. */
function table(rows: readonly Row[], kind: keyof typeof alwaysThere): string {
  const known: readonly string[] = alwaysThere[kind];
  const others = new Set(rows.flatMap((row) => Object.keys(row).filter((key) => row[key] !== undefined)));
  const columns = [...known, ...[...others].filter((key) => !known.includes(key)).sort()];
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function cell(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

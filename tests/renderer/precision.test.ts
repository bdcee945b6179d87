/** The precision setting in the window: what the device cannot do is refused before a run starts, with the reason. */
import { expect, test } from 'vitest';
import { makeApp, settled } from './support';

const choose = (app: ReturnType<typeof makeApp>['app'], value: string) =>
  app.documents.execute({ kind: 'setTraining', setting: 'precision', value });

test('a precision that the device lacks keeps training from starting, and says why', async () => {
  const { app } = makeApp();
  choose(app, 'bf16');
  // Before an engine has said what it computes on nothing is refused.
  expect(app.startRefusal).toBeUndefined();
  await app.run.warmUp();
  await settled();
  expect(app.documents.possiblePrecisions).toEqual(['fp32']);
  expect(app.startRefusal).toContain('bf16');
  expect(app.documents.settingProblems).toMatchObject([
    { code: 'run/precision-not-possible', param: 'precision', args: { precision: 'bf16' } },
  ]);
  choose(app, 'fp32');
  expect(app.startRefusal).toBeUndefined();
});

test('one that it has is accepted', async () => {
  const { app, engines } = makeApp();
  engines.precisions = ['fp32', 'bf16'];
  choose(app, 'bf16');
  await app.run.warmUp();
  await settled();
  expect(app.startRefusal).toBeUndefined();
  expect(app.documents.settingProblems).toEqual([]);
});

/** What can be measured on this machine, and what cannot, with the reason. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { datasetOf } from '@shared/datasets';
import { absenceTexts } from '@shared/texts/bench';
import type { Precision } from '@shared/training/precision';
import { required } from '@shared/util/assert';
import type { Context } from '../context';
import { datasetDirectories } from '../engine-link';
import type { Plan } from './contestants';
import type { Task } from './measures';
import type { BenchPrecision, PeerFramework } from './networks';
import { askPeer, peerVersions } from './peer-process';
import type { Missing } from './report';
import type { BenchRequest } from './request';

export interface Availability {
  readonly peers: readonly PeerFramework[];
  readonly precisions: readonly BenchPrecision[];
  readonly tasks: readonly Task[];
  readonly data: Plan['data'];
  /** Of the peers' packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly Missing[];
}

/** Keras and PyTorch by the packages of which each needs one. */
const packages: Readonly<Partial<Record<PeerFramework, readonly (readonly string[])[]>>> = {
  keras: [['keras'], ['tensorflow-cpu', 'tensorflow']],
  pytorch: [['torch']],
};

/** `possible` are the precisions in which our engine computes on this machine. */
export async function findAvailable(
  context: Context,
  request: BenchRequest,
  programs: string,
  possible: readonly Precision[],
): Promise<Availability> {
  const python = await examinePython(request, programs);
  const peers = request.peers.map((peer) => ({ peer, reason: peerAbsence(context, peer, python, programs) }));
  const precisions = request.precisions.map((name) => ({
    name,
    reason: possible.includes(name) ? undefined : context.text(absenceTexts.noBf16),
  }));
  const folder = datasetDirectories()['fashion-mnist'];
  const noEpoch = folder === undefined && request.tasks.includes('epoch');
  const missing: Missing[] = [
    ...peers.flatMap(({ peer, reason }) => (reason === undefined ? [] : [{ what: peer, reason }])),
    ...precisions.flatMap(({ name, reason }) => (reason === undefined ? [] : [{ what: name, reason }])),
    ...(noEpoch ? [{ what: 'epoch', reason: context.text(absenceTexts.noDataset) }] : []),
  ];
  return {
    peers: peers.filter(({ reason }) => reason === undefined).map(({ peer }) => peer),
    precisions: precisions.filter(({ reason }) => reason === undefined).map(({ name }) => name),
    tasks: request.tasks.filter((task) => task !== 'epoch' || !noEpoch),
    data: trainingFiles(folder ?? ''),
    versions: python.versions,
    missing,
  };
}

interface Python {
  readonly path?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly failure?: string;
}

async function examinePython({ python, peers }: BenchRequest, programs: string): Promise<Python> {
  const isWanted = peers.some((peer) => packages[peer] !== undefined);
  if (python === undefined || !isWanted || !existsSync(programs)) return { versions: {} };
  const answer = await askPeer(python, [join(programs, 'peers.py'), 'versions'], peerVersions);
  return answer.ok
    ? { path: python, versions: answer.value.figures }
    : { path: python, versions: {}, failure: answer.error };
}

/** Why a peer cannot take part; undefined when it can. */
function peerAbsence(
  context: Context,
  peer: PeerFramework,
  { path, versions, failure }: Python,
  programs: string,
): string | undefined {
  if (!existsSync(programs)) return context.text(absenceTexts.noPrograms, { path: programs });
  const needed = packages[peer];
  if (needed === undefined) return undefined;
  if (path === undefined) return context.text(absenceTexts.noPython);
  if (failure !== undefined)
    return context.text(absenceTexts.brokenPython, { python: path, reason: failure });
  const absent = needed.find((choices) => choices.every((name) => versions[name] === undefined));
  return absent && context.text(absenceTexts.noPackage, { python: path, package: absent[0] ?? '' });
}

function trainingFiles(folder: string): Plan['data'] {
  const { images, labels } = required(datasetOf('fashion-mnist'), 'Fashion-MNIST').files.train;
  return { images: join(folder, images.file), labels: join(folder, labels.file) };
}

/** Whole exports for tests: from a document or a run folder to files, as the command line and the app do it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request } from '@shared/ipc/contract';
import type { EngineContract } from '@shared/ipc/engine.contract';
import type { ExportProgress, ExportReply } from '@shared/ipc/export-messages';
import type { JsonObject } from '@shared/util/json';
import { ExportJob } from '../../src-main/engine/export/export-job';
import { configuration, testRuntime, testSources } from './support';

export interface ExportRequest {
  readonly target: string;
  /** A document as saved, or a run folder. */
  readonly document?: string;
  readonly run?: string;
  readonly path: string;
  readonly options?: JsonObject;
  readonly check?: boolean;
  readonly overwrite?: boolean;
  readonly selection?: string[];
  readonly locale?: Request<EngineContract, 'exportModel'>['locale'];
  readonly onProgress?: (progress: ExportProgress, job: ExportJob) => void;
}

/** Runs the job in this process. */
export async function exportFor(request: ExportRequest): Promise<ExportReply> {
  const { target, document, run = null, path, options = {}, check = false, overwrite = false } = request;
  const source =
    document === undefined ? { kind: 'run' as const } : { kind: 'document' as const, text: document };
  const job: ExportJob = new ExportJob({
    request: {
      ...{ target, options, source, check, name: 'test', locale: request.locale ?? 'en' },
      ...(request.selection && { selection: request.selection }),
    },
    configuration: { ...configuration(run), exportTo: { path, staging: `${path}.staging`, overwrite } },
    runtime: async () => ({ ok: true, value: await testRuntime() }),
    sources: testSources,
    onProgress: (progress) => request.onProgress?.(progress, job),
  });
  return job.run();
}

/** The same, where anything but files is a failed test. */
export async function exported(request: ExportRequest): Promise<Extract<ExportReply, { kind: 'written' }>> {
  const reply = await exportFor(request);
  if (reply.kind !== 'written') throw new Error(JSON.stringify(reply));
  return reply;
}

/** A folder for the exports of a test file; the function names a path in it. */
export class ExportFolder {
  readonly root = mkdtempSync(join(tmpdir(), 'layerloom-exports-'));

  path(name: string): string {
    return join(this.root, name);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

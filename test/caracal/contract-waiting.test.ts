import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, worldOf } from './support-world';

/**
 * The waiting container of auth-migrate runs a shell program. Here it runs with stand-ins for psql, cat and sleep, so
 * that what it does is tested and not how it is written (caracal.md 7: auth-migrate must run after migrate).
 */
const [shell = '', flag = '', program = ''] =
  build(worldOf('production')).emitted.pod('auth-migrate')?.pod.initContainers?.[0]?.command ?? [];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waiting-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function standIn(name: string, text: string): void {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** Runs the program with a psql that fails a number of times, and says how it ended and how often psql was asked. */
function run(failures: number): { status: number | null; asked: number; passwords: Set<string>; stderr: string } {
  standIn('cat', 'echo the-password');
  standIn('sleep', ':');
  standIn(
    'psql',
    `echo "$PGPASSWORD" >> "${folder}/asked"\n[ "$(wc -l < "${folder}/asked")" -gt ${failures} ] || { echo refused >&2; exit 2; }`,
  );
  const { status, stderr } = spawnSync(shell, [flag, program], {
    env: { PATH: `${folder}:${process.env.PATH ?? ''}` },
    encoding: 'utf8',
  });
  const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  return { status, asked: asked.length, passwords: new Set(asked), stderr };
}

test('it ends well at once when the role can log in', () => {
  expect(run(0)).toMatchObject({ status: 0, asked: 1 });
});

test('it asks again while the migration has not run, with the password of the mounted file', () => {
  const { status, asked, passwords } = run(7);
  expect(status).toBe(0);
  expect(asked).toBe(8);
  expect([...passwords]).toEqual(['the-password']);
});

test('it gives up with an error that says why, so that the Job tries again and its log tells', () => {
  const { status, stderr } = run(100_000);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/could not log in/);
  expect(stderr).toMatch(/refused/);
});

test('all attempts together fit into the deadline of the Job', () => {
  const { emitted } = build(worldOf('production'));
  const view = emitted.pod('auth-migrate');
  const timeout = Number(view?.pod.initContainers?.[0]?.env?.find(({ name }) => name === 'PGCONNECT_TIMEOUT')?.value);
  const pause = Number(/sleep (\d+)/.exec(program)?.[1]);
  const { asked } = run(100_000);
  expect(asked * (timeout + pause)).toBeLessThan(Number(view?.workload.spec.activeDeadlineSeconds));
});

test('all attempts of the migration fit into its deadline too', () => {
  const view = build(worldOf('production')).emitted.pod('migrate');
  const value = (name: string) => Number(view?.main.env?.find((each) => each.name === name)?.value);
  const seconds =
    value('MIGRATION_CONNECT_RETRIES') * (value('PGCONNECT_TIMEOUT') + value('MIGRATION_CONNECT_SLEEP_SECONDS'));
  expect(seconds).toBeLessThan(Number(view?.workload.spec.activeDeadlineSeconds));
});

test('a volume of the user cannot take the place of the one with the password', () => {
  const volume = { name: 'role-password', emptyDir: {} };
  const refused = () =>
    build(worldOf('production'), { authMigration: { volumes: [{ volume, mountPath: '/scratch' }] } });
  expect(refused).toThrow(/workload\/volume-taken/);
});

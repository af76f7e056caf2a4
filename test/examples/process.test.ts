import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES, filesOf, ROOT, run } from './process';

// Below the project, so that packages are found; removed afterwards.
const folder = mkdtempSync(join(ROOT, 'test', 'examples', '.run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACES = [
  { name: 'here', env: { TZ: 'UTC', LANG: 'C' } },
  {
    name: 'elsewhere',
    env: {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      NODE_ENV: 'production',
      HOME: '/nonexistent',
    },
  },
] as const;

/** A program with mistakes; it writes into the folder `dist` when it gets that far. */
function broken(name: string, props: string): { readonly file: string; readonly outdir: string } {
  const file = join(folder, `${name}.ts`);
  const outdir = join(folder, `${name}-dist`);
  writeFileSync(
    file,
    `import { App, Chart, ApiObject } from 'cdk8s';
import { Scaling, SecretSource } from 'cdk8s-selfhosted';
import { CaracalStack } from 'cdk8s-selfhosted/caracal';
const app = new App({ outdir: ${JSON.stringify(outdir)} });
new ApiObject(new Chart(app, 'first'), 'map', { apiVersion: 'v1', kind: 'ConfigMap' });
void Scaling;
new CaracalStack(app, 'caracal', { profile: 'dev', namespace: 'caracal', secrets: SecretSource.derivedForDev('a passphrase'), ${props} });
app.synth();
`,
  );
  return { file, outdir };
}

describe('examples as programs', () => {
  it.each(EXAMPLES)(
    '%s gives the same bytes in another process, time zone, locale and folder',
    (example) => {
      const results = PLACES.map(({ name, env }) => {
        const outdir = join(folder, `${example}-${name}`);
        const cwd = name === 'here' ? ROOT : join(ROOT, 'examples', example);
        mkdirSync(outdir, { recursive: true });
        const { status, stderr } = run(join(ROOT, 'examples', example, 'main.ts'), {
          cwd,
          env: { ...env, CDK8S_OUTDIR: outdir },
        });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        return filesOf(outdir);
      });
      expect(results[1]).toEqual(results[0]);
      expect(Object.values(results[0] ?? {}).join('').length).toBeGreaterThan(10_000);
    },
    120_000,
  );
});

describe('a program with a mistake', () => {
  it.each([
    ['a property', 'instance: "Not A Name"', 'stack/invalid-instance'],
    ['what only the finished tree shows', 'sts: { env: { CARACAL_MODE: "stable" } }', 'caracal/forbidden-env'],
  ])(
    'in %s ends with the report on stderr, another exit code than 0, and nothing on disk',
    (name, props, id) => {
      const { file, outdir } = broken(name.replaceAll(' ', '-'), props);
      const { status, stderr } = run(file);
      expect(status).not.toBe(0);
      expect(stderr).toContain(id);
      expect(stderr).toContain('Fix: ');
      expect(existsSync(outdir) ? readdirSync(outdir) : []).toEqual([]);
    },
    60_000,
  );

  it('made right ends with 0 and writes both charts, so the test above sees the refusal and nothing else', () => {
    const { file, outdir } = broken('right', 'instance: "platform"');
    const { status, stderr } = run(file);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(outdir)).toHaveLength(2);
  }, 60_000);
});

// CommonJS: load, synthesise a platform, and tell which packages that took.
const { mkdtempSync, readFileSync, readdirSync } = require('node:fs');
const { join, sep } = require('node:path');
const main = require('cdk8s-selfhosted');
const caracal = require('cdk8s-selfhosted/caracal');
const { App } = require('cdk8s');

const outdir = mkdtempSync(join(__dirname, 'out-'));
const app = new App({ outdir });
new caracal.CaracalStack(app, 'caracal', {
  profile: 'dev',
  namespace: 'caracal',
  secrets: main.SecretSource.derivedForDev('a passphrase that is long enough'),
});
app.synth();

const manifests = readdirSync(outdir)
  .map((file) => readFileSync(join(outdir, file), 'utf8'))
  .join('\n');
const packages = Object.keys(require.cache)
  .map((file) => file.split(`${sep}node_modules${sep}`).at(-1).split(sep))
  .map(([scope, name]) => (scope.startsWith('@') ? `${scope}/${name}` : scope));
process.stdout.write(
  JSON.stringify({
    main: Object.keys(main).sort(),
    caracal: Object.keys(caracal).sort(),
    kinds: [...manifests.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind),
    packages: [...new Set(packages)].sort(),
  }),
);
